import { present, type RawSearch, readText } from '../../lib/search-params.ts';
import { readMonth } from './months.ts';

/** What the list shows, as its URL says it. */
export interface DeploymentsSearch {
  /** Words of names and tags. */
  readonly q?: string | undefined;
}

export function readDeploymentsSearch(raw: RawSearch): DeploymentsSearch {
  return present<DeploymentsSearch>({ q: readText(raw.q) });
}

/** What the page of a deployment shows. */
export interface DeploymentSearch {
  /** "2026-01" of the calendar; default: the present month. */
  readonly month?: string | undefined;
}

export function readDeploymentSearch(raw: RawSearch): DeploymentSearch {
  return present<DeploymentSearch>({ month: readMonth(raw.month) });
}
