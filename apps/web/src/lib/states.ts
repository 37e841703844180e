import type { StateType } from '@champion/contract';

/** A state as this app shows it: types, and names of states that mean something else than their type. */
export const STATE_KINDS = [
  'running',
  'late',
  'scheduled',
  'pending',
  'retrying',
  'completed',
  'no-session',
  'failed',
  'crashed',
  'cancelled',
  'cancelling',
  'paused',
] as const;
export type StateKind = (typeof STATE_KINDS)[number];

const byType: Readonly<Record<StateType, StateKind>> = {
  SCHEDULED: 'scheduled',
  PENDING: 'pending',
  RUNNING: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  CRASHED: 'crashed',
  PAUSED: 'paused',
  CANCELLING: 'cancelling',
};

const byName: Readonly<Record<string, StateKind>> = {
  Late: 'late',
  AwaitingRetry: 'retrying',
  Retrying: 'retrying',
  NoSession: 'no-session',
};

export const STATE_LABELS: Readonly<Record<StateKind, string>> = {
  running: 'Running',
  late: 'Late',
  scheduled: 'Scheduled',
  pending: 'Pending',
  retrying: 'Awaiting retry',
  completed: 'Completed',
  'no-session': 'No session',
  failed: 'Failed',
  crashed: 'Crashed',
  cancelled: 'Cancelled',
  cancelling: 'Cancelling',
  paused: 'Paused',
};

/** The tokens of tokens.css that states are drawn in. */
export const STATE_COLORS: Readonly<Record<StateKind, string>> = {
  running: 'var(--color-running)',
  late: 'var(--color-late)',
  scheduled: 'var(--color-waiting)',
  pending: 'var(--color-waiting)',
  retrying: 'var(--color-late)',
  completed: 'var(--color-completed)',
  'no-session': 'var(--color-cancelled)',
  failed: 'var(--color-failed)',
  crashed: 'var(--color-crashed)',
  cancelled: 'var(--color-cancelled)',
  cancelling: 'var(--color-cancelled)',
  paused: 'var(--color-paused)',
};

export function stateKind(type: StateType | null | undefined, name?: string | null): StateKind {
  return (name ? byName[name] : undefined) ?? (type ? byType[type] : 'pending');
}

/** The word of a state: its own where it says more than its type's. */
export function stateLabel(type: StateType | null | undefined, name?: string | null): string {
  const kind = stateKind(type, name);
  if (!name || (type && name.toUpperCase() === type) || byName[name]) return STATE_LABELS[kind];
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

/** It has ended, and stays as it is. */
export function isOver(type: StateType | null | undefined): boolean {
  return type === 'COMPLETED' || type === 'FAILED' || type === 'CANCELLED' || type === 'CRASHED';
}

/** It has ended, and not well. */
export function wentWrong(type: StateType | null | undefined): boolean {
  return type === 'FAILED' || type === 'CRASHED';
}

/**
 * The condition of the API that finds runs in these states. It holds types and names together, both of which must fit: a
 * mixture is asked for by name alone.
 */
export function stateCondition(kinds: readonly StateKind[]): {
  readonly type?: { any_: StateType[] };
  readonly name?: { any_: string[] };
} {
  const names = kinds.flatMap((kind) => Object.keys(byName).filter((name) => byName[name] === kind));
  const types = (Object.keys(byType) as StateType[]).filter((type) => kinds.includes(byType[type]));
  if (names.length === 0) return { type: { any_: types } };
  return { name: { any_: [...types.map((type) => type.charAt(0) + type.slice(1).toLowerCase()), ...names] } };
}
