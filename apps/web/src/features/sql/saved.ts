import { useSyncExternalStore } from 'react';

export interface SavedQuery {
  readonly name: string;
  readonly sql: string;
}

const KEY = 'champion.saved-queries';
const MOST = 100;
const listeners = new Set<() => void>();
let cached: { text: string | null; queries: readonly SavedQuery[] } = { text: null, queries: [] };

/** What storage holds; what cannot be read is no query. */
export function readSaved(text: string | null): SavedQuery[] {
  if (text === null) return [];
  try {
    const stored: unknown = JSON.parse(text);
    if (!Array.isArray(stored)) return [];
    return stored.flatMap((each: unknown) => {
      const { name, sql } = (each ?? {}) as Partial<Record<string, unknown>>;
      return typeof name === 'string' && typeof sql === 'string' ? [{ name, sql }] : [];
    });
  } catch {
    // Another version of the app, or someone by hand, wrote something else: it is replaced by the next save.
    return [];
  }
}

function snapshot(): readonly SavedQuery[] {
  const text = localStorage.getItem(KEY);
  if (text !== cached.text) cached = { text, queries: readSaved(text) };
  return cached.queries;
}

/** The queries with one more, the latest first; one of the same name is replaced. */
export function withQuery(queries: readonly SavedQuery[], query: SavedQuery): SavedQuery[] {
  return [query, ...queries.filter(({ name }) => name !== query.name)].slice(0, MOST);
}

function write(queries: readonly SavedQuery[]): void {
  localStorage.setItem(KEY, JSON.stringify(queries));
  for (const listener of listeners) listener();
}

export function saveQuery(query: SavedQuery): void {
  write(withQuery(snapshot(), query));
}

export function forgetQuery(name: string): void {
  write(snapshot().filter((each) => each.name !== name));
}

/** The queries that this browser remembers. */
export function useSavedQueries(): readonly SavedQuery[] {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, snapshot);
}
