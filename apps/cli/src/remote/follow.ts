import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, FlowRun, FlowRunDetail, RunEvent, TaskRunDetail } from '@champion/contract';
import type { Cli } from '../cli.ts';
import type { Interruption } from '../interruption.ts';
import { createDisplay, type Display, silentDisplay } from '../progress/display.ts';
import type { Detail } from '../progress/render.ts';
import { isOver, type RunEvent as Shown } from '../progress/tracker.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import { outcomeOfRun } from '../runs/view.ts';

/** How often the run's own record is asked, whatever the stream says or loses. */
const POLL_MS = 1_000;

/**
 * Shows a run that the server has until it has ended.
 * @param options.detail undefined: nothing is shown
 * @param options.cancel Ctrl-C cancels the run, which then ends by itself; otherwise it only stops watching
 */
export async function followRun(
  cli: Cli,
  client: Client,
  run: Pick<FlowRun, 'id' | 'name'>,
  options: { detail: Detail | undefined; interruption: Interruption; cancel: boolean },
): Promise<RunOutcome> {
  const { detail, interruption, cancel } = options;
  const display = detail === undefined ? silentDisplay : createDisplay(cli.stderr, cli.err, detail);
  display.expect(run);
  const onInterrupt = (): void => {
    // The run's outcome tells what came of it; a run that has just ended can't be cancelled any more.
    client
      .cancelFlowRun({ params: { id: run.id }, body: { reason: 'stopped from the keyboard' } })
      .catch(() => undefined);
  };
  const shown = show(client, run.id, display);
  try {
    const ended = shown.ended;
    return outcomeOfRun(await (cancel ? interruption.handledBy(onInterrupt, ended) : interruption.race(ended)));
  } finally {
    await shown.stop();
    display.stop();
  }
}

/** Hands what happens in a run to a display. */
function show(client: Client, id: string, display: Display): { ended: Promise<FlowRunDetail>; stop(): Promise<void> } {
  const over = new AbortController();
  const seen = new Seen(id, display);
  const { signal } = over;
  const listening = listen(client, id, seen, signal);
  let streaming = listening;
  const ended = (async () => {
    for (;;) {
      const run = await client.readFlowRun({ params: { id }, signal });
      const done = isOver({ type: run.state_type ?? '', name: '' });
      if (done || seen.isNew) seen.catchUp(await client.listFlowRunTasks({ params: { id }, signal }));
      if (done) {
        over.abort();
        await listening;
        seen.end(run);
        return run;
      }
      // The stream ends when the run has: then the record is looked at once, and after that only from time to time.
      await Promise.race([streaming, sleep(POLL_MS, undefined, { signal }).catch(() => undefined)]);
      if (seen.streamEnded) streaming = new Promise(() => undefined);
    }
  })();
  ended.catch(() => undefined);
  return {
    ended,
    stop: async () => {
      over.abort();
      await listening;
    },
  };
}

/** Never throws: what is wrong with the server is said by the polls of the record. */
async function listen(client: Client, id: string, seen: Seen, signal: AbortSignal): Promise<void> {
  try {
    for await (const event of client.streamEvents({ query: { flow_run_id: id }, signal })) seen.event(event);
  } catch {
    // Without the stream the display has what the polls bring.
  } finally {
    seen.streamEnded = true;
  }
}

/** What a display has been told, so that nothing is told twice and nothing is left out. */
class Seen {
  /** True until the tasks that began before the stream did are told. */
  isNew = true;
  streamEnded = false;
  readonly #id: string;
  readonly #display: Display;
  readonly #tasks = new Set<string>();
  #state = '';

  constructor(id: string, display: Display) {
    this.#id = id;
    this.#display = display;
  }

  event(event: RunEvent): void {
    const shown = shownEvent(event, this.#id);
    if (event.type === 'flow_run' && event.flow_run_id === this.#id) {
      // The end is told from the record, when all the rest has been.
      if (isOver(event.state) || this.#state === event.state.name) return;
      this.#state = event.state.name;
    }
    if (event.type === 'task_run') this.#tasks.add(`${event.task_run_id} ${event.state.type}`);
    this.#display.handle(shown);
  }

  catchUp(tasks: readonly TaskRunDetail[]): void {
    this.isNew = false;
    for (const task of tasks) {
      if (this.#tasks.has(`${task.id} ${task.state_type}`)) continue;
      this.#tasks.add(`${task.id} ${task.state_type}`);
      this.#display.handle(taskEvent(task, this.#id));
    }
  }

  end(run: FlowRunDetail): void {
    if (run.start_time !== null && this.#state === '')
      this.#flowRun(run, { type: 'RUNNING', name: 'Running' }, run.start_time);
    const message = run.state?.message;
    const state = { type: run.state_type ?? '', name: run.state_name ?? '', ...(message ? { message } : {}) };
    this.#flowRun(run, state, run.end_time ?? run.updated);
  }

  #flowRun(run: FlowRunDetail, state: { type: string; name: string; message?: string }, at: string): void {
    const { id: flowRunId, flow_name: flowName, name } = run;
    this.#display.handle({ type: 'flow_run', flowRunId, flowName, name, state: state as ShownState, at: new Date(at) });
  }
}

type ShownState = Extract<Shown, { type: 'flow_run' }>['state'];

/** An event as the engine of this process would tell it. */
function shownEvent(event: RunEvent, root: string): Shown {
  const { flow_run_id: flowRunId, flow_name: flowName, run_name: name } = event;
  const at = new Date(event.at);
  if (event.type === 'log') {
    const { level, message, task_run_id } = event;
    return { type: 'log', flowRunId, at, level, message, ...(task_run_id === null ? {} : { taskRunId: task_run_id }) };
  }
  const { message, ...rest } = event.state;
  const state = { ...rest, ...(message === null ? {} : { message }) } as ShownState;
  if (event.type === 'flow_run') {
    const child = root === flowRunId ? {} : { parentFlowRunId: root };
    return { type: 'flow_run', flowRunId, flowName, name, state, at, ...child };
  }
  const { task_run_id: taskRunId, task_name, task_key: dynamicKey, attempt } = event;
  return { type: 'task_run', flowRunId, taskRunId, name: task_name, dynamicKey, attempt, state, at };
}

function taskEvent(task: TaskRunDetail, flowRunId: string): Shown {
  const began = task.start_time ?? task.created;
  const { error } = task;
  return {
    type: 'task_run',
    flowRunId,
    taskRunId: task.id,
    name: task.name,
    dynamicKey: task.task_key,
    attempt: task.run_count,
    state: { type: task.state_type ?? 'PENDING', name: task.state_name ?? 'Pending' },
    at: new Date(task.end_time ?? began),
    ...(task.end_time === null ? {} : { durationMs: Date.parse(task.end_time) - Date.parse(began) }),
    ...(error ? { error: { retry: 'never', context: {}, ...error } } : {}),
  } as Shown;
}
