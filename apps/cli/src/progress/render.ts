import type { Style } from '../output/style.ts';
import { duration, padEnd, padStart, printable, truncate, widthOf } from '../output/text.ts';
import { markOf, wordOf, wordsOf } from './marks.ts';
import { isOver, type RunProgress, type TaskProgress } from './tracker.ts';

/** tasks: each task of a run on a line; runs: each run on a line, with what it is doing. */
export type Detail = 'tasks' | 'runs';

export interface View {
  readonly detail: Detail;
  readonly style: Style;
  /** Epoch milliseconds, for what is still under way. */
  readonly now: number;
  /** Turns the mark of what is under way; left out, it stands still. */
  readonly frame?: number;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The state of runs as lines no wider than the terminal. */
export function renderRuns(runs: readonly RunProgress[], view: View): string[] {
  if (view.detail === 'tasks') return runs.flatMap((run) => [view.style.bold(run.name), ...taskLines(run, view)]);
  const nameWidth = widest(runs.map(({ name }) => name));
  return runs.map((run) => runLine(run, nameWidth, view));
}

function taskLines(run: RunProgress, view: View): string[] {
  const tasks = [...run.tasks.values()];
  const nameWidth = widest(tasks.map(({ name }) => name));
  return tasks.map((task) => taskLine(task, nameWidth, view));
}

export function taskLine(task: TaskProgress, nameWidth: number, view: View): string {
  const word = task.replayed && task.state.type === 'COMPLETED' ? 'Completed before' : stateText(task);
  return line(
    task.state,
    padEnd(task.name, nameWidth),
    padEnd(word, 10),
    task.replayed ? '' : duration(task.durationMs ?? Math.max(0, view.now - task.startedAt)),
    task.note,
    view,
  );
}

function runLine(run: RunProgress, nameWidth: number, view: View): string {
  const current = [...run.tasks.values()].findLast((task) => !isOver(task.state));
  const over = isOver(run.state);
  const doing = current ? `${current.name}${current.attempt > 1 ? `, attempt ${current.attempt}` : ''}` : '';
  const elapsed = duration(run.durationMs ?? Math.max(0, view.now - run.startedAt));
  return line(
    run.state,
    padEnd(run.name, nameWidth),
    padEnd(wordsOf(run.state.name), 10),
    elapsed,
    over ? run.note : doing,
    view,
  );
}

function line(
  state: TaskProgress['state'],
  name: string,
  word: string,
  elapsed: string,
  note: string,
  view: View,
): string {
  const coloured = wordOf(state, view.style);
  const plain = wordsOf(state.name);
  const styledWord = word.startsWith(plain) ? coloured + word.slice(plain.length) : word;
  const head = `  ${markOf(state, view.style, view.frame)} ${name}  ${styledWord}  ${padStart(elapsed, 8)}`;
  const room = view.width - 1 - widthOf(head) - 2;
  return note === '' || room < 8 ? head.trimEnd() : `${head}  ${view.style.dim(truncate(printable(note), room))}`;
}

function stateText(task: TaskProgress): string {
  const word = wordsOf(task.state.name);
  return task.attempt > 1 && !isOver(task.state) ? `${word} (attempt ${task.attempt})` : word;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(widthOf));
}
