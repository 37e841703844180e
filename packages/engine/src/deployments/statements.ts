import type { Statement } from '../records/database.ts';

const COLUMNS = `
  d.id, f.id AS "flowId", d.flow_name AS "flowName", d.name, d.version, d.description, d.tags, d.parameters,
  d.session_parameter AS "sessionParameter", d.paused, d.concurrency_limit AS "concurrencyLimit", p.name AS "workPool",
  q.name AS "workQueue", d.work_queue_id AS "workQueueId", d.entrypoint, d.defined IS NOT NULL AS "fromCode",
  d.created_at AS "createdAt", d.updated_at AS "updatedAt"`;

const FROM = `
  FROM champion.deployments d
  JOIN champion.flows f ON f.name = d.flow_name
  LEFT JOIN champion.work_queues q ON q.id = d.work_queue_id
  LEFT JOIN champion.work_pools p ON p.id = q.work_pool_id`;

const FILTER = `
  WHERE ($1::uuid[] IS NULL OR d.id = ANY ($1)) AND ($2::text[] IS NULL OR d.flow_name = ANY ($2))
    AND ($3::text[] IS NULL OR d.name = ANY ($3)) AND ($4::text IS NULL OR strpos(lower(d.name), lower($4)) > 0)
    AND ($5::text[] IS NULL OR d.tags @> $5) AND ($6::boolean IS NULL OR d.paused = $6)
    AND ($7::uuid[] IS NULL OR d.work_queue_id = ANY ($7))`;

export const ORDERS = {
  name: 'd.name, d.flow_name, d.id',
  newest: 'd.created_at DESC, d.id',
  updated: 'd.updated_at DESC, d.id',
} as const;

export function listDeployments(order: keyof typeof ORDERS): Statement {
  return {
    name: `deployments-list-${order}`,
    text: `SELECT ${COLUMNS} ${FROM} ${FILTER} ORDER BY ${ORDERS[order]} LIMIT $8 OFFSET $9`,
  };
}

export const COUNT_DEPLOYMENTS: Statement = {
  name: 'deployments-count',
  text: `SELECT count(*)::integer AS count FROM champion.deployments d ${FILTER}`,
};

/** All that are there when definitions are compared: $1 are the "flow/name" of those declared. */
export const DEPLOYMENTS_TO_PLAN: Statement = {
  name: 'deployments-to-plan',
  text: `
    SELECT ${COLUMNS}, d.defined ${FROM}
    WHERE d.flow_name || '/' || d.name = ANY ($1) OR d.defined IS NOT NULL
    ORDER BY d.flow_name, d.name`,
};

export const SCHEDULES: Statement = {
  name: 'deployments-schedules',
  text: `
    SELECT id, deployment_id AS "deploymentId", slug, cron, timezone, day_or AS "dayOr", calendar,
      catch_up AS "catchUp", parameters, active, created_at AS "createdAt", updated_at AS "updatedAt"
    FROM champion.schedules WHERE deployment_id = ANY ($1::uuid[]) ORDER BY created_at, slug, id`,
};

/** Whoever changes a deployment or its schedules takes its row first, and so one after the other. */
export const LOCK_DEPLOYMENT: Statement = {
  name: 'deployment-lock',
  text: 'SELECT id FROM champion.deployments WHERE id = $1 FOR NO KEY UPDATE',
};

/** Any constant: those who apply definitions do it one after the other. */
export const LOCK_DEFINITIONS: Statement = {
  name: 'deployments-lock-definitions',
  text: 'SELECT pg_advisory_xact_lock(4200005)',
};

export const ENSURE_QUEUE: Statement = {
  name: 'deployment-ensure-queue',
  text: `
    WITH made AS (
      INSERT INTO champion.work_queues (work_pool_id, name, created_at, updated_at)
      SELECT id, $2, $3, $3 FROM champion.work_pools WHERE name = $1
      ON CONFLICT (work_pool_id, name) DO NOTHING
      RETURNING id
    )
    SELECT id FROM made
    UNION ALL
    SELECT q.id FROM champion.work_queues q JOIN champion.work_pools p ON p.id = q.work_pool_id
    WHERE p.name = $1 AND q.name = $2
    LIMIT 1`,
};

export const INSERT_DEPLOYMENT: Statement = {
  name: 'deployment-insert',
  text: `
    INSERT INTO champion.deployments (flow_name, name, version, description, tags, parameters, session_parameter, paused,
      concurrency_limit, work_queue_id, entrypoint, defined, created_at, updated_at)
    SELECT f.name, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13 FROM champion.flows f WHERE f.name = $1
    ON CONFLICT (flow_name, name) DO NOTHING
    RETURNING id`,
};

export const UPDATE_DEPLOYMENT: Statement = {
  name: 'deployment-update',
  text: `
    UPDATE champion.deployments
    SET version = $2, description = $3, tags = $4, parameters = $5, session_parameter = $6, concurrency_limit = $7,
      work_queue_id = $8, paused = $9, updated_at = $10
    WHERE id = $1`,
};

export const SET_DEFINED: Statement = {
  name: 'deployment-set-defined',
  text: 'UPDATE champion.deployments SET defined = $2 WHERE id = $1 AND defined IS DISTINCT FROM $2',
};

export const DELETE_DEPLOYMENT: Statement = {
  name: 'deployment-delete',
  text: 'DELETE FROM champion.deployments WHERE id = $1 RETURNING id',
};

export const INSERT_SCHEDULE: Statement = {
  name: 'schedule-insert',
  text: `
    INSERT INTO champion.schedules (deployment_id, slug, cron, timezone, day_or, calendar, catch_up, parameters, active,
      decided_until, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10)
    ON CONFLICT (deployment_id, slug) DO NOTHING
    RETURNING id`,
};

/** What passed under the old rule is not caught up with under the new one. */
export const UPDATE_SCHEDULE: Statement = {
  name: 'schedule-update',
  text: `
    UPDATE champion.schedules
    SET slug = $2, cron = $3, timezone = $4, day_or = $5, calendar = $6, catch_up = $7, parameters = $8, active = $9,
      decided_until = $10, next_check = '-infinity', updated_at = $10
    WHERE id = $1`,
};

export const DELETE_SCHEDULE: Statement = {
  name: 'schedule-delete',
  text: 'DELETE FROM champion.schedules WHERE id = $1',
};

/** While a deployment was paused nothing was due. */
export const RESUME_SCHEDULES: Statement = {
  name: 'schedules-resume',
  text: `UPDATE champion.schedules SET decided_until = $2, next_check = '-infinity' WHERE deployment_id = $1`,
};

/**
 * Drops what schedules put there and nobody has begun, and has the scheduler look at them again: $2 tells of which
 * schedule (null: of all), $3 from when on.
 */
export const DROP_WAITING: Statement = {
  name: 'deployment-drop-waiting',
  text: `
    WITH schedule AS (
      UPDATE champion.schedules SET next_check = '-infinity'
      WHERE deployment_id = $1 AND ($2::uuid IS NULL OR id = $2)
      RETURNING id
    )
    DELETE FROM champion.flow_runs
    WHERE schedule_id IN (SELECT id FROM schedule)
      AND auto_scheduled AND state_type = 'SCHEDULED' AND run_count = 0 AND expected_start_time > $3`,
};
