import { callFromFlow } from './flow-run.ts';
import type { RunLogger } from './run-log.ts';
import { callTask } from './task-call.ts';

export interface TaskOptions {
  /** Unique within its flow, for example "scrape_bhavcopy". */
  readonly name: string;
  /** Further attempts after a failed one, as far as the error's own retry decision allows. Default 0. */
  readonly retries?: number;
  /** Pause before the first retry, in milliseconds; it doubles up to a minute, with jitter. Default 1000. */
  readonly retryDelayMs?: number;
  /** Longest duration of one attempt, in milliseconds. Default 15 minutes. */
  readonly timeoutMs?: number;
}

export interface TaskContext {
  readonly flowRunId: string;
  readonly taskRunId: string;
  /** 1-based; goes on counting when the task is run again after a crash. */
  readonly attempt: number;
  /** Fires on time-out, cancellation and shutdown. Hand it to whatever waits. */
  readonly signal: AbortSignal;
  readonly log: RunLogger;
}

/** A durable step of a flow: call it like a function, from the function of a flow only. */
export type Task<Input, Output> = (input: Input) => Promise<Output>;

export interface TaskDefinition {
  readonly name: string;
  readonly retries: number;
  readonly retryDelayMs: number;
  readonly timeoutMs: number;
  readonly run: (input: unknown, context: TaskContext) => unknown;
}

/**
 * Declares a task. Its input and result should be small and JSON-serialisable: the result is kept, and a run that is
 * resumed gets it from there instead of running the task again. A task that was cut off in the middle does run again, so
 * it must come to the same end when begun twice.
 */
export function task<Input, Output>(
  options: TaskOptions,
  run: (input: Input, context: TaskContext) => Promise<Output> | Output,
): Task<Input, Output> {
  const definition: TaskDefinition = {
    name: options.name,
    retries: options.retries ?? 0,
    retryDelayMs: options.retryDelayMs ?? 1_000,
    timeoutMs: options.timeoutMs ?? 15 * 60_000,
    run: (input, context) => run(input as Input, context),
  };
  return (input) =>
    callFromFlow(`Task ${options.name}`, (flowRun) => callTask(flowRun, definition, input)) as Promise<Output>;
}
