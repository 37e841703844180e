import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChampionError, type ErrorRecord, fromErrorRecord, toErrorRecord, uuidV5 } from '@champion/core';
import { isCancelled, isOwnershipLost, step } from './durable.ts';
import { cancelledError, type FlowRun, runWithin } from './flow-run.ts';
import { toJson } from './json.ts';
import type { TaskRunIdentity } from './records/run-records.ts';
import { retryDelay } from './retry.ts';
import type { RunLogger } from './run-log.ts';
import { isTerminal, type TerminalState } from './states.ts';
import type { TaskDefinition } from './task.ts';

/** What the durable step keeps of a finished task. */
interface Checkpoint {
  readonly output: unknown;
  /** Digest of the input, by which a replay notices that it asks for something else. */
  readonly input: string;
}

/** One call of a task within a run, from the flow's call to the recorded end. */
export async function callTask(run: FlowRun, task: TaskDefinition, input: unknown): Promise<unknown> {
  // Nothing is awaited before the step begins: its number and the key must follow the order of the calls.
  if (run.signal.aborted) return run.halt();
  const dynamicKey = run.nextKey(task.name);
  const call = new TaskCall(run, task, input, {
    id: uuidV5(dynamicKey, run.id),
    flowRunId: run.id,
    name: task.name,
    dynamicKey,
    parents: run.parentsOf(input),
  });
  try {
    const checkpoint = await step(dynamicKey, (cancelled) => call.execute(cancelled));
    return await call.completed(checkpoint);
  } catch (thrown) {
    return await call.failed(thrown);
  }
}

class TaskCall {
  readonly #run: FlowRun;
  readonly #task: TaskDefinition;
  readonly #input: unknown;
  readonly #identity: TaskRunIdentity;
  readonly #log: RunLogger;
  readonly #digest: string;
  #attempt: number;
  /** Start of the first attempt in this process; unset when the result came from before a crash. */
  #begunAt: Date | undefined;

  constructor(run: FlowRun, task: TaskDefinition, input: unknown, identity: TaskRunIdentity) {
    this.#run = run;
    this.#task = task;
    this.#input = input;
    this.#identity = identity;
    this.#log = run.host.runLog.logger(run.id, identity.id, run.redaction);
    this.#digest = createHash('sha1').update(toJson(input)).digest('base64url').slice(0, 12);
    this.#attempt = run.history.get(identity.dynamicKey)?.attempts ?? 0;
  }

