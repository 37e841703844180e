import type { ErrorRecord } from '@champion/core';
import type { Database } from '../records/database.ts';
import type { StateType } from '../states.ts';
import { all, bounded, containing, type TimeWindow, Values, within } from './conditions.ts';
import { stateId } from './flow-run-rows.ts';
import { bucketsOf } from './history.ts';

/** Which task runs: all that is given must hold. */
export interface TaskRunFilter {
  readonly ids?: readonly string[];
  readonly flowRunIds?: readonly string[];
  readonly stateTypes?: readonly StateType[];
  readonly stateNames?: readonly string[];
  readonly names?: readonly string[];
  /** A part of the name, in any case. */
  readonly nameContains?: string;
  readonly start?: TimeWindow;
}

export interface TaskRunSummary {
  readonly id: string;
  readonly flowRunId: string;
  readonly name: string;
  /** Name and call index within the run, for example "scrape_bhavcopy-0". */
  readonly dynamicKey: string;
  readonly stateId: string;
  readonly stateType: StateType;
  readonly stateName: string;
  readonly stateMessage: string | null;
  readonly stateAt: Date;
  readonly attemptCount: number;
  /** The task runs whose results this one was given. */
  readonly parents: readonly string[];
  readonly startTime: Date;
  readonly endTime: Date | null;
  /** Seconds from the first attempt's start to the end; 0 until it has ended. */
  readonly totalRunTime: number;
}

export interface TaskAttemptRow {
  readonly attempt: number;
  readonly stateType: StateType;
  readonly startTime: Date;
  readonly endTime: Date | null;
  readonly error: ErrorRecord | null;
  readonly retryWaitMs: number | null;
}

export interface TaskRunDetail extends TaskRunSummary {
  readonly result: unknown;
  readonly error: ErrorRecord | null;
  readonly attempts: readonly TaskAttemptRow[];
}

export interface TaskRunBucket {
  readonly from: Date;
  readonly to: Date;
  readonly counts: Readonly<Partial<Record<StateType, number>>>;
  /** False when the maximum was reached before all its task runs were counted. */
  readonly complete: boolean;
}

const DEFAULT_ROWS = 200;
const MOST_ROWS = 1_000;
const MOST_ATTEMPTS = 1_000;
const DEFAULT_MOST_COUNTED = 100_000;
const COUNT_LIMIT = 2_000_000;

/** The last attempt tells since when a task run that has not ended is in its state. */
const COLUMNS = `t.id, t.flow_run_id AS "flowRunId", t.name, t.dynamic_key AS "dynamicKey", t.state_type AS "stateType",
  t.state_name AS "stateName", t.state_message AS "stateMessage", coalesce(t.end_time, (
    SELECT coalesce(a.end_time, a.start_time) FROM champion.task_attempts a
    WHERE a.task_run_id = t.id ORDER BY a.attempt DESC LIMIT 1), t.start_time) AS "stateAt",
  t.attempts AS "attemptCount", t.parents, t.start_time AS "startTime", t.end_time AS "endTime",
  coalesce(date_part('epoch', t.end_time - t.start_time), 0) AS "totalRunTime"`;

type Stored<Row> = Omit<Row, 'stateId' | 'attempts'>;

