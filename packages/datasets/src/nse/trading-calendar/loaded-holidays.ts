import type { PublishedHoliday } from '@champion/core';
import pl from 'nodejs-polars';
import { sql } from '../../csv/index.ts';

/**
 * The capital market's listed days out of a silver file of the trading calendar, for core's `factsFromHolidays`.
 * @param path absolute path of the Parquet file
 */
export function loadedHolidays(path: string): PublishedHoliday[] {
  const silver = pl.readParquet(path);
  return sql(
    `SELECT CAST(trade_date AS VARCHAR) AS date, COALESCE(holiday_name, 'holiday') AS name FROM silver
     WHERE segment = 'CM' AND (holiday_name IS NOT NULL OR (NOT is_session AND weekday NOT IN ('Saturday', 'Sunday')))
     ORDER BY trade_date`,
    { silver },
  ).toRecords() as unknown as PublishedHoliday[];
}
