import type { LogLevel } from '../events.ts';
import type { Database } from '../records/database.ts';
import { all, bounded, containing, type TimeWindow, Values, within } from './conditions.ts';

/** Which log lines: all that is given must hold. Without runs, those of all runs. */
export interface LogFilter {
  /** The first 200 count. */
  readonly flowRunIds?: readonly string[];
  readonly taskRunIds?: readonly string[];
  /** 10 debug, 20 info, 30 warn, 40 error. */
  readonly minimumLevel?: number;
  /** A part of the message, in any case. */
  readonly text?: string;
  readonly at?: TimeWindow;
}

export interface LogLineRow {
  /** Grows with time. */
  readonly id: number;
  readonly flowRunId: string;
  readonly taskRunId: string | null;
  readonly level: LogLevel;
  /** 10 debug, 20 info, 30 warn, 40 error. */
  readonly levelNumber: number;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | null;
  readonly at: Date;
}

export interface LogPage {
  readonly lines: LogLineRow[];
  /**
   * Pass it as `after` to read on; undefined at the end. A page can be short, even empty, and not the last: a search looks
   * through 20,000 lines at a time.
   */
  readonly next: number | undefined;
}

export interface LogOptions {
  /** By id. Default "asc". */
  readonly order?: 'asc' | 'desc';
  /** Default 200, 1000 at most. */
  readonly limit?: number;
  readonly offset?: number;
  /** The id of the last line read: only lines beyond it, in the order asked for. */
  readonly after?: number;
}

const DEFAULT_LINES = 200;
const MOST_LINES = 1_000;
const MOST_RUNS = 200;
const LOOK_THROUGH = 20_000;

interface Found {
  readonly lookedThrough: number;
  readonly reached: string | null;
  /** Null when no line fits. */
  readonly id: string | null;
}

/** Reads the logs of runs. */
export class LogReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(filter: LogFilter = {}, options: LogOptions = {}): Promise<LogPage> {
    const values = new Values();
    const limit = bounded(options.limit, DEFAULT_LINES, MOST_LINES);
    const offset = bounded(options.offset, 0, Number.MAX_SAFE_INTEGER);
    const conditions = conditionsOf(filter, values);
    const lookThrough = conditions.length === 0 ? limit + offset : LOOK_THROUGH + offset;
    const scan = scanOf(await this.#runsOf(filter), options, lookThrough, values);
    const direction = options.order === 'desc' ? 'DESC' : 'ASC';
    const text = `WITH scanned AS MATERIALIZED (${scan}), fits AS (
        SELECT id, flow_run_id AS "flowRunId", task_run_id AS "taskRunId", level, level_number AS "levelNumber", message,
          fields, at
        FROM scanned l WHERE ${all(conditions)} ORDER BY id ${direction} LIMIT ${limit} OFFSET ${offset})
      SELECT seen.*, fits.* FROM (
          SELECT count(*)::integer AS "lookedThrough", ${direction === 'ASC' ? 'max' : 'min'}(id) AS reached FROM scanned
        ) seen LEFT JOIN fits ON true ORDER BY fits.id ${direction}`;
    const rows = await this.#database.run<Found & Omit<LogLineRow, 'id'>>(
      { name: 'logs-list', text, prepared: false },
      values.list,
    );
    const lines = rows.flatMap(({ lookedThrough: _, reached: __, id, ...line }) =>
      id === null ? [] : [{ ...line, id: Number(id) }],
    );
    return { lines, next: nextOf(rows[0], lines, limit, lookThrough) };
  }

  /** The last lines, oldest of them first. */
  async tail(filter: LogFilter = {}, count = DEFAULT_LINES): Promise<LogLineRow[]> {
    return (await this.list(filter, { order: 'desc', limit: count })).lines.reverse();
  }

  /** The flow runs whose lines are wanted; undefined: all. */
  async #runsOf(filter: LogFilter): Promise<readonly string[] | undefined> {
    if (filter.taskRunIds === undefined) return filter.flowRunIds?.slice(0, MOST_RUNS);
    const text = `SELECT DISTINCT flow_run_id AS id FROM champion.task_runs
      WHERE id = ANY($1::uuid[]) AND ($2::uuid[] IS NULL OR flow_run_id = ANY($2)) LIMIT ${MOST_RUNS}`;
    const rows = await this.#database.run<{ id: string }>({ name: 'logs-flow-runs', text }, [
      filter.taskRunIds,
      filter.flowRunIds ?? null,
    ]);
    return rows.map(({ id }) => id);
  }
}

/** Where to read on: after the last line, or when the page is short, after what was looked through. */
function nextOf(
  seen: Found | undefined,
  lines: readonly LogLineRow[],
  limit: number,
  lookThrough: number,
): number | undefined {
  if (limit > 0 && lines.length === limit) return lines.at(-1)?.id;
  return seen?.reached != null && seen.lookedThrough === lookThrough ? Number(seen.reached) : undefined;
}

/** The lines in the order asked for, run by run through the index: sorted by id alone, the whole table would be read. */
function scanOf(runs: readonly string[] | undefined, options: LogOptions, lookThrough: number, values: Values): string {
  const [direction, beyond] = options.order === 'desc' ? ['DESC', '<'] : ['ASC', '>'];
  const after = options.after === undefined ? 'true' : `l.id ${beyond} ${values.add(options.after, 'bigint')}`;
  const order = `ORDER BY l.id ${direction} LIMIT ${values.add(lookThrough, 'bigint')}`;
  if (runs === undefined) return `SELECT l.* FROM champion.logs l WHERE ${after} ${order}`;
  return `SELECT l.* FROM unnest(${values.add([...new Set(runs)], 'uuid[]')}) AS run CROSS JOIN LATERAL (
    SELECT l.* FROM champion.logs l WHERE l.flow_run_id = run AND ${after} ${order}) l ${order}`;
}

function conditionsOf(filter: LogFilter, values: Values): string[] {
  return [
    ...(filter.taskRunIds === undefined ? [] : [`l.task_run_id = ANY(${values.add(filter.taskRunIds, 'uuid[]')})`]),
    ...(filter.minimumLevel === undefined ? [] : [`l.level_number >= ${values.add(filter.minimumLevel, 'integer')}`]),
    ...(filter.text === undefined ? [] : [`l.message ILIKE ${values.add(containing(filter.text), 'text')}`]),
    ...(filter.at === undefined ? [] : within('l.at', filter.at, values)),
  ];
}
