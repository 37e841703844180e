/** The kinds of state a flow run or task run can be in; the vocabulary is Prefect's, whose tools people know. */
export type StateType =
  | 'SCHEDULED'
  | 'PENDING'
  | 'RUNNING'
  | 'COMPLETED'
  | 'FAILED'
  | 'CANCELLED'
  | 'CRASHED'
  | 'PAUSED'
  | 'CANCELLING';

export type TerminalStateType = 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'CRASHED';

export interface State {
  readonly type: StateType;
  /** What people read: the type's own word ("Running"), or a finer one ("AwaitingRetry", "NoSession"). */
  readonly name: string;
  readonly message?: string;
}

export interface TerminalState extends State {
  readonly type: TerminalStateType;
}

const TERMINAL: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'] satisfies TerminalStateType[];

/** A run in a terminal state never leaves it. */
export function isTerminal(type: string): type is TerminalStateType {
  return TERMINAL.includes(type);
}
