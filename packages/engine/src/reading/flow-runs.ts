import { gather } from '@champion/core';
import type { Database } from '../records/database.ts';
import type { StateType } from '../states.ts';
import { all, bounded, Values } from './conditions.ts';
import { conditionsOf, type FlowRunFilter } from './flow-run-filter.ts';
import { type FlowRunPage, listFlowRuns, MOST_ROWS, type PageOptions, resolveFilter } from './flow-run-page.ts';
import {
  type FlowRunRow,
  type FlowRunSummary,
  RESULT_COLUMNS,
  RUN_JOINS,
  SUMMARY_COLUMNS,
  withStateId,
} from './flow-run-rows.ts';
import { flowRunHistory, type HistoryBucket, type HistoryOptions } from './history.ts';

/** A count that stopped at its maximum is a lower bound. */
export interface BoundedCount {
  readonly count: number;
  readonly capped: boolean;
}

const DEFAULT_MOST_COUNTED = 10_000;
const COUNT_LIMIT = 1_000_000;

const STATE_TYPES: readonly StateType[] = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
];

/** Results can be large. */
const FOUND_TOGETHER = 20;

/** Reads flow runs. */
export class FlowRunReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws ChampionError INVALID_INPUT for a cursor that is none */
  list(filter: FlowRunFilter = {}, options: PageOptions = {}): Promise<FlowRunPage> {
    return listFlowRuns(this.#database, filter, options, false);
  }

  /** The same with results and errors, which can be large. */
  listWithResults(filter: FlowRunFilter = {}, options: PageOptions = {}): Promise<FlowRunPage<FlowRunRow>> {
    return listFlowRuns(this.#database, filter, options, true);
  }

  /** One run with its result. */
  find(id: string): Promise<FlowRunRow | undefined> {
    return this.#findTogether(id);
  }

  readonly #findTogether = gather(async (ids: readonly string[]): Promise<(FlowRunRow | undefined)[]> => {
    const text = `SELECT ${SUMMARY_COLUMNS}${RESULT_COLUMNS} FROM champion.flow_runs r ${RUN_JOINS} WHERE r.id = ANY ($1)`;
    const rows = await this.#database.run<Omit<FlowRunRow, 'stateId'>>({ name: 'flow-run-find', text }, [ids]);
    const found = new Map(rows.map((row) => [row.id, withStateId(row)]));
    return ids.map((id) => found.get(id.toLowerCase()));
  }, FOUND_TOGETHER);

  /** How many runs fit, up to `maximum` (default 10,000). */
  async count(filter: FlowRunFilter = {}, maximum = DEFAULT_MOST_COUNTED): Promise<BoundedCount> {
    const most = bounded(maximum, DEFAULT_MOST_COUNTED, COUNT_LIMIT);
    const values = new Values();
    const { plain, searched } = conditionsOf(await resolveFilter(this.#database, filter), values);
    const text = `SELECT count(*)::integer AS count FROM (
      SELECT FROM champion.flow_runs r WHERE ${all([...plain, ...searched])} LIMIT ${most + 1}) fits`;
    const rows = await this.#run<{ count: number }>('flow-runs-count', text, values);
    return upTo(most, rows[0]?.count ?? 0);
  }

  /** The same for each state type; those without runs are there with 0. */
  async countByState(
    filter: FlowRunFilter = {},
    maximum = DEFAULT_MOST_COUNTED,
  ): Promise<Readonly<Record<StateType, BoundedCount>>> {
    const most = bounded(maximum, DEFAULT_MOST_COUNTED, COUNT_LIMIT);
    const values = new Values();
    const { plain, searched } = conditionsOf(await resolveFilter(this.#database, filter), values);
    // Spelt out, so that each type is planned by its own frequency.
    const counts = STATE_TYPES.map(
      (type) => `SELECT '${type}' AS type, (SELECT count(*)::integer FROM (
        SELECT FROM champion.flow_runs r
        WHERE ${all([`r.state_type = '${type}'`, ...plain, ...searched])} LIMIT ${most + 1}) fits) AS count`,
    );
    const rows = await this.#run<{ type: StateType; count: number }>(
      'flow-runs-count-by-state',
      counts.join('\nUNION ALL '),
      values,
    );
    return Object.fromEntries(rows.map(({ type, count }) => [type, upTo(most, count)])) as Record<
      StateType,
      BoundedCount
    >;
  }

  /** Runs by when they were expected to start, in buckets of time and by state. */
  async history(options: HistoryOptions): Promise<readonly HistoryBucket[]> {
    const filter = await resolveFilter(this.#database, options.filter ?? {});
    return flowRunHistory(this.#database, filter, options);
  }

  /** The latest runs that have been begun, or ended unbegun, of each flow: at most `each` (default 30), latest first. */
  latestOfFlows(flowNames: readonly string[], each = 30): Promise<Map<string, FlowRunSummary[]>> {
    return this.#latest('flow_name', 'text', flowNames, each);
  }

  /** The same of each deployment. */
  latestOfDeployments(deploymentIds: readonly string[], each = 30): Promise<Map<string, FlowRunSummary[]>> {
    return this.#latest('deployment_id', 'uuid', deploymentIds, each);
  }

  async #latest(
    column: 'flow_name' | 'deployment_id',
    type: 'text' | 'uuid',
    owners: readonly string[],
    each: number,
  ): Promise<Map<string, FlowRunSummary[]>> {
    // Between owner and owner, not equal to it, and ordered by it: an equality lets the planner drop the column from the
    // order and walk the whole index of times, seconds at a million runs for an owner that has none.
    const text = `WITH latest AS MATERIALIZED (
        SELECT owner, r.id, r.expected_start_time AS key
        FROM unnest($1::${type}[]) AS owner CROSS JOIN LATERAL (
          SELECT r.id, r.expected_start_time FROM champion.flow_runs r
          WHERE r.${column} >= owner AND r.${column} <= owner AND r.state_type <> 'SCHEDULED'
          ORDER BY r.${column} DESC, r.expected_start_time DESC, r.id DESC LIMIT $2) r)
      SELECT latest.owner, ${SUMMARY_COLUMNS}
      FROM latest JOIN champion.flow_runs r ON r.id = latest.id ${RUN_JOINS}
      ORDER BY latest.owner, latest.key DESC, latest.id DESC`;
    const wanted = [...new Set(owners)].slice(0, MOST_ROWS);
    const rows = await this.#database.run<Omit<FlowRunSummary, 'stateId'> & { owner: string }>(
      { name: `flow-runs-latest-${column}`, text },
      [wanted, bounded(each, 30, 200)],
    );
    const latest = new Map<string, FlowRunSummary[]>(wanted.map((owner) => [owner, []]));
    for (const { owner, ...row } of rows) latest.get(owner)?.push(withStateId(row));
    return latest;
  }

  /** The scheduled run of each flow that comes next, late ones first; flows without one are missing. */
  async nextOfFlows(flowNames: readonly string[]): Promise<Map<string, FlowRunSummary>> {
    const text = `WITH next AS MATERIALIZED (
        SELECT DISTINCT ON (r.flow_name) r.id FROM champion.flow_runs r
        WHERE r.state_type = 'SCHEDULED' AND r.flow_name = ANY($1)
        ORDER BY r.flow_name, r.expected_start_time, r.id)
      SELECT ${SUMMARY_COLUMNS} FROM next JOIN champion.flow_runs r ON r.id = next.id ${RUN_JOINS}`;
    const rows = await this.#database.run<Omit<FlowRunSummary, 'stateId'>>(
      { name: 'flow-runs-next', text, prepared: false },
      [flowNames],
    );
    return new Map(rows.map((row) => [row.flowName, withStateId(row)]));
  }

  /** How many task runs each run has; of 1000 runs at most. */
  async countTaskRuns(ids: readonly string[]): Promise<Map<string, number>> {
    const wanted = [...new Set(ids)].slice(0, MOST_ROWS);
    const text = `SELECT flow_run_id AS id, count(*)::integer AS count
      FROM champion.task_runs WHERE flow_run_id = ANY($1) GROUP BY flow_run_id`;
    const rows = await this.#database.run<{ id: string; count: number }>({ name: 'flow-runs-count-tasks', text }, [
      wanted,
    ]);
    return new Map([...wanted.map((id) => [id, 0] as const), ...rows.map(({ id, count }) => [id, count] as const)]);
  }

  #run<Row extends object>(name: string, text: string, values: Values): Promise<Row[]> {
    return this.#database.run<Row>({ name, text, prepared: false }, values.list);
  }
}

function upTo(most: number, count: number): BoundedCount {
  return { count: Math.min(count, most), capped: count > most };
}
