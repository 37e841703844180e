import { type Anomaly, type PreviousRows, plural } from '@champion/core';
import type pl from 'nodejs-polars';
import { sql } from '../../csv/index.ts';

/** Points by which close less change may miss the close before: each of the printed numbers is rounded. */
const ROUNDING = '0.01';

/**
 * Indices that do not continue the session before, and those that it had and this one has not.
 * @param rows every row of the file that could be read
 * @param previous the last session that the lake has; only the one directly before is compared
 */
export function anomaliesAgainst(
  previous: PreviousRows<pl.DataFrame> | undefined,
  { rows, silver }: { rows: pl.DataFrame; silver: pl.DataFrame },
): Anomaly[] {
  if (!previous?.adjacent) return [];
  return [closeBreak(silver, previous.silver), goneIndices(rows, previous.silver)].filter(
    (anomaly) => anomaly !== undefined,
  );
}

function closeBreak(silver: pl.DataFrame, previous: pl.DataFrame): Anomaly | undefined {
  const breaks = sql(
    `SELECT a.index_name, CAST(a.close - a.points_change AS VARCHAR) AS implied, CAST(b.close AS VARCHAR) AS closed
     FROM silver AS a JOIN previous AS b ON a.index_name = b.index_name
     WHERE a.close - a.points_change - b.close > ${ROUNDING} OR b.close - a.close + a.points_change > ${ROUNDING}
     ORDER BY index_name`,
    { silver, previous },
  );
  const [example] = breaks.head(1).toRecords();
  if (!example) return undefined;
  return {
    rule: 'prev_close_break',
    count: breaks.height,
    message:
      `${plural(breaks.height, 'index', 'indices')} not continuing the session before, for example ` +
      `${example.index_name}: its change says it closed at ${example.implied}, it closed at ${example.closed}`,
  };
}

function goneIndices(rows: pl.DataFrame, previous: pl.DataFrame): Anomaly | undefined {
  const gone = sql(
    `SELECT b.index_name FROM previous AS b LEFT ANTI JOIN rows AS a ON b.index_name = a.index_name ORDER BY b.index_name`,
    { rows, previous },
  );
  const [example] = gone.head(1).toRecords();
  if (!example) return undefined;
  return {
    rule: 'index_gone',
    count: gone.height,
    message:
      `${plural(gone.height, 'index', 'indices')} of the session before not in the file, for example ` +
      `${example.index_name}. It was renamed or withdrawn, or the file is incomplete.`,
  };
}
