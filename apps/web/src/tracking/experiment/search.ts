import { present, readChoice, readList, readText } from '../../lib/search-params.ts';
import { fieldOf, type Order, readOrder } from '../lib/fields.ts';

export const TABS = ['runs', 'charts'] as const;
/** How many of the latest runs the charts are of. */
export const CHARTED = ['50', '100', '200', '500'] as const;
/** As many runs can be compared. */
export const MOST_COMPARED = 20;
/** In the address, where no column was chosen at all. */
const NO_COLUMNS = 'none';

/** What an experiment's address says of it. */
export interface ExperimentSearch {
  readonly tab?: (typeof TABS)[number];
  readonly filter?: string;
  readonly sort?: Order;
  /** The usual ones when not given. */
  readonly columns?: readonly string[];
  readonly last?: (typeof CHARTED)[number];
  /** Ids of the runs that are picked for comparison. */
  readonly pick?: readonly string[];
}

export function readExperimentSearch(search: Readonly<Record<string, string>>): ExperimentSearch {
  return present<ExperimentSearch>({
    tab: readChoice(search.tab, TABS),
    filter: readText(search.filter),
    sort: readOrder(search.sort),
    columns: readList(search.columns)?.filter((name) => fieldOf(name) !== undefined),
    last: readChoice(search.last, CHARTED),
    pick: readList(search.pick)?.slice(0, MOST_COMPARED),
  });
}

/** Columns for the address. */
export function columnsText(columns: readonly string[] | undefined): string {
  return columns === undefined || columns.length === 0 ? NO_COLUMNS : columns.join(',');
}
