import { type Anomaly, median } from '@champion/core';

/** Fewer days than these do not tell what is usual. */
const ENOUGH_DAYS = 5;

/**
 * A sudden drop against the median row count of the last days.
 * @param share of the median below which it is reported
 */
export function rowCountDrop(rows: number, recent: readonly number[], share: number): Anomaly | undefined {
  const usual = median(recent);
  if (usual === undefined || recent.length < ENOUGH_DAYS || rows >= usual * share) return undefined;
  return {
    rule: 'row_count_drop',
    count: 1,
    message: `${rows} rows, where the last ${recent.length} loaded days had a median of ${usual}. It may be incomplete.`,
  };
}
