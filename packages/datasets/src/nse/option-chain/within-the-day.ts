import { type Anomaly, plural, type SnapshotRows } from '@champion/core';
import type pl from 'nodejs-polars';
import { sql } from '../../csv/index.ts';

/**
 * What does not go on from the snapshot of the day that is loaded: the exchange's time must advance, and what was traded
 * of a contract since the opening cannot fall.
 * @param legs the snapshot's, kept
 * @param time the snapshot's
 */
export function anomaliesWithin(
  legs: pl.DataFrame,
  time: string,
  latest: SnapshotRows<pl.DataFrame> | undefined,
): Anomaly[] {
  if (!latest) return [];
  if (time > latest.time) return fallenVolumes({ older: latest.silver, newer: legs });
  const found = `the snapshot is of ${clock(time)}`;
  if (time === latest.time) {
    return [{ rule: 'snapshot_not_newer', count: 1, message: `${found} IST, as the one that was loaded before` }];
  }
  const message = `${found} IST, older than that of ${clock(latest.time)} IST, which stays the day's latest`;
  return [{ rule: 'snapshot_not_newer', count: 1, message }, ...fallenVolumes({ older: legs, newer: latest.silver })];
}

function clock(time: string): string {
  return time.slice(11, 19);
}

function fallenVolumes(snapshots: { readonly older: pl.DataFrame; readonly newer: pl.DataFrame }): Anomaly[] {
  const fallen = sql(
    `SELECT CAST(newer.expiry AS VARCHAR) || ' ' || CAST(newer.strike AS VARCHAR) || ' ' || newer.option_type AS leg,
       CAST(older.volume AS VARCHAR) AS before, CAST(newer.volume AS VARCHAR) AS after
     FROM newer JOIN older ON newer.expiry = older.expiry AND newer.strike = older.strike
       AND newer.option_type = older.option_type
     WHERE newer.volume < older.volume ORDER BY leg`,
    snapshots,
  );
  const [example] = fallen.head(1).toRecords();
  if (!example) return [];
  const message =
    `of ${plural(fallen.height, 'leg')} less was traded in the newer snapshot than in the older, for example ` +
    `${example.leg}: ${example.before}, then ${example.after} contracts`;
  return [{ rule: 'volume_fell', count: fallen.height, message }];
}
