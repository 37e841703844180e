import { present, type RawSearch, readChoice } from '../../lib/search-params.ts';

export const ROW_LIMITS = ['1000', '10000', '100000'] as const;
type RowLimit = (typeof ROW_LIMITS)[number];

/** A query longer than this stays out of the URL: links that long break on their way. */
const LONGEST = 6000;

export interface SqlSearch {
  /** The query. It is shown, and run only when asked for. */
  readonly q?: string | undefined;
  readonly rows?: RowLimit | undefined;
}

export function readSqlSearch(raw: RawSearch): SqlSearch {
  const q = typeof raw.q === 'string' && raw.q !== '' && raw.q.length <= LONGEST ? raw.q : undefined;
  return present<SqlSearch>({ q, rows: readChoice(raw.rows, ROW_LIMITS) });
}