/** Reads task runs. */
export class TaskRunReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Task runs by their start, latest first unless told; 200 unless told, 1000 at most. */
  async list(
    filter: TaskRunFilter = {},
    options: { readonly order?: 'asc' | 'desc'; readonly limit?: number; readonly offset?: number } = {},
  ): Promise<TaskRunSummary[]> {
    const values = new Values();
    const direction = options.order === 'asc' ? 'ASC' : 'DESC';
    const text = `WITH page AS MATERIALIZED (
        SELECT t.* FROM champion.task_runs t WHERE ${all(conditionsOf(filter, values))}
        ORDER BY t.start_time ${direction}, t.id ${direction}
        LIMIT ${values.add(bounded(options.limit, DEFAULT_ROWS, MOST_ROWS), 'bigint')}
        OFFSET ${values.add(bounded(options.offset, 0, Number.MAX_SAFE_INTEGER), 'bigint')})
      SELECT ${COLUMNS} FROM page t ORDER BY t.start_time ${direction}, t.id ${direction}`;
    const rows = await this.#database.run<Stored<TaskRunSummary>>(
      { name: 'task-runs-list', text, prepared: false },
      values.list,
    );
    return rows.map(withId);
  }

  /** One task run with its result and its attempts, the latest 1000. */
  async find(id: string): Promise<TaskRunDetail | undefined> {
    const run = `SELECT ${COLUMNS}, t.result, t.error FROM champion.task_runs t WHERE t.id = $1`;
    const [rows, attempts] = await Promise.all([
      this.#database.run<Stored<TaskRunDetail>>({ name: 'task-run-find', text: run }, [id]),
      this.#database.run<TaskAttemptRow>({ name: 'task-run-attempts', text: ATTEMPTS }, [id, MOST_ATTEMPTS]),
    ]);
    return rows[0] && { ...withId(rows[0]), attempts: attempts.reverse() };
  }

  /** How many task runs fit, up to `maximum` (default 10,000). */
  async count(filter: TaskRunFilter = {}, maximum = 10_000): Promise<{ count: number; capped: boolean }> {
    const most = bounded(maximum, 10_000, COUNT_LIMIT);
    const values = new Values();
    const text = `SELECT count(*)::integer AS count FROM (
      SELECT FROM champion.task_runs t WHERE ${all(conditionsOf(filter, values))} LIMIT ${most + 1}) fits`;
    const rows = await this.#database.run<{ count: number }>(
      { name: 'task-runs-count', text, prepared: false },
      values.list,
    );
    const count = rows[0]?.count ?? 0;
    return { count: Math.min(count, most), capped: count > most };
  }

  /**
   * Task runs by their start, in buckets of time and by state type: the latest 100,000 of the span unless told.
   * @throws ChampionError INVALID_INPUT for a span that is empty, or has too many buckets
   */
  async countByBucket(options: {
    readonly from: Date;
    /** Not included. */
    readonly to: Date;
    readonly intervalSeconds: number;
    readonly filter?: TaskRunFilter;
    readonly maximum?: number;
  }): Promise<TaskRunBucket[]> {
    const spans = bucketsOf(options);
    const most = bounded(options.maximum, DEFAULT_MOST_COUNTED, COUNT_LIMIT);
    const values = new Values();
    const from = values.add(options.from, 'timestamptz');
    const interval = values.add(options.intervalSeconds, 'float8');
    const window = [`t.start_time >= ${from}`, `t.start_time < ${values.add(options.to, 'timestamptz')}`];
    const text = `SELECT floor(date_part('epoch', start_time - ${from}) / ${interval})::integer AS bucket,
        state_type AS type, count(*)::integer AS count, min(start_time) AS first
      FROM (
        SELECT t.start_time, t.state_type FROM champion.task_runs t
        WHERE ${all([...window, ...conditionsOf(options.filter ?? {}, values)])}
        ORDER BY t.start_time DESC LIMIT ${most}
      ) t GROUP BY 1, 2`;
    const rows = await this.#database.run<{ bucket: number; type: StateType; count: number; first: Date }>(
      { name: 'task-runs-by-bucket', text, prepared: false },
      values.list,
    );
    const counted = rows.reduce((sum, { count }) => sum + count, 0);
    const since = counted < most ? Number.NEGATIVE_INFINITY : Math.min(...rows.map(({ first }) => first.getTime()));
    return spans.map((span, i) => ({
      ...span,
      counts: Object.fromEntries(rows.filter(({ bucket }) => bucket === i).map(({ type, count }) => [type, count])),
      complete: span.from.getTime() > since,
    }));
  }
}

const ATTEMPTS = `
  SELECT attempt, state_type AS "stateType", start_time AS "startTime", end_time AS "endTime", error,
    retry_wait_ms AS "retryWaitMs"
  FROM champion.task_attempts WHERE task_run_id = $1 ORDER BY attempt DESC LIMIT $2`;

function conditionsOf(filter: TaskRunFilter, values: Values): string[] {
  const anyOf = (column: string, given: readonly string[] | undefined, type: string) =>
    given === undefined ? [] : [`${column} = ANY(${values.add(given, `${type}[]`)})`];
  return [
    ...anyOf('t.id', filter.ids, 'uuid'),
    ...anyOf('t.flow_run_id', filter.flowRunIds, 'uuid'),
    ...anyOf('t.state_type', filter.stateTypes, 'text'),
    ...anyOf('t.state_name', filter.stateNames, 'text'),
    ...anyOf('t.name', filter.names, 'text'),
    ...(filter.nameContains === undefined
      ? []
      : [`t.name ILIKE ${values.add(containing(filter.nameContains), 'text')}`]),
    ...(filter.start === undefined ? [] : within('t.start_time', filter.start, values)),
  ];
}

function withId<Row extends Stored<TaskRunSummary>>(row: Row): Row & { readonly stateId: string } {
  return { ...row, stateId: stateId(row.id, { type: row.stateType, name: row.stateName, at: row.stateAt }) };
}
