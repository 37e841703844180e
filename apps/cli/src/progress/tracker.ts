import type { Engine } from '@champion/server';
import type { RunState } from './marks.ts';

export type RunEvent = Parameters<Parameters<Engine['events']['subscribe']>[0]>[0];

export interface TaskProgress {
  readonly name: string;
  state: RunState;
  /** Epoch milliseconds of the first attempt. */
  readonly startedAt: number;
  durationMs: number | undefined;
  attempt: number;
  /** True when the task had finished before a crash and did not run again. */
  replayed: boolean;
  /** The last thing it said. */
  note: string;
}

export interface RunProgress {
  readonly id: string;
  readonly name: string;
  state: RunState;
  readonly startedAt: number;
  durationMs: number | undefined;
  note: string;
  /** The run that this one is a child of. */
  parentId: string | undefined;
  /** By dynamic key, in the order they began. */
  readonly tasks: Map<string, TaskProgress>;
}

const TERMINAL = ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'];

export function isOver(state: RunState): boolean {
  return TERMINAL.includes(state.type);
}

/** Turns the engine's events into what a display shows. */
export class Tracker {
  readonly #runs = new Map<string, RunProgress>();
  readonly #taskKeys = new Map<string, string>();

  get runs(): readonly RunProgress[] {
    return [...this.#runs.values()];
  }

  run(id: string): RunProgress | undefined {
    return this.#runs.get(id);
  }

  /** Makes a run known that may have begun before anyone listened. */
  expect(run: { readonly id: string; readonly name: string }, at: Date): void {
    this.#known(run.id, run.name, at);
  }

  apply(event: RunEvent): void {
    if (event.type === 'flow_run') this.#flowRun(event);
    else if (event.type === 'task_run') this.#taskRun(event);
    else this.#log(event);
  }

  /** The task a log line belongs to. */
  taskOf(event: Extract<RunEvent, { type: 'log' }>): TaskProgress | undefined {
    const key = event.taskRunId === undefined ? undefined : this.#taskKeys.get(event.taskRunId);
    return key === undefined ? undefined : this.#runs.get(event.flowRunId)?.tasks.get(key);
  }

  #flowRun(event: Extract<RunEvent, { type: 'flow_run' }>): void {
    const run = this.#known(event.flowRunId, event.name, event.at);
    run.parentId = event.parentFlowRunId;
    run.state = event.state;
    if (event.state.message !== undefined) run.note = event.state.message;
    if (isOver(event.state)) run.durationMs = event.at.getTime() - run.startedAt;
  }

  #taskRun(event: Extract<RunEvent, { type: 'task_run' }>): void {
    const run = this.#known(event.flowRunId, event.flowRunId.slice(0, 8), event.at);
    this.#taskKeys.set(event.taskRunId, event.dynamicKey);
    let task = run.tasks.get(event.dynamicKey);
    if (!task) {
      const startedAt = event.at.getTime();
      task = {
        name: event.name,
        state: event.state,
        startedAt,
        durationMs: undefined,
        attempt: 1,
        replayed: false,
        note: '',
      };
      run.tasks.set(event.dynamicKey, task);
    }
    task.state = event.state;
    task.attempt = event.attempt;
    task.replayed = event.replayed === true;
    if (event.error) task.note = event.error.message;
    if (isOver(event.state)) task.durationMs = event.durationMs ?? event.at.getTime() - task.startedAt;
  }

  #log(event: Extract<RunEvent, { type: 'log' }>): void {
    const task = this.taskOf(event);
    const run = this.#runs.get(event.flowRunId);
    if (event.level === 'debug') return;
    if (task) task.note = event.message;
    else if (run) run.note = event.message;
  }

  #known(id: string, name: string, at: Date): RunProgress {
    const known = this.#runs.get(id);
    if (known) return known;
    const run: RunProgress = {
      id,
      name,
      state: { type: 'PENDING', name: 'Pending' },
      startedAt: at.getTime(),
      durationMs: undefined,
      note: '',
      parentId: undefined,
      tasks: new Map(),
    };
    this.#runs.set(id, run);
    return run;
  }
}
