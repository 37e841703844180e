import { addDays, type BusinessDate, type Clock, today } from '@champion/core';
import { type Dataset, slicesOn } from '@champion/flows';
import type { Lake, ManifestEntry } from '@champion/lake';

/** What of a dataset was loaded last. */
export interface LastLoaded {
  /** The latest day of any slice. */
  readonly trade_date: BusinessDate;
  /** When the last of that day's slices was, ISO 8601. */
  readonly at: string;
  /** Of that day, all slices together. */
  readonly rows: number;
  /** The day up to which every slice is there; null when one never was. */
  readonly complete: BusinessDate | null;
}

/** Looks from today backwards, so that it opens a few files however long the history is. */
export async function lastLoaded(lake: Lake, dataset: Dataset, clock: Clock): Promise<LastLoaded | null> {
  const day = today(clock);
  const tomorrow = addDays(day, 1);
  const entries = await Promise.all(
    slicesOn(dataset, day).map((slice) => lake.manifest.previousLoaded(slice, tomorrow)),
  );
  const found = entries.filter((entry): entry is ManifestEntry => entry !== undefined);
  const dates = found.map(({ date }) => date).sort();
  const latest = dates.at(-1);
  if (latest === undefined) return null;
  const ofLatest = found.filter(({ date }) => date === latest);
  return {
    trade_date: latest,
    at:
      ofLatest
        .map(({ updated_at }) => updated_at)
        .sort()
        .at(-1) ?? '',
    rows: ofLatest.reduce((sum, { rows_loaded = 0 }) => sum + rows_loaded, 0),
    complete: found.length === entries.length ? (dates[0] ?? null) : null,
  };
}
