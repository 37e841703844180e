import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import { ChampionError, type Clock } from '@champion/core';
import type { OpenBlock } from './blocks/open-block.ts';
import { Redaction } from './blocks/redaction.ts';
import type { EngineEvents } from './events.ts';
import type { FlowRunOutcome } from './outcome.ts';
import type { FlowRunIdentity, RunRecords, TaskHistory } from './records/run-records.ts';
import type { RunLog, RunLogger } from './run-log.ts';

/** What the engine does for the runs in it. */
export interface RunHost {
  readonly records: RunRecords;
  readonly events: EngineEvents;
  readonly clock: Clock;
  readonly runLog: RunLog;
  hasFlow(name: string): boolean;
  outcomeOf(flowRunId: string): Promise<FlowRunOutcome>;
  cancel(flowRunId: string, reason: string): Promise<boolean>;
  /** Has a rule tell of the state that a run is in. @returns whether there is such a rule */
  alert(flowRunId: string, rule: string | undefined): Promise<boolean>;
  /** What a block holds, by "slack-webhook/ops". */
  openBlock(reference: string): Promise<OpenBlock>;
}

/**
 * Why the work of a run in this process stops: it was cancelled; it is over, and what still runs is cut off; the engine
 * stops and the next start resumes it; or another process has taken it over.
 */
export type StopKind = 'cancelled' | 'ended' | 'suspended' | 'lost';

/** A flow run at work in this process. */
export class FlowRun {
  readonly host: RunHost;
  readonly id: string;
  readonly name: string;
  readonly flowName: string;
  readonly parentFlowRunId: string | undefined;
  readonly log: RunLogger;
  /** Of the secrets that the run has read. */
  readonly redaction = new Redaction();
  /** What earlier processes did of each task, by dynamic key. */
  history: ReadonlyMap<string, TaskHistory> = new Map();

  readonly #controller = new AbortController();
  readonly #stopped: Promise<never>;
  #stopKind: StopKind | undefined;
  readonly #calls = new Map<string, number>();
  readonly #taskOfResult = new WeakMap<object, string>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #bodies = new Set<Promise<unknown>>();

  constructor(host: RunHost, identity: FlowRunIdentity) {
    this.host = host;
    this.id = identity.id;
    this.name = identity.name;
    this.flowName = identity.flowName;
    this.parentFlowRunId = identity.parentFlowRunId;
    this.log = host.runLog.logger(identity.id, undefined, this.redaction);
    // Every task under way listens.
    setMaxListeners(0, this.signal);
    this.#stopped = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
    });
    this.#stopped.catch(() => undefined);
  }

  /** Fires when the work in this process must stop, for whichever reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get stopKind(): StopKind | undefined {
    return this.#stopKind;
  }

  /** Stops tasks, waits and the flow itself. The first reason holds. */
  stop(kind: StopKind, reason: Error): void {
    if (this.#stopKind !== undefined) return;
    this.#stopKind = kind;
    this.#controller.abort(reason);
  }

  /** `work`, or the reason to stop if that comes first. */
  orStopped<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#stopped]);
  }

  /**
   * The end of a call in a stopped run: the reason, thrown. In a suspended run nothing may happen any more, not even that:
   * neither a result nor an error may reach the database, where the next start must find the run as it was.
   */
  async halt(): Promise<never> {
    if (this.#stopKind === 'suspended') return new Promise(() => undefined);
    throw this.signal.reason;
  }

  /**
   * The identity of a call within the run: name and call index. A replay makes the same calls in the same order, so they
   * get the same keys; it must be taken synchronously for that.
   */
  nextKey(name: string): string {
    const index = this.#calls.get(name) ?? 0;
    this.#calls.set(name, index + 1);
    return `${name}-${index}`;
  }

  /** Notes which task made a result, so that passing it on can be seen. */
  remember(result: unknown, taskRunId: string): void {
    if (typeof result === 'object' && result !== null) this.#taskOfResult.set(result, taskRunId);
  }

  /** The tasks whose results are in an input: the input itself, an item of it, or a property. */
  parentsOf(input: unknown): string[] {
    if (typeof input !== 'object' || input === null) return [];
    const parents = [input, ...Object.values(input)].map((value: unknown) =>
      typeof value === 'object' && value !== null ? this.#taskOfResult.get(value) : undefined,
    );
    return [...new Set(parents.filter((parent) => parent !== undefined))];
  }

  /** Counts a task or child among what must be over before the run is. */
  track<T>(call: Promise<T>): Promise<T> {
    hold(this.#pending, call);
    return call;
  }

  /** Counts the user's code of an attempt, which goes on for a while after its attempt is given up. */
  trackBody(body: Promise<unknown>): void {
    hold(this.#bodies, body);
  }

  /** Resolves when no task or child is under way, awaited by the flow or not. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }

  async bodiesSettled(): Promise<void> {
    while (this.#bodies.size > 0) await Promise.allSettled(this.#bodies);
  }
}

function hold(set: Set<Promise<unknown>>, promise: Promise<unknown>): void {
  set.add(promise);
  const drop = () => set.delete(promise);
  promise.then(drop, drop);
}

export function cancelledError(runName: string, reason: string): ChampionError {
  return new ChampionError(`Run ${runName} was cancelled: ${reason}`, { code: 'CANCELLED', context: { run: runName } });
}

interface Surroundings {
  readonly run: FlowRun;
  /** The task whose code is running. */
  readonly task?: { readonly name: string; readonly runId: string };
}

const storage = new AsyncLocalStorage<Surroundings | undefined>();

/** Runs code as part of a flow run, or of a task of it, or (undefined) of none. */
export function runWithin<T>(surroundings: Surroundings | undefined, work: () => T): T {
  return storage.run(surroundings, work);
}

/**
 * Makes a call from the function of a flow: of a task, or of another flow. The run waits for it even if the flow does not.
 * Rejects with ChampionError INVALID_INPUT when the caller is not a flow.
 */
export function callFromFlow<T>(callee: string, call: (run: FlowRun) => Promise<T>): Promise<T> {
  const found = storage.getStore();
  if (found === undefined) {
    return refuse(
      `${callee} was called outside a flow`,
      'Tasks and child flows can only be called from the function of a flow; start a flow with engine.run().',
    );
  }
  if (found.task !== undefined) {
    return refuse(
      `${callee} was called inside the task ${found.task.name}`,
      'Only the function of a flow may call tasks and flows; share plain functions between tasks instead.',
    );
  }
  return found.run.track(call(found.run));
}

/** The run, and the task if any, whose code is running. @throws ChampionError INVALID_INPUT when there is none */
export function currentCall(what: string): { readonly run: FlowRun; readonly taskRunId: string | undefined } {
  const found = storage.getStore();
  if (found !== undefined) return { run: found.run, taskRunId: found.task?.runId };
  throw new ChampionError(`${what} was left outside a flow`, {
    code: 'INVALID_INPUT',
    hint: 'Only the function of a flow and its tasks can leave artifacts: they belong to a run.',
  });
}

/** The run whose task's code is running. @throws ChampionError INVALID_INPUT when none is */
export function runOfTask(what: string): FlowRun {
  const found = storage.getStore();
  if (found?.task !== undefined) return found.run;
  throw new ChampionError(`${what} was read outside a task`, {
    code: 'INVALID_INPUT',
    hint: 'Read it in the task that needs it: the function of a flow is run again when a run goes on, and its values are recorded.',
  });
}

function refuse(message: string, hint: string): Promise<never> {
  return Promise.reject(new ChampionError(message, { code: 'INVALID_INPUT', hint }));
}
