import type { StateType } from '../states.ts';

/** A state that a flow run came into, as followers are told of it. */
export interface FollowedState {
  readonly flowRunId: string;
  readonly type: StateType;
  readonly name: string;
  readonly message: string | null;
  readonly at: Date;
}

/**
 * Somebody outside who is told of each state that flow runs come into: a lineage server, another tracking server. Runs
 * never wait for it.
 */
export interface Follower {
  /** Names its place in the records: another name begins anew. */
  readonly name: string;
  /** Of which states. */
  readonly types: readonly StateType[];
  /** Also of what was there before it followed for the first time, as far as the records go back. */
  readonly fromBeginning?: boolean;
  /**
   * Tells it of a state. Called in the order of the states, one at a time; again for a state that it may have heard of,
   * when a process died in between.
   * @throws ChampionError UNREACHABLE, TIMEOUT: it is tried again for as long as it takes
   * @throws any other with `retry` 'never': the state is passed over and counted as refused; else after a day of attempts
   */
  tell(state: FollowedState, signal: AbortSignal): Promise<void>;
}

/** How far a follower is, and how it goes. */
export interface FollowerStatus {
  readonly name: string;
  /** States that it is still to be told of, up to 10,000. */
  readonly pending: number;
  /** Told so far, ever since it follows. */
  readonly told: number;
  /** Passed over, for it will never take them. */
  readonly refused: number;
  /** Removed by retention before it could be told. */
  readonly lost: number;
  /** How often in a row the next one could not be told. */
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastToldAt: Date | null;
  /** Of the last attempt that failed; null once one succeeds. */
  readonly lastError: string | null;
}
