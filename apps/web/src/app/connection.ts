import { useSyncExternalStore } from 'react';

/** up: the server answers; down: it does not; locked: it wants a key. */
export type Connection = 'up' | 'down' | 'locked';

let state: Connection = 'up';
const listeners = new Set<(state: Connection, before: Connection) => void>();

export function setConnection(next: Connection): void {
  if (next === state) return;
  const before = state;
  state = next;
  for (const listener of listeners) listener(next, before);
}

export function connection(): Connection {
  return state;
}

export function onConnection(listener: (state: Connection, before: Connection) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(onConnection, () => state);
}
