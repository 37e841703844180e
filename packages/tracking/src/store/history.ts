import { checkRunId, LIMITS, resultCount } from '../limits.ts';
import type { Metric, Page } from '../model.ts';
import { invalid, noSuchRun } from '../refusal.ts';
import type { Database } from './database.ts';
import { listDigest, pageToken, startOf } from './page-token.ts';
import { Parameters } from './parameters.ts';
import { afterRow, type SortColumn, sortList } from './sorting.ts';

export interface HistoryQuery {
  readonly runId: string;
  readonly key: string;
  /** 25,000 when not given, and at most. */
  readonly maxResults?: number | undefined;
  readonly pageToken?: string | undefined;
}

export interface BulkHistoryQuery {
  /** At most 100. */
  readonly runIds: readonly string[];
  readonly key: string;
  /** Both or neither; both ends included. */
  readonly startStep?: number | undefined;
  readonly endStep?: number | undefined;
  /** Per run: 2,500 when not given, and at most. */
  readonly maxResults?: number | undefined;
}

export interface RunMetric extends Metric {
  readonly runId: string;
}

type Point = Pick<Metric, 'value' | 'timestamp' | 'step'>;

const ORDER: readonly SortColumn[] = [
  { expression: 'm.timestamp', kind: 'number', ascending: true, nullable: false },
  { expression: 'm.step', kind: 'number', ascending: true, nullable: false },
  { expression: 'm.value', kind: 'metric', ascending: true, nullable: true },
];

/** Every point of a metric, oldest first: by timestamp, step, value. @throws ChampionError NOT_FOUND, INVALID_INPUT */
export async function metricHistory(database: Database, query: HistoryQuery): Promise<Page<Metric>> {
  const { runId, key } = query;
  checkRunId(runId);
  checkText(key);
  const count = resultCount(query.maxResults, LIMITS.historyResults, LIMITS.historyResults);
  const digest = listDigest('history', runId, key);
  const start = startOf(query.pageToken, digest, ORDER.length);
  const parameters = new Parameters();
  const on = [`m.run = r.id AND m.key = ${parameters.add(key, 'text')}`];
  if (start) on.push(afterRow(ORDER, start, parameters));
  const rows = await database.rows<{ [K in keyof Point]: Point[K] | null }>(
    `SELECT m.value, m.timestamp, m.step FROM tracking.runs r LEFT JOIN tracking.metrics m ON ${on.join(' AND ')}
    WHERE r.run_id = ${parameters.add(runId, 'text')}
    ORDER BY ${sortList(ORDER)} LIMIT ${count + 1}`,
    parameters.values,
  );
  if (!rows[0]) throw noSuchRun(runId);
  const points = rows.filter((row): row is Point => row.value !== null).map((point) => ({ key, ...point }));
  const items = points.slice(0, count);
  const last = items.at(-1);
  if (points.length <= count || !last) return { items };
  return { items, nextPageToken: pageToken(digest, [last.timestamp, last.step, last.value]) };
}

/**
 * A metric of several runs for a chart: of each run at most `maxResults` points, evenly taken, its first and last among
 * them, by step. Runs that are not there have no points.
 * @throws ChampionError INVALID_INPUT
 */
export async function bulkHistory(database: Database, query: BulkHistoryQuery): Promise<RunMetric[]> {
  const { runIds, key, startStep, endStep } = query;
  if (runIds.length === 0 || runIds.length > LIMITS.bulkRuns) {
    throw invalid(
      `GetMetricHistoryBulkInterval request must specify at most ${LIMITS.bulkRuns} run_ids. Received ${runIds.length} run_ids.`,
      'Ask for 1 to 100 runs.',
    );
  }
  for (const runId of runIds) checkRunId(runId);
  checkText(key);
  if ((startStep === undefined) !== (endStep === undefined)) {
    const message = 'If either start step or end step are specified, both must be specified.';
    throw invalid(message, 'Give start_step and end_step, or neither.');
  }
  if (startStep !== undefined && endStep !== undefined && startStep > endStep) {
    const message = `end_step must be greater than start_step. Found start_step=${startStep} and end_step=${endStep}.`;
    throw invalid(message, 'Swap the two.');
  }
  const count = resultCount(query.maxResults, LIMITS.bulkResults, LIMITS.bulkResults);
  return database.rows<{ runId: string } & Metric>(
    `WITH points AS (
      SELECT r.run_id, m.key, m.value, m.timestamp, m.step,
        row_number() OVER (PARTITION BY r.id ORDER BY m.step, m.timestamp, m.value) - 1 AS place,
        count(*) OVER (PARTITION BY r.id) AS total
      FROM tracking.runs r JOIN tracking.metrics m ON m.run = r.id
      WHERE r.run_id = ANY ($1) AND m.key = $2 AND ($3::bigint IS NULL OR m.step BETWEEN $3 AND $4)
    )
    SELECT run_id AS "runId", key, value, timestamp, step FROM points
    WHERE total <= $5 OR CASE
      WHEN $5 = 1 THEN place = total - 1
      ELSE place = 0 OR place * ($5 - 1) / (total - 1) > (place - 1) * ($5 - 1) / (total - 1)
    END
    ORDER BY array_position($1, run_id), step, timestamp, value`,
    [runIds, key, startStep ?? null, endStep ?? null, count],
  );
}

function checkText(key: string): void {
  if (key.includes('\u0000')) throw invalid('A metric key has no NUL characters.', 'Remove the NUL character.');
}
