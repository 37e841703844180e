import type { Database } from './records/database.ts';

export interface PruneOptions {
  /** Runs that ended longer ago than so many milliseconds go, with all that belongs to them. */
  readonly flowRunsOlderThan: number;
  /** Log lines and states of ended runs can go earlier, by their own age in milliseconds. */
  readonly logsOlderThan?: number;
  readonly statesOlderThan?: number;
  readonly now: Date;
  /** Rows that one statement takes: default 500 families of runs, and ten times as many lines. */
  readonly batch?: number;
  /** Takes the durable workflows of runs that are about to go. Called before their records go, so that none is left over. */
  readonly forget: (ids: readonly string[]) => Promise<void>;
  /** Between two batches nothing more is begun once it fires. */
  readonly signal?: AbortSignal;
}

/** Rows removed. */
export interface Pruned {
  readonly flowRuns: number;
  readonly taskRuns: number;
  readonly states: number;
  readonly logs: number;
}

const DEFAULT_BATCH = 500;
const LINES_PER_FAMILY = 10;

/**
 * Removes old records, batch by batch, each in a short transaction of its own. A run goes with its whole family, when the
 * family's first run and all below it ended before the cutoff; one that has not ended keeps all it has. Safe to interrupt
 * at any point, and beside running flows.
 */
export async function prune(database: Database, options: PruneOptions): Promise<Pruned> {
  const families = Math.max(1, Math.trunc(options.batch ?? DEFAULT_BATCH));
  const work: Pruning = { database, options, families, lines: families * LINES_PER_FAMILY };
  const gone = await pruneRuns(work);
  const logs = await pruneByAge(work, 'logs', options.logsOlderThan);
  const states = await pruneByAge(work, 'states', options.statesOlderThan);
  return { ...gone, logs: gone.logs + logs, states: gone.states + states };
}

interface Pruning {
  readonly database: Database;
  readonly options: PruneOptions;
  readonly families: number;
  readonly lines: number;
}

async function pruneRuns({ database, options, families, lines }: Pruning): Promise<Pruned> {
  const cutoff = new Date(options.now.getTime() - options.flowRunsOlderThan);
  let [flowRuns, taskRuns, states, logs] = [0, 0, 0, 0];
  let [key, id] = ['-infinity', NO_ID];
  while (options.signal?.aborted !== true) {
    const roots = await database.run<{ id: string; key: string }>(ROOTS, [cutoff, key, id, families]);
    const last = roots.at(-1);
    if (last === undefined) break;
    [key, id] = [last.key, last.id];
    const rootIds = roots.map((root) => root.id);
    const ids = (await database.run<{ id: string }>(FAMILIES, [rootIds, cutoff])).map((run) => run.id);
    if (ids.length === 0) continue;
    await options.forget(ids);
    // What a run has much of goes first, in bounded statements: the last one then has little left to take along.
    logs += await repeat(database, LOGS_OF_RUNS, ids, lines);
    states += await repeat(database, STATES_OF_RUNS, ids, lines);
    taskRuns += await repeat(database, TASKS_OF_RUNS, ids, lines);
    flowRuns += (await database.run(RUNS, [ids])).length;
  }
  return { flowRuns, taskRuns, states, logs };
}

async function repeat(
  database: Database,
  statement: typeof LOGS_OF_RUNS,
  ids: string[],
  most: number,
): Promise<number> {
  for (let total = 0; ; ) {
    const rows = await database.run<{ count: number }>(statement, [ids, most]);
    const count = rows[0]?.count ?? 0;
    total += count;
    if (count < most) return total;
  }
}

/**
 * Lines and states in the order they were written, oldest first, until one is young: their ids grow with time, near
 * enough, which saves an index of ten million times. What is out of order goes the next time.
 */
async function pruneByAge(
  { database, options, lines }: Pruning,
  table: 'logs' | 'states',
  olderThan: number | undefined,
): Promise<number> {
  if (olderThan === undefined) return 0;
  const cutoff = new Date(options.now.getTime() - olderThan);
  let total = 0;
  let after = '0';
  while (options.signal?.aborted !== true) {
    const rows = await database.run<{ count: number; reached: string | null; young: boolean }>(BY_AGE[table], [
      cutoff,
      after,
      lines,
    ]);
    const batch = rows[0];
    total += batch?.count ?? 0;
    if (batch?.reached == null || batch.young) break;
    after = batch.reached;
  }
  return total;
}

