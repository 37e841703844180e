import { ChampionError } from '@champion/core';
import type { Database } from '../records/database.ts';
import type { StateType } from '../states.ts';
import { all, bounded, Values } from './conditions.ts';
import { conditionsOf, type FlowRunFilter, type ResolvedFilter } from './flow-run-filter.ts';

export interface HistoryOptions {
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
  /** Length of a bucket; the span may have 500 at most. */
  readonly intervalSeconds: number;
  readonly filter?: FlowRunFilter;
  /** By state name too, with run time and lateness; this reads the runs themselves, not just an index of them. */
  readonly detail?: boolean;
  /** The latest runs of the span that are counted: default 100,000. */
  readonly maximum?: number;
  /** What running and late runs are measured by. */
  readonly now: Date;
}

export interface HistoryState {
  readonly type: StateType;
  /** Without `detail`: the type in lower case with a capital. */
  readonly name: string;
  readonly count: number;
  /** Seconds, of running ones until now. 0 without `detail`. */
  readonly runTime: number;
  /** Seconds between expected and real start, of due ones that have not started until now. 0 without `detail`. */
  readonly lateness: number;
}

export interface HistoryBucket {
  readonly from: Date;
  readonly to: Date;
  readonly states: readonly HistoryState[];
  /** False when the maximum was reached before all its runs were counted. */
  readonly complete: boolean;
}

const MOST_BUCKETS = 500;
const DEFAULT_MOST_COUNTED = 100_000;
const COUNT_LIMIT = 2_000_000;

/** @throws ChampionError INVALID_INPUT for a span that is empty, or has too many buckets */
export async function flowRunHistory(
  database: Database,
  filter: ResolvedFilter,
  options: HistoryOptions,
): Promise<HistoryBucket[]> {
  const spans = bucketsOf(options);
  const most = bounded(options.maximum, DEFAULT_MOST_COUNTED, COUNT_LIMIT);
  const values = new Values();
  const from = values.add(options.from, 'timestamptz');
  const interval = values.add(options.intervalSeconds, 'float8');
  const { plain, searched } = conditionsOf(filter, values);
  const window = [
    `r.expected_start_time >= ${from}`,
    `r.expected_start_time < ${values.add(options.to, 'timestamptz')}`,
  ];
  const now = options.detail === true ? values.add(options.now, 'timestamptz') : '';
  // Without detail nothing but indexed columns is named, so that the runs themselves need not be read.
  const [columns, groups, sums] =
    options.detail === true
      ? [
          ', r.state_name, r.start_time, r.end_time',
          ', state_name',
          `, coalesce(sum(date_part('epoch', coalesce(end_time, ${now}) - start_time)), 0) AS "runTime",
         coalesce(sum(greatest(date_part('epoch', coalesce(start_time, end_time, ${now}) - expected_start_time), 0)), 0)
           AS lateness, state_name AS name`,
        ]
      : ['', '', ', 0 AS "runTime", 0 AS lateness, initcap(state_type) AS name'];
  const text = `SELECT floor(date_part('epoch', expected_start_time - ${from}) / ${interval})::integer AS bucket,
      state_type AS type, count(*)::integer AS count, min(expected_start_time) AS first${sums}
    FROM (
      SELECT r.expected_start_time, r.state_type${columns} FROM champion.flow_runs r
      WHERE ${all([...window, ...plain, ...searched])} ORDER BY r.expected_start_time DESC LIMIT ${most}
    ) r GROUP BY 1, state_type${groups}`;
  const rows = await database.run<HistoryState & { bucket: number; first: Date }>(
    { name: 'flow-runs-history', text, prepared: false },
    values.list,
  );
  const counted = rows.reduce((sum, { count }) => sum + count, 0);
  const firsts = rows.map(({ first }) => first.getTime());
  const since = counted < most ? Number.NEGATIVE_INFINITY : firsts.reduce((a, b) => Math.min(a, b), Infinity);
  const statesOf = new Map<number, HistoryState[]>();
  for (const { bucket, first: _, ...state } of rows) {
    statesOf.set(bucket, [...(statesOf.get(bucket) ?? []), state]);
  }
  return spans.map((span, i) => ({
    ...span,
    states: (statesOf.get(i) ?? []).sort((a, b) => (a.type + a.name < b.type + b.name ? -1 : 1)),
    complete: span.from.getTime() > since,
  }));
}

/** The buckets of a span, oldest first; the last ends with the span. */
export function bucketsOf(options: { readonly from: Date; readonly to: Date; readonly intervalSeconds: number }) {
  const { from, to, intervalSeconds } = options;
  const count = Math.ceil((to.getTime() - from.getTime()) / (1000 * intervalSeconds));
  if (!(count >= 1 && count <= MOST_BUCKETS)) {
    throw new ChampionError(`A span can't be cut into ${Number.isFinite(count) ? count : 'such'} buckets`, {
      code: 'INVALID_INPUT',
      hint: `Ask for a span that ends after it begins, in 1 to ${MOST_BUCKETS} intervals.`,
      context: { from, to, intervalSeconds },
    });
  }
  const at = (i: number) => new Date(Math.min(from.getTime() + 1000 * intervalSeconds * i, to.getTime()));
  return Array.from({ length: count }, (_, i) => ({ from: at(i), to: at(i + 1) }));
}