  /** Attempts until one succeeds or none is left. Only this is skipped when a resumed run has the result already. */
  async execute(cancelledElsewhere: AbortSignal): Promise<Checkpoint> {
    const { signal } = this.#run;
    const onCancelled = () => this.#run.stop('cancelled', cancelledError(this.#run.name, 'by another process'));
    cancelledElsewhere.addEventListener('abort', onCancelled, { once: true });
    try {
      let failures = this.#run.history.get(this.#identity.dynamicKey)?.failures ?? 0;
      for (;;) {
        try {
          const output = await this.#attemptOnce();
          this.#run.redaction.refuseIn(output, `The result of the task ${this.#task.name}`);
          return { output, input: this.#digest };
        } catch (error) {
          signal.throwIfAborted();
          failures++;
          const waitMs = retryDelay(error, failures, this.#task.retries, this.#task.retryDelayMs);
          if (waitMs === undefined) throw error;
          await this.#awaitRetry(error, waitMs);
        }
      }
    } catch (error) {
      // Thrown on, it would be checkpointed as the task's outcome, and the next start could not run the task again.
      if (this.#run.stopKind === 'suspended') return this.#run.halt();
      throw error;
    } finally {
      cancelledElsewhere.removeEventListener('abort', onCancelled);
    }
  }

  async completed(checkpoint: Checkpoint): Promise<unknown> {
    if (checkpoint.input !== this.#digest) throw this.#otherInput();
    const { output } = checkpoint;
    await this.#end({ type: 'COMPLETED', name: 'Completed' }, { result: output });
    this.#run.remember(output, this.#identity.id);
    return output;
  }

  /** Records the failure and throws it on, as the same error live and on replay. */
  async failed(thrown: unknown): Promise<never> {
    if (isOwnershipLost(thrown)) this.#run.stop('lost', asError(thrown));
    if (isCancelled(thrown)) this.#run.stop('cancelled', cancelledError(this.#run.name, 'in the database'));
    const { stopKind, signal } = this.#run;
    if (stopKind !== undefined) {
      const { message } = asError(signal.reason);
      if (stopKind === 'cancelled' || stopKind === 'ended') {
        await this.#end({ type: 'CANCELLED', name: 'Cancelled', message }, {});
      }
      return this.#run.halt();
    }
    const error = toErrorRecord(thrown);
    if (!this.#isRecorded())
      this.#log.error(`${this.#identity.dynamicKey} failed: ${error.message}`, { code: error.code });
    await this.#end({ type: 'FAILED', name: 'Failed', message: error.message }, { error });
    throw restore(error);
  }

  async #attemptOnce(): Promise<unknown> {
    const { host } = this.#run;
    const attempt = ++this.#attempt;
    const at = host.clock.now();
    this.#begunAt ??= at;
    const name = attempt === 1 ? 'Running' : 'Retrying';
    const state = { type: 'RUNNING', name, ...(attempt === 1 ? {} : { message: `Attempt ${attempt}` }) } as const;
    await host.records.beginAttempt(this.#identity, attempt, state, at);
    host.events.emit({ type: 'task_run', ...this.#facts(), state, at });
    return this.#limited(attempt);
  }

  /** The user's code, given up as soon as the run stops or the time is over, whether it listens to the signal or not. */
  async #limited(attempt: number): Promise<unknown> {
    const { id, signal } = this.#run;
    signal.throwIfAborted();
    const { timeoutMs } = this.#task;
    const limit = new AbortController();
    const onStop = () => limit.abort(signal.reason);
    const timer = setTimeout(() => limit.abort(this.#timedOut(attempt)), timeoutMs);
    signal.addEventListener('abort', onStop, { once: true });
    const givenUp = new Promise<never>((_, reject) => {
      limit.signal.addEventListener('abort', () => reject(limit.signal.reason), { once: true });
    });
    try {
      const context = { flowRunId: id, taskRunId: this.#identity.id, attempt, signal: limit.signal, log: this.#log };
      const body = runWithin({ run: this.#run, task: { name: this.#task.name, runId: this.#identity.id } }, async () =>
        this.#task.run(this.#input, context),
      );
      this.#run.trackBody(body);
      return await Promise.race([body, givenUp]);
    } catch (error) {
      // Code that listens to the signal fails with words of its own; ours say why.
      throw limit.signal.aborted ? limit.signal.reason : this.#run.redaction.error(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onStop);
    }
  }

  async #awaitRetry(error: unknown, waitMs: number): Promise<void> {
    const { host, signal } = this.#run;
    const record = toErrorRecord(error);
    const at = host.clock.now();
    const message = `Attempt ${this.#attempt} failed: ${record.message}`;
    this.#log.warn(`${this.#identity.dynamicKey}: ${message}; trying again in ${waitMs} ms`, { code: record.code });
    await host.records.awaitRetry(this.#identity, this.#attempt, { error: record, waitMs, message }, at);
    const state = { type: 'SCHEDULED', name: 'AwaitingRetry', message } as const;
    host.events.emit({ type: 'task_run', ...this.#facts(), state, at, retryWaitMs: waitMs, error: record });
    await sleep(waitMs, undefined, { signal });
  }

  async #end(state: TerminalState, outcome: { result?: unknown; error?: ErrorRecord }): Promise<void> {
    const { host } = this.#run;
    const at = host.clock.now();
    if (!this.#isRecorded()) await host.records.endTask(this.#identity, this.#attempt, state, outcome, at);
    host.events.emit({
      type: 'task_run',
      ...this.#facts(),
      state,
      at,
      ...(this.#begunAt === undefined ? { replayed: true } : { durationMs: at.getTime() - this.#begunAt.getTime() }),
      ...outcome,
    });
  }

  /** The end came before a crash, and its record too. */
  #isRecorded(): boolean {
    const known = this.#run.history.get(this.#identity.dynamicKey);
    return this.#begunAt === undefined && known !== undefined && isTerminal(known.stateType);
  }

  #facts() {
    const { id, flowRunId, name, dynamicKey } = this.#identity;
    return { flowRunId, taskRunId: id, name, dynamicKey, attempt: this.#attempt };
  }

  #timedOut(attempt: number): ChampionError {
    return new ChampionError(`${this.#identity.dynamicKey} took longer than ${this.#task.timeoutMs} ms`, {
      code: 'TIMEOUT',
      retry: 'backoff',
      hint: 'Look at what it was waiting for; raise the task’s timeoutMs if the work is really that long.',
      context: { task: this.#task.name, timeoutMs: this.#task.timeoutMs, attempt },
    });
  }

  #otherInput(): ChampionError {
    const key = this.#identity.dynamicKey;
    return new ChampionError(`${key} was given another input than before the run was resumed`, {
      code: 'INTERNAL',
      hint: 'A flow must make the same calls each time it runs: take the time from ctx.startedAt, do everything that can vary in a task, and in parallel branches call one task each or a child flow.',
      context: { run: this.#run.id, task: key },
    });
  }
}

/** An error from its record, with the stack of what is not one of ours: that alone says where it came from. */
function restore(record: ErrorRecord): ChampionError {
  const error = fromErrorRecord(record);
  if (record.stack !== undefined) error.stack = record.stack;
  return error;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
