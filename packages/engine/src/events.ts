import type { ErrorRecord } from '@champion/core';
import type { State } from './states.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface FlowRunEvent {
  readonly type: 'flow_run';
  readonly flowRunId: string;
  readonly flowName: string;
  readonly name: string;
  readonly parentFlowRunId?: string;
  readonly state: State;
  readonly at: Date;
  /** With a terminal state. */
  readonly result?: unknown;
  readonly error?: ErrorRecord;
}

export interface TaskRunEvent {
  readonly type: 'task_run';
  readonly flowRunId: string;
  readonly taskRunId: string;
  readonly name: string;
  /** Name and call index within the run, for example "scrape_bhavcopy-0". */
  readonly dynamicKey: string;
  /** 1-based. */
  readonly attempt: number;
  readonly state: State;
  readonly at: Date;
  /** With AwaitingRetry: the pause before the next attempt. */
  readonly retryWaitMs?: number;
  /** With a terminal state: from the start of the first attempt in this process. */
  readonly durationMs?: number;
  /** True when the result comes from before a crash and the task did not run again. */
  readonly replayed?: boolean;
  readonly result?: unknown;
  readonly error?: ErrorRecord;
}

export interface LogEvent {
  readonly type: 'log';
  readonly flowRunId: string;
  readonly taskRunId?: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

export type EngineEvent = FlowRunEvent | TaskRunEvent | LogEvent;

export type InternalLog = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Tells listeners in this process what happens, as it happens. */
export class EngineEvents {
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #internalLog: InternalLog;

  constructor(internalLog: InternalLog) {
    this.#internalLog = internalLog;
  }

  /** Calls `listener` with every event from now on. Returns the way to stop. */
  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Tells the listeners, in the order in which they subscribed. */
  emit(event: EngineEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // A listener's mistake is not the run's.
        this.#internalLog('error', 'An event listener threw', { event: event.type, error });
      }
    }
  }
}
