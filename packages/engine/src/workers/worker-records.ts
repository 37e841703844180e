import type { Database, Statement } from '../records/database.ts';

/** Between two heartbeats. */
export const HEARTBEAT_MS = 2_000;
/** Without a heartbeat for this long, a worker is dead and its runs are another's. */
export const DEAD_AFTER_MS = 10_000;

export type WorkerStatus = 'online' | 'draining' | 'offline';

/** What a process that runs flows says of itself. */
export interface WorkerIdentity {
  /** Unique among the live workers of a database. */
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  /** Most runs at work at once, child runs not counted. */
  readonly concurrency: number;
  readonly workPool: string;
  /** Those it claims runs of; none: it runs only what is asked of it directly. */
  readonly workQueues: readonly string[];
}

export interface WorkerRow extends WorkerIdentity {
  /** offline: it has stopped, or was silent for ten seconds. */
  readonly status: WorkerStatus;
  /** Runs it has, child runs not counted. */
  readonly running: number;
  readonly startedAt: Date;
  readonly lastHeartbeatAt: Date;
  /** Since the last heartbeat. */
  readonly silentForMs: number;
  /** offline, and without a word: it died or was cut off. */
  readonly silent: boolean;
}

export interface Heartbeat {
  /** False: others took it for dead, and its runs are theirs. */
  readonly alive: boolean;
  /** Its runs that somebody wants cancelled. */
  readonly cancelling: readonly { readonly id: string; readonly reason: string | null }[];
}

/** Who runs flows on the database. Times are the database's: the clocks of hosts differ. */
export class WorkerRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns names this life of the worker, among others under the same name */
  async register(worker: WorkerIdentity): Promise<Date> {
    const rows = await this.#database.run<{ started_at: Date }>(REGISTER, [
      worker.name,
      worker.workPool,
      worker.workQueues,
      worker.host,
      worker.pid,
      worker.version,
      worker.concurrency,
    ]);
    const life = rows[0]?.started_at;
    if (life === undefined) throw new Error('a worker was registered without a start');
    return life;
  }

  async beat(name: string, life: Date): Promise<Heartbeat> {
    const rows = await this.#database.runNow<{ alive: boolean; cancelling: Heartbeat['cancelling'] | null }>(BEAT, [
      name,
      life,
    ]);
    return { alive: rows[0]?.alive === true, cancelling: rows[0]?.cancelling ?? [] };
  }

  async drain(name: string, life: Date): Promise<void> {
    await this.#database.runNow(STATUS, [name, life, 'draining']);
  }

  async leave(name: string, life: Date): Promise<void> {
    await this.#database.runNow(STATUS, [name, life, 'offline']);
  }

  /** Live ones first, then by name; those that stopped more than a day ago are left out. */
  async list(): Promise<WorkerRow[]> {
    return this.#database.run<WorkerRow>(LIST, []);
  }

  /** Forgets workers that stopped long ago and have no runs. @returns how many */
  async prune(olderThanMs: number): Promise<number> {
    return (await this.#database.run(PRUNE, [olderThanMs])).length;
  }
}

const LIVE = `last_heartbeat_at > clock_timestamp() - make_interval(secs => ${DEAD_AFTER_MS / 1_000})`;

/** In a statement on flow_runs r: whether somebody has the run. */
export const HAS_LIVE_WORKER = `EXISTS (
  SELECT FROM champion.workers w WHERE w.name = r.executor_id AND w.status <> 'offline' AND w.${LIVE})`;

const REGISTER: Statement = {
  name: 'worker-register',
  text: `
    INSERT INTO champion.workers (name, status, work_pool, work_queues, host, pid, version, concurrency, started_at,
      last_heartbeat_at)
    VALUES ($1, 'online', $2, $3, $4, $5, $6, $7, date_trunc('milliseconds', clock_timestamp()), clock_timestamp())
    ON CONFLICT (name) DO UPDATE
    SET status = 'online', work_pool = excluded.work_pool, work_queues = excluded.work_queues, host = excluded.host,
      pid = excluded.pid, version = excluded.version, concurrency = excluded.concurrency,
      started_at = excluded.started_at, last_heartbeat_at = excluded.last_heartbeat_at, stopped_at = NULL
    RETURNING started_at`,
};

const BEAT: Statement = {
  name: 'worker-beat',
  text: `
    WITH beat AS (
      UPDATE champion.workers SET last_heartbeat_at = clock_timestamp()
      WHERE name = $1 AND started_at = $2 AND status <> 'offline'
      RETURNING name
    ), polled AS (
      UPDATE champion.work_queues q SET last_polled = clock_timestamp()
      FROM champion.workers w JOIN champion.work_pools p ON p.name = w.work_pool
      WHERE w.name = $1 AND w.status = 'online' AND q.work_pool_id = p.id AND q.name = ANY (w.work_queues)
    )
    SELECT EXISTS (SELECT FROM beat) AS alive,
      (SELECT jsonb_agg(jsonb_build_object('id', id, 'reason', state_message)) FROM champion.flow_runs
        WHERE executor_id = $1 AND state_type = 'CANCELLING'
          AND state_type NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'SCHEDULED')) AS cancelling`,
};

const STATUS: Statement = {
  name: 'worker-status',
  text: `
    UPDATE champion.workers
    SET status = $3, stopped_at = CASE WHEN $3 = 'offline' THEN clock_timestamp() END
    WHERE name = $1 AND started_at = $2 AND status <> 'offline'`,
};

const LIST: Statement = {
  name: 'workers-list',
  text: `
    SELECT w.name, CASE WHEN ${LIVE} THEN status ELSE 'offline' END AS status, work_pool AS "workPool",
      work_queues AS "workQueues", host, pid, version, concurrency, started_at AS "startedAt",
      last_heartbeat_at AS "lastHeartbeatAt",
      (1000 * extract(epoch FROM clock_timestamp() - last_heartbeat_at))::float8 AS "silentForMs",
      -- Who takes a dead worker's runs over writes that it stopped with its last heartbeat.
      NOT (status <> 'offline' AND ${LIVE}) AND coalesce(stopped_at, last_heartbeat_at) = last_heartbeat_at AS silent,
      (SELECT count(*)::integer FROM champion.flow_runs r
        WHERE r.executor_id = w.name AND r.parent_flow_run_id IS NULL
          AND r.state_type NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'SCHEDULED')) AS running
    FROM champion.workers w
    WHERE stopped_at IS NULL OR stopped_at > clock_timestamp() - interval '1 day'
    ORDER BY (status <> 'offline' AND ${LIVE}) DESC, w.name
    LIMIT 1000`,
};

const PRUNE: Statement = {
  name: 'workers-prune',
  text: `
    DELETE FROM champion.workers w
    WHERE last_heartbeat_at < clock_timestamp() - make_interval(secs => $1::float8 / 1000)
      AND NOT EXISTS (SELECT FROM champion.flow_runs r WHERE r.executor_id = w.name
        AND r.state_type NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'SCHEDULED'))
    RETURNING name`,
};