const NO_ID = '00000000-0000-0000-0000-000000000000';

/** Ended runs without a parent, from the one that ended first. */
const ROOTS = {
  name: 'prune-roots',
  text: `
    SELECT id, coalesce(end_time, 'infinity')::text AS key FROM champion.flow_runs
    WHERE parent_flow_run_id IS NULL AND coalesce(end_time, 'infinity') < $1
      AND (coalesce(end_time, 'infinity'), id) > ($2::timestamptz, $3::uuid)
      AND state_type IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')
    ORDER BY coalesce(end_time, 'infinity'), id LIMIT $4`,
};

/** Those of them, with all below them, of whose family nobody is unfinished or too young. */
const FAMILIES = {
  name: 'prune-families',
  text: `
    WITH RECURSIVE family AS (
      SELECT id AS root, id, end_time, state_type FROM champion.flow_runs WHERE id = ANY($1::uuid[])
      UNION ALL
      SELECT family.root, child.id, child.end_time, child.state_type
      FROM champion.flow_runs child JOIN family ON child.parent_flow_run_id = family.id
    ), kept AS (
      SELECT DISTINCT root FROM family
      WHERE coalesce(end_time, 'infinity') >= $2
        OR state_type NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')
    )
    SELECT id FROM family WHERE NOT EXISTS (SELECT FROM kept WHERE kept.root = family.root)`,
};

/** What a follower was not told of before it goes is lost to it, and that is to be seen. */
const LOST_TO_FOLLOWERS = `, lost AS (
      UPDATE champion.followers f SET lost = f.lost + gone.count
      FROM (
        SELECT f.name, count(*) AS count FROM champion.followers f
        JOIN gone ON gone.kind = 'flow' AND gone.type = ANY (f.types) AND gone.id > f.told_id
        GROUP BY f.name
      ) gone WHERE f.name = gone.name
    )`;
const GONE = { logs: '', task_runs: '', states: LOST_TO_FOLLOWERS };

const LOGS_OF_RUNS = { name: 'prune-logs-of-runs', text: ofRuns('logs') };
const STATES_OF_RUNS = { name: 'prune-states-of-runs', text: ofRuns('states') };
/** Their attempts go with them. */
const TASKS_OF_RUNS = { name: 'prune-tasks-of-runs', text: ofRuns('task_runs') };

function ofRuns(table: keyof typeof GONE): string {
  return `
    WITH gone AS (
      DELETE FROM champion.${table} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM champion.${table} WHERE flow_run_id = ANY($1::uuid[]) LIMIT $2))
      RETURNING *
    )${GONE[table]}
    SELECT count(*)::integer AS count FROM gone`;
}

/** Children go with their parents, in whatever order: the reference is checked at the statement's end. */
const RUNS = {
  name: 'prune-runs',
  text: `DELETE FROM champion.flow_runs WHERE id = ANY($1::uuid[]) RETURNING 1`,
};

const BY_AGE = {
  logs: { name: 'prune-logs', text: byAge('logs') },
  states: { name: 'prune-states', text: byAge('states') },
};

function byAge(table: keyof typeof GONE): string {
  return `
    WITH oldest AS MATERIALIZED (
      SELECT id, at, flow_run_id FROM champion.${table} WHERE id > $2::bigint ORDER BY id LIMIT $3
    ), gone AS (
      DELETE FROM champion.${table} WHERE id = ANY(ARRAY(
        SELECT o.id FROM oldest o JOIN champion.flow_runs r ON r.id = o.flow_run_id
        WHERE o.at < $1 AND r.state_type IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')))
      RETURNING *
    )${GONE[table]}
    SELECT (SELECT count(*)::integer FROM gone) AS count, (SELECT max(id)::text FROM oldest) AS reached,
      (SELECT coalesce(bool_or(at >= $1), true) FROM oldest) AS young`;
}
