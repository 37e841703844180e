import type { Comparison, NumberComparison } from '../filter/parse.ts';
import type { Page, Run } from '../model.ts';
import { compileSearch, type ParsedSearch, parseSearch, type RunSearch } from './compile-search.ts';
import { numberCondition, type RareCondition } from './conditions.ts';
import type { Database } from './database.ts';
import { type KeyValue, pageToken } from './page-token.ts';
import { Parameters } from './parameters.ts';
import { type RunRow, runOf } from './run-row.ts';

/**
 * Up to so many runs are looked up rather than met on the way. In the order of time it pays for more: a metric's values
 * change over time, so those that match may all lie at the far end.
 */
const FEW = 5_000;
const FEW_IN_TIME = 20_000;

/** @throws FilterError, ChampionError INVALID_INPUT */
export async function searchRuns(database: Database, search: RunSearch): Promise<Page<Run>> {
  const parsed = parseSearch(search);
  if (parsed.experiments.length === 0) return { items: [] };
  const rare = await rareCondition(database, parsed);
  if (rare?.count === 0) return { items: [] };
  const { text, values, columns } = compileSearch(parsed, rare);
  const rows = await database.rows<RunRow & Record<`k${number}`, KeyValue>>(text, values);
  const items = rows.slice(0, parsed.count).map(runOf);
  const last = rows[parsed.count - 1];
  if (rows.length <= parsed.count || !last) return { items };
  const key = columns.map((_, index) => last[`k${index}`] ?? null);
  return { items, nextPageToken: pageToken(parsed.digest, key) };
}

/**
 * The condition on a metric that the fewest runs fulfil, when they are few: then it pays to look them up first. When they
 * are many, it pays to go along the order and try one run after another. PostgreSQL cannot tell the two apart, for it
 * knows how the values of all metrics together are spread and not those of each; so this counts, up to the bound, in the
 * index.
 */
async function rareCondition(
  database: Database,
  { experiments, comparisons, terms }: ParsedSearch,
): Promise<RareCondition | undefined> {
  const onMetrics = comparisons.filter(isOnMetric);
  if (onMetrics.length === 0) return undefined;
  const inTime = terms[0] === undefined || terms[0].field.entity === 'attribute';
  const few = inTime ? FEW_IN_TIME : FEW;
  const parameters = new Parameters();
  const among = parameters.add(experiments, 'bigint[]');
  const counts = onMetrics.map((comparison, index) => {
    const key = parameters.add(comparison.field.key, 'text');
    const compared = numberCondition(comparison, 'value', parameters);
    return `(SELECT count(*) FROM (
      SELECT FROM tracking.latest_metrics
      WHERE experiment_id = ANY (${among}) AND key = ${key} AND ${compared} LIMIT ${few + 1}
    ) AS matching) AS c${index}`;
  });
  const [row = {}] = await database.rows<Record<string, number>>(`SELECT ${counts.join(', ')}`, parameters.values);
  const [rarest] = onMetrics
    .map((comparison, index) => ({ comparison, count: row[`c${index}`] ?? 0 }))
    .sort((a, b) => a.count - b.count);
  return rarest && rarest.count <= few ? rarest : undefined;
}

function isOnMetric(comparison: Comparison): comparison is NumberComparison {
  return comparison.kind === 'number' && comparison.field.entity === 'metric';
}
