import { type Field, RUN_WORDS } from '../filter/fields.ts';
import { type Comparison, type NumberComparison, type OrderTerm, parseFilter, parseOrderBy } from '../filter/parse.ts';
import { checkCount, experimentNumber, LIMITS, resultCount } from '../limits.ts';
import type { View } from '../model.ts';
import { conditions, lifecycleCondition, numberCondition, type RareCondition, runTarget } from './conditions.ts';
import { type KeyValue, listDigest, startOf } from './page-token.ts';
import { Parameters } from './parameters.ts';
import { RUN_COLUMNS } from './run-row.ts';
import { afterRow, type Order, orderOf, type SortColumn, sortList } from './sorting.ts';

export interface RunSearch {
  readonly experimentIds: readonly string[];
  /** MLflow's filter grammar: `metrics.rows > 100 AND params.model = 'tree'`. */
  readonly filter?: string | undefined;
  /** `['metrics.rows DESC', 'run_name']`; ties by start time, newest first, then run id. */
  readonly orderBy?: readonly string[] | undefined;
  /** `active` when not given. */
  readonly view?: View | undefined;
  /** 1,000 when not given, 50,000 at most. */
  readonly maxResults?: number | undefined;
  readonly pageToken?: string | undefined;
}

/** A search, understood. */
export interface ParsedSearch {
  readonly experiments: readonly number[];
  readonly comparisons: readonly Comparison[];
  readonly terms: readonly OrderTerm[];
  readonly view: View;
  readonly count: number;
  readonly pageToken: string | undefined;
  /** Tells its pages from those of other searches. */
  readonly digest: string;
}

/** A search as one statement. */
export interface CompiledSearch {
  readonly text: string;
  readonly values: readonly unknown[];
  /** What its columns k0, k1 and so on are. */
  readonly columns: readonly SortColumn[];
}

const TIE_BREAK: readonly SortColumn[] = [
  { expression: 'r.start_time', kind: 'number', ascending: false, nullable: false },
  { expression: 'r.run_id', kind: 'text', ascending: true, nullable: false },
];

/** @throws FilterError, ChampionError INVALID_INPUT */
export function parseSearch(search: RunSearch): ParsedSearch {
  const { filter = '', orderBy = [], view = 'active', pageToken } = search;
  checkCount('experiments', search.experimentIds.length, LIMITS.experimentIds);
  const experiments = [...new Set(search.experimentIds.map(experimentNumber))].sort((a, b) => a - b);
  return {
    experiments,
    comparisons: parseFilter(filter, RUN_WORDS),
    terms: parseOrderBy(orderBy, RUN_WORDS),
    view,
    count: resultCount(search.maxResults, LIMITS.defaultResults, LIMITS.maxResults),
    pageToken,
    digest: listDigest('runs', experiments, filter, orderBy, view),
  };
}

/**
 * The page's keys are found first, from the narrow tables; only then are its runs read with all they hold.
 * @param rare the condition that few runs fulfil, if one is known to be
 * @throws ChampionError INVALID_INPUT for a page token that is not this search's
 */
