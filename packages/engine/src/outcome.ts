import type { ErrorRecord } from '@champion/core';
import type { TerminalStateType } from './states.ts';

/** How a flow run ended. */
export interface FlowRunOutcome {
  readonly id: string;
  readonly state: TerminalStateType;
  /** "Completed", "Failed", ..., or what the flow named it with completed(). */
  readonly stateName: string;
  readonly message?: string;
  /** What the flow returned, as JSON keeps it; with COMPLETED. */
  readonly result?: unknown;
  readonly error?: ErrorRecord;
  /** From the first start to the end, time spent dead in between included. */
  readonly durationMs: number;
}
