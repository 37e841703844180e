import type { Statement } from '../records/database.ts';
import { DEAD_AFTER_MS } from '../workers/worker-records.ts';

const AT_WORK = `r.state_type IN ('PENDING', 'RUNNING', 'CANCELLING') AND r.parent_flow_run_id IS NULL`;

/** By the database's clock, as heartbeats are. */
const LIVE_WORKER = `
  w.status = 'online' AND w.work_pool = p.name
    AND w.last_heartbeat_at > clock_timestamp() - make_interval(secs => ${DEAD_AFTER_MS / 1_000})`;

/** $1 ids, $2 names, $3 counted at most, $4 limit */
export const LIST_POOLS: Statement = {
  name: 'work-pools-list',
  text: `
    SELECT p.id, p.name, p.type, p.description, p.is_paused AS "isPaused", p.concurrency_limit AS "concurrencyLimit",
      CASE WHEN p.is_paused THEN 'paused'
        WHEN EXISTS (SELECT FROM champion.workers w
          WHERE ${LIVE_WORKER} AND cardinality(w.work_queues) > 0) THEN 'ready'
        ELSE 'not_ready' END AS status,
      (SELECT q.id FROM champion.work_queues q WHERE q.work_pool_id = p.id
        ORDER BY q.name <> 'default', q.created_at, q.id LIMIT 1) AS "defaultQueueId",
      (SELECT count(*)::integer FROM (
        SELECT FROM champion.work_queues q JOIN champion.flow_runs r ON r.work_queue_id = q.id
        WHERE q.work_pool_id = p.id AND ${AT_WORK} LIMIT $3) AS at_work) AS running,
      p.created_at AS "createdAt", p.updated_at AS "updatedAt"
    FROM champion.work_pools p
    WHERE ($1::uuid[] IS NULL OR p.id = ANY ($1)) AND ($2::text[] IS NULL OR p.name = ANY ($2))
    ORDER BY p.name LIMIT $4`,
};

/** $1 ids, $2 names, $3 pools, $4 counted at most, $5 late if expected by, $6 limit, $7 offset */
export const LIST_QUEUES: Statement = {
  name: 'work-queues-list',
  text: `
    SELECT q.id, q.name, q.description, p.id AS "workPoolId", p.name AS "workPoolName", q.is_paused AS "isPaused",
      q.concurrency_limit AS "concurrencyLimit", q.priority,
      CASE WHEN q.rate_runs IS NOT NULL
        THEN jsonb_build_object('runs', q.rate_runs, 'perSeconds', q.rate_seconds) END AS rate,
      CASE WHEN q.is_paused OR p.is_paused THEN 'paused'
        WHEN EXISTS (SELECT FROM champion.workers w
          WHERE ${LIVE_WORKER} AND q.name = ANY (w.work_queues)) THEN 'ready'
        ELSE 'not_ready' END AS status,
      q.last_polled AS "lastPolled", waiting.scheduled, waiting.late, at_work.running,
      q.created_at AS "createdAt", q.updated_at AS "updatedAt"
    FROM champion.work_queues q
    JOIN champion.work_pools p ON p.id = q.work_pool_id
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS scheduled, (count(*) FILTER (WHERE expected_start_time <= $5))::integer AS late
      FROM (
        SELECT r.expected_start_time FROM champion.flow_runs r
        WHERE r.work_queue_id = q.id AND r.state_type = 'SCHEDULED' ORDER BY r.expected_start_time LIMIT $4) AS first
    ) AS waiting
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS running
      FROM (SELECT FROM champion.flow_runs r WHERE r.work_queue_id = q.id AND ${AT_WORK} LIMIT $4) AS few
    ) AS at_work
    WHERE ($1::uuid[] IS NULL OR q.id = ANY ($1)) AND ($2::text[] IS NULL OR q.name = ANY ($2))
      AND ($3::text[] IS NULL OR p.name = ANY ($3))
    ORDER BY p.name, q.priority, q.name LIMIT $6 OFFSET $7`,
};

/** With a queue of its own, so that it can be used at once. */
export const INSERT_POOL: Statement = {
  name: 'work-pool-insert',
  text: `
    WITH pool AS (
      INSERT INTO champion.work_pools (name, type, description, is_paused, concurrency_limit, created_at, updated_at)
      VALUES ($1, $2, $3, $4, $5, $6, $6)
      ON CONFLICT (name) DO NOTHING
      RETURNING id
    )
    INSERT INTO champion.work_queues (work_pool_id, name, created_at, updated_at)
    SELECT id, 'default', $6, $6 FROM pool
    RETURNING work_pool_id AS id`,
};

export const UPDATE_POOL: Statement = {
  name: 'work-pool-update',
  text: `
    UPDATE champion.work_pools SET description = $2, is_paused = $3, concurrency_limit = $4, updated_at = $5
    WHERE id = $1`,
};

const UNUSED = `
  NOT EXISTS (SELECT FROM champion.deployments d WHERE d.work_queue_id = q.id)
  AND NOT EXISTS (SELECT FROM champion.flow_runs r
    WHERE r.work_queue_id = q.id AND r.state_type = 'SCHEDULED')`;

export const DELETE_POOL: Statement = {
  name: 'work-pool-delete',
  text: `
    DELETE FROM champion.work_pools p
    WHERE p.id = $1
      AND NOT EXISTS (SELECT FROM champion.work_queues q WHERE q.work_pool_id = p.id AND NOT (${UNUSED}))
    RETURNING p.id`,
};

export const INSERT_QUEUE: Statement = {
  name: 'work-queue-insert',
  text: `
    INSERT INTO champion.work_queues (work_pool_id, name, description, is_paused, concurrency_limit, priority, rate_runs,
      rate_seconds, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
    ON CONFLICT (work_pool_id, name) DO NOTHING
    RETURNING id`,
};

export const UPDATE_QUEUE: Statement = {
  name: 'work-queue-update',
  text: `
    UPDATE champion.work_queues
    SET description = $2, is_paused = $3, concurrency_limit = $4, priority = $5, rate_runs = $6, rate_seconds = $7,
      updated_at = $8
    WHERE id = $1`,
};

export const DELETE_QUEUE: Statement = {
  name: 'work-queue-delete',
  text: `DELETE FROM champion.work_queues q WHERE q.id = $1 AND ${UNUSED} RETURNING q.id`,
};

/** $1 a queue, or $2 a pool; $3 counted at most */
export const USERS_OF_QUEUE: Statement = {
  name: 'work-queue-users',
  text: `
    WITH queue AS (
      SELECT id FROM champion.work_queues WHERE id = $1::uuid OR work_pool_id = $2::uuid
    )
    SELECT
      ARRAY(SELECT d.flow_name || '/' || d.name FROM champion.deployments d
        WHERE d.work_queue_id IN (SELECT id FROM queue) ORDER BY 1 LIMIT 20) AS deployments,
      (SELECT count(*)::integer FROM (
        SELECT FROM champion.flow_runs r
        WHERE r.work_queue_id IN (SELECT id FROM queue) AND r.state_type = 'SCHEDULED' LIMIT $3) AS few) AS waiting`,
};
