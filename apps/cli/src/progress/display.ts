import type { Style } from '../output/style.ts';
import { printable } from '../output/text.ts';
import { type Detail, renderRuns, runLine, taskLine } from './render.ts';
import { isOver, type RunEvent, type RunProgress, Tracker } from './tracker.ts';

/** Shows runs while they are under way. */
export interface Display {
  /** Names a run that may have begun before anyone listened. */
  expect(run: { readonly id: string; readonly name: string }): void;
  handle(event: RunEvent): void;
  /** Leaves the last picture on the screen. */
  stop(): void;
}

export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

const FRAME_MS = 100;
/** Width of lines in a file or pipe: notes are kept whole, or nearly. */
const PLAIN_WIDTH = 400;
/** Task names differ in length; lines that are written one by one can't know the longest. */
const PLAIN_NAME_WIDTH = 20;
const PLAIN_CHILD_WIDTH = 32;

/** On a terminal one picture is redrawn; elsewhere each change is a line of its own. */
export function createDisplay(screen: Screen, style: Style, detail: Detail): Display {
  return screen.isTTY === true && screen.columns !== undefined && screen.columns >= 40
    ? liveDisplay(screen, style, detail)
    : plainDisplay(screen, style, detail);
}

/** Nothing is shown. */
export const silentDisplay: Display = { expect: () => undefined, handle: () => undefined, stop: () => undefined };

function liveDisplay(screen: Screen, style: Style, detail: Detail): Display {
  const tracker = new Tracker();
  let drawn = 0;
  let frame = 0;
  const draw = (last: boolean): void => {
    const width = screen.columns ?? 80;
    const lines = renderRuns(tracker.runs, {
      detail,
      style,
      now: Date.now(),
      width,
      ...(last ? {} : { frame: frame++ }),
    })
      // What has scrolled off the top can't be redrawn.
      .slice(last ? 0 : -Math.max(1, (screen.rows ?? 24) - 1));
    const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
    screen.write(`${up}\r\u001b[J${lines.map((text) => `${text}\n`).join('')}`);
    drawn = lines.length;
  };
  const timer = setInterval(() => draw(false), FRAME_MS);
  return {
    expect: (run) => tracker.expect(run, new Date()),
    handle: (event) => tracker.apply(event),
    stop: () => {
      clearInterval(timer);
      draw(true);
    },
  };
}

function plainDisplay(screen: Screen, style: Style, detail: Detail): Display {
  const tracker = new Tracker();
  const write = (text: string): void => void screen.write(`${text}\n`);
  const view = () => ({ detail, style, now: Date.now(), width: PLAIN_WIDTH });

  const onRun = (run: RunProgress): void => {
    const shown = isOver(run.state);
    if (run.parentId !== undefined) {
      if (detail === 'tasks' && shown) write(runLine(run, PLAIN_CHILD_WIDTH, view()));
      return;
    }
    if (detail === 'runs' && shown) for (const text of renderRuns([run], view())) write(text);
    if (detail === 'tasks' && run.state.type === 'RUNNING') write(style.bold(run.name));
  };

  return {
    expect: (run) => tracker.expect(run, new Date()),
    handle: (event) => {
      tracker.apply(event);
      const run = tracker.run(event.flowRunId);
      if (event.type === 'flow_run' && run) onRun(run);
      // A child run has one line, in its parent's place for a task.
      const child = run?.parentId !== undefined;
      if (event.type === 'task_run' && detail === 'tasks' && !child && isOver(event.state)) {
        const task = run?.tasks.get(event.dynamicKey);
        // A failure has been said by the log.
        if (task) write(taskLine(event.error ? { ...task, note: '' } : task, PLAIN_NAME_WIDTH, view()));
      }
      // Where each run has one line, that line says the error.
      if (
        event.type === 'log' &&
        (event.level === 'warn' || (event.level === 'error' && detail === 'tasks' && !child))
      ) {
        const names = [detail === 'runs' || child ? run?.name : undefined, tracker.taskOf(event)?.name];
        const source = names.filter((name) => name !== undefined).join(' ');
        write(`  ${style.yellow(event.level)}  ${source === '' ? '' : `${source}: `}${printable(event.message)}`);
      }
    },
    stop: () => undefined,
  };
}
