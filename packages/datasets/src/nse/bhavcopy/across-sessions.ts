import { type Anomaly, type PreviousRows, plural } from '@champion/core';
import type pl from 'nodejs-polars';
import { sql } from '../../csv/index.ts';

/**
 * Bars whose previous close is not the close of the session before. It happens on ex-dates (the exchange adjusts the
 * base price) and is otherwise a sign of a wrong file.
 * @param previous the last session that the lake has; only the one directly before is compared
 */
export function previousCloseAnomaly(
  silver: pl.DataFrame,
  previous: PreviousRows<pl.DataFrame> | undefined,
): Anomaly | undefined {
  if (!previous?.adjacent) return undefined;
  const breaks = sql(
    `SELECT a.symbol || ' ' || a.series AS instrument, CAST(a.prev_close AS VARCHAR) AS printed,
       CAST(b.close AS VARCHAR) AS closed
     FROM silver AS a JOIN previous AS b ON a.symbol = b.symbol AND a.series = b.series
     WHERE a.prev_close <> b.close ORDER BY instrument`,
    { silver, previous: previous.silver },
  );
  const [example] = breaks.head(1).toRecords();
  if (!example) return undefined;
  return {
    rule: 'prev_close_break',
    count: breaks.height,
    message:
      `${plural(breaks.height, 'bar')} not continuing the session before, for example ${example.instrument}: ` +
      `previous close ${example.printed}, closed at ${example.closed}. Expected on ex-dates only.`,
  };
}