export function compileSearch(search: ParsedSearch, rare?: RareCondition): CompiledSearch {
  const { experiments, comparisons, terms, view, count, digest } = search;
  const parameters = new Parameters();
  const one = experiments.length === 1;
  const experiment = one ? parameters.add(experiments[0], 'bigint') : 's.experiment_id';
  const target = runTarget(experiment, parameters);
  const order = orderOf(terms, target, TIE_BREAK);
  const start = startOf(search.pageToken, digest, order.columns.length);
  const ofFirst = terms[0] ? numbersOf(terms[0].field, comparisons) : [];
  const others = comparisons.filter((comparison) => !ofFirst.some((same) => same === comparison));
  const { joins, where } = conditions(others, target, rare);
  const scope = [`r.experiment_id = ${experiment}`, lifecycleCondition('r', view), ...where];
  const limit = count + 1;

  const keys = (branch: Order, only: readonly string[]) =>
    `SELECT r.id, ${branch.columns.map(({ expression }, index) => `${expression} AS k${index}`).join(', ')}
    FROM tracking.runs r ${[...joins, ...branch.joins].join(' ')}
    WHERE ${[...scope, ...only].join(' AND ')}
    ORDER BY ${sortList(branch.columns)}
    LIMIT ${limit}`;
  const acrossExperiments = (branch: Order, only: readonly string[]) => {
    if (one) return keys(branch, only);
    const all = parameters.add(experiments, 'bigint[]');
    return `SELECT b.* FROM unnest(${all}) AS s (experiment_id) CROSS JOIN LATERAL (${keys(branch, only)}) AS b
    ORDER BY ${sortList(branch.columns, (index) => `b.k${index}`)}
    LIMIT ${limit}`;
  };
  const after = (branch: Order) => (start ? [afterRow(branch.columns, start, parameters)] : []);

  const branches = byMetric(order);
  const within = ofFirst.map((comparison) =>
    numberCondition(comparison, order.columns[0]?.expression ?? '', parameters),
  );
  const page =
    branches === undefined
      ? `page AS (${acrossExperiments(order, after(order))})`
      : metricFirst(branches, start, within, { acrossExperiments, after, limit });
  return {
    text: `WITH ${page}
    SELECT ${order.columns.map((_, index) => `p.k${index}`).join(', ')}, ${RUN_COLUMNS}
    FROM page p JOIN tracking.runs r ON r.id = p.id
    ORDER BY ${sortList(order.columns, (index) => `p.k${index}`)}`,
    values: parameters.values,
    columns: order.columns,
  };
}

interface MetricBranches {
  /** The runs that have the metric, and as a number: an index has them in order. */
  readonly numbers: Order;
  readonly rest: Order;
}

/** An order that starts with a metric falls into two, of which the second is asked only when the first fills no page. */
function byMetric(order: Order): MetricBranches | undefined {
  const [first, ...others] = order.columns;
  if (first?.kind !== 'metric') return undefined;
  const [join = '', ...otherJoins] = order.joins;
  return {
    numbers: {
      columns: [{ ...first, nullable: false }, ...others],
      joins: [join.replace('LEFT JOIN', 'JOIN'), ...otherJoins],
    },
    rest: order,
  };
}

interface Compiler {
  readonly acrossExperiments: (branch: Order, only: readonly string[]) => string;
  readonly after: (branch: Order) => readonly string[];
  readonly limit: number;
}

/** @param within what the filter says of the metric: if anything, only runs that have it as a number are looked for */
function metricFirst(
  { numbers, rest }: MetricBranches,
  start: readonly KeyValue[] | undefined,
  within: readonly string[],
  { acrossExperiments, after, limit }: Compiler,
): string {
  const value = rest.columns[0]?.expression ?? '';
  const restOnly = `(${value} IS NULL OR ${value} = 'NaN')`;
  const startsInRest = start !== undefined && (start[0] === null || Number.isNaN(start[0]));
  if (startsInRest && within.length === 0) return `page AS (${acrossExperiments(rest, [restOnly, ...after(rest)])})`;
  const first = acrossExperiments(numbers, [`${value} < 'NaN'`, ...within, ...after(numbers)]);
  if (within.length > 0) return `page AS (${first})`;
  return `numbers AS MATERIALIZED (${first}),
    rest AS MATERIALIZED (${acrossExperiments(rest, [restOnly, `(SELECT count(*) FROM numbers) < ${limit}`])}),
    page AS (
      SELECT * FROM (SELECT * FROM numbers UNION ALL SELECT * FROM rest) AS b
      ORDER BY ${sortList(rest.columns, (index) => `b.k${index}`)}
      LIMIT ${limit}
    )`;
}

/** The conditions by which only runs with a number for this metric pass. */
function numbersOf({ entity, key }: Field, comparisons: readonly Comparison[]): NumberComparison[] {
  if (entity !== 'metric') return [];
  return comparisons.filter(
    (one): one is NumberComparison =>
      one.kind === 'number' && one.field.entity === 'metric' && one.field.key === key && one.operator !== '!=',
  );
}
