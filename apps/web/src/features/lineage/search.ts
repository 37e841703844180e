import { present, type RawSearch, readChoice } from '../../lib/search-params.ts';

const LINEAGE_VIEWS = ['graph', 'table'] as const;

export interface LineageSearch {
  /** Default: a graph, and a table on a phone. */
  readonly view?: (typeof LINEAGE_VIEWS)[number] | undefined;
}

export function readLineageSearch(raw: RawSearch): LineageSearch {
  return present<LineageSearch>({ view: readChoice(raw.view, LINEAGE_VIEWS) });
}
