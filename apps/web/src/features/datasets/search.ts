import type { BusinessDate } from '@champion/core';
import { present, type RawSearch, readChoice, readDay, readText } from '../../lib/search-params.ts';

const DATASET_TABS = ['coverage', 'quality', 'schema', 'files', 'preview'] as const;
export type DatasetTab = (typeof DATASET_TABS)[number];

export interface DatasetSearch {
  readonly tab?: DatasetTab | undefined;
  /** The session that is looked at. */
  readonly day?: BusinessDate | undefined;
  readonly slice?: string | undefined;
  /** Where the calendar begins; default: the first session that was ever tried. */
  readonly since?: BusinessDate | undefined;
}

export function readDatasetSearch(raw: RawSearch): DatasetSearch {
  return present<DatasetSearch>({
    tab: readChoice(raw.tab, DATASET_TABS),
    day: readDay(raw.day),
    slice: readText(raw.slice),
    since: readDay(raw.since),
  });
}
