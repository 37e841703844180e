import { useMemo, useSyncExternalStore } from 'react';
import { parseSearch, type RawSearch, stringifySearch } from '../../lib/search-params.ts';

// Where one is stands behind the "#", in the addresses that MLflow's pages have and its clients print:
// /#/experiments/1/runs/abc. So links from notebooks and logs open here.

/** What the app shows. */
export type Place =
  | { readonly page: 'experiments' }
  | { readonly page: 'experiment'; readonly experimentId: string }
  | { readonly page: 'run'; readonly experimentId: string; readonly runId: string }
  | { readonly page: 'compare' }
  | { readonly page: 'nowhere' };

export interface Location {
  readonly place: Place;
  readonly search: Readonly<Record<string, string>>;
}

/** @param hash as the browser has it: "#/experiments/1?tab=charts" */
export function locate(hash: string): Location {
  const [path = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s);
  const parts = path.split('/').filter((part) => part !== '');
  return { place: placeOf(parts.map(decoded)), search: parseSearch(query) };
}

function placeOf([first, experimentId, runs, runId]: readonly string[]): Place {
  if (first === undefined || (first === 'experiments' && experimentId === undefined)) return { page: 'experiments' };
  if (first === 'compare-runs') return { page: 'compare' };
  if (first !== 'experiments' || experimentId === undefined) return { page: 'nowhere' };
  // Behind a run's id MLflow's pages name the part of the page, behind an experiment's one of its lists.
  if (runs === 'runs' && runId !== undefined) return { page: 'run', experimentId, runId };
  return { page: 'experiment', experimentId };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A "%" of nobody's encoding stands for itself.
    return text;
  }
}

/** Addresses of the pages, for links. */
export const hrefs = {
  experiments: () => '#/experiments',
  experiment: (experimentId: string, search: RawSearch = {}) =>
    `#/experiments/${encodeURIComponent(experimentId)}${stringifySearch(search)}`,
  run: (experimentId: string, runId: string, search: RawSearch = {}) =>
    `#/experiments/${encodeURIComponent(experimentId)}/runs/${encodeURIComponent(runId)}${stringifySearch(search)}`,
  compare: (runIds: readonly string[], search: RawSearch = {}) =>
    `#/compare-runs${stringifySearch({ runs: runIds, ...search })}`,
};

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('hashchange', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('hashchange', listener);
  };
}

/** Where one is, as it changes. */
export function useLocation(): Location {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => locate(hash), [hash]);
}

/** Goes to another page. */
export function goTo(href: string): void {
  window.location.hash = href;
}

/**
 * Changes what the present page's address says besides the page; what is undefined is taken out. Back leads to the page
 * before, not to what this one showed before.
 */
export function changeSearch(changes: RawSearch): void {
  const { hash } = window.location;
  const path = hash.split('?')[0] || '#/';
  window.history.replaceState(null, '', `${path}${stringifySearch({ ...locate(hash).search, ...changes })}`);
  // The browser tells of changes by links only.
  for (const listener of listeners) listener();
}
