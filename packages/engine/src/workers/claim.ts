import { transaction } from '../deployments/transaction.ts';
import type { Database, Statement } from '../records/database.ts';

/** A run that this worker alone now has to begin. */
export interface ClaimedRun {
  readonly id: string;
  readonly flowName: string;
  readonly name: string;
  readonly nameGiven: boolean;
  /** As given, without defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly retryOf: string | null;
  readonly restartFrom: string | null;
}

export interface ClaimRequest {
  readonly worker: string;
  readonly workPool: string;
  readonly workQueues: readonly string[];
  /** Flows that the worker knows; others' runs are left to others. */
  readonly flows: readonly string[];
  /** Most runs to take. */
  readonly limit: number;
}

/**
 * Takes runs that are due, by the priority of their queue, then by when they were expected. One worker at a time takes, so
 * that the limits of pools, queues and deployments hold exactly.
 */
export async function claimRuns(database: Database, request: ClaimRequest, at: Date): Promise<ClaimedRun[]> {
  return transaction(database, async (tx) => {
    await tx.run(LOCK, []);
    return tx.run<ClaimedRun>(CLAIM, [
      request.worker,
      request.workPool,
      request.workQueues,
      request.flows,
      request.limit,
      at,
    ]);
  });
}

/** When the next run of these queues is due; undefined when none waits. Includes those that a limit holds back. */
export async function nextDue(database: Database, request: ClaimRequest): Promise<Date | undefined> {
  const rows = await database.run<{ due: Date | null }>(NEXT_DUE, [request.workPool, request.workQueues]);
  return rows[0]?.due ?? undefined;
}

const LOCK: Statement = { name: 'claim-lock', text: 'SELECT pg_advisory_xact_lock(4200003)' };

const AT_WORK = `state_type IN ('PENDING', 'RUNNING', 'CANCELLING') AND parent_flow_run_id IS NULL`;

const CLAIM: Statement = {
  name: 'claim-runs',
  text: `
    WITH at_work AS MATERIALIZED (
      SELECT work_queue_id, deployment_id, count(*) AS runs FROM champion.flow_runs
      WHERE ${AT_WORK} GROUP BY work_queue_id, deployment_id
    ), pool AS (
      SELECT p.id, p.concurrency_limit - (
          SELECT coalesce(sum(a.runs), 0) FROM at_work a JOIN champion.work_queues q ON q.id = a.work_queue_id
          WHERE q.work_pool_id = p.id) AS free
      FROM champion.work_pools p WHERE p.name = $2 AND NOT p.is_paused
    ), queue AS (
      SELECT q.id, q.priority, least(
          q.concurrency_limit - (SELECT coalesce(sum(runs), 0) FROM at_work a WHERE a.work_queue_id = q.id),
          q.rate_runs - (SELECT count(*) FROM champion.flow_runs r
            WHERE r.work_queue_id = q.id AND r.claimed_at > $6::timestamptz - make_interval(secs => q.rate_seconds))
        ) AS free
      FROM champion.work_queues q JOIN pool ON pool.id = q.work_pool_id
      WHERE q.name = ANY ($3) AND NOT q.is_paused
    ), deployment AS (
      SELECT d.id, d.concurrency_limit - (
          SELECT coalesce(sum(runs), 0) FROM at_work a WHERE a.deployment_id = d.id) AS free
      FROM champion.deployments d WHERE d.concurrency_limit IS NOT NULL
    ), candidate AS (
      SELECT due.*, queue.priority, queue.free AS queue_free,
        row_number() OVER (PARTITION BY queue.id ORDER BY due.expected_start_time, due.id) AS in_queue
      FROM queue CROSS JOIN LATERAL (
        SELECT r.id, r.expected_start_time, d.free AS deployment_free,
          row_number() OVER (PARTITION BY r.deployment_id ORDER BY r.expected_start_time, r.id) AS in_deployment
        FROM (
          SELECT id, expected_start_time, deployment_id FROM champion.flow_runs
          WHERE work_queue_id = queue.id AND state_type = 'SCHEDULED' AND expected_start_time <= $6
            AND flow_name = ANY ($4)
            AND (deployment_id IS NULL OR deployment_id NOT IN (SELECT id FROM deployment WHERE free <= 0))
          ORDER BY expected_start_time, id LIMIT $5 + 100
        ) r LEFT JOIN deployment d ON d.id = r.deployment_id
      ) due
      WHERE due.deployment_free IS NULL OR due.in_deployment <= due.deployment_free
    ), allowed AS (
      SELECT id FROM candidate WHERE queue_free IS NULL OR in_queue <= queue_free
      ORDER BY priority, expected_start_time, id
      LIMIT (SELECT greatest(0, least($5, free)) FROM pool)
    ), run AS (
      UPDATE champion.flow_runs r
      SET state_type = 'PENDING', state_name = 'Pending', state_message = NULL, state_at = $6, executor_id = $1,
        claimed_at = $6
      FROM allowed WHERE r.id = allowed.id AND r.state_type = 'SCHEDULED'
      RETURNING r.id, r.flow_name, r.name, r.name_given, r.parameters, r.retry_of, r.restart_from, r.expected_start_time
    ), history AS (
      INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, at)
      SELECT id, 'flow', id, 'PENDING', 'Pending', $6 FROM run
    )
    SELECT id, flow_name AS "flowName", name, name_given AS "nameGiven", parameters, retry_of AS "retryOf",
      restart_from AS "restartFrom"
    FROM run ORDER BY expected_start_time, id`,
};

const NEXT_DUE: Statement = {
  name: 'claim-next-due',
  text: `
    SELECT min(due) AS due
    FROM champion.work_queues q JOIN champion.work_pools p ON p.id = q.work_pool_id CROSS JOIN LATERAL (
      SELECT expected_start_time AS due FROM champion.flow_runs
      WHERE work_queue_id = q.id AND state_type = 'SCHEDULED' ORDER BY expected_start_time LIMIT 1
    ) next
    WHERE p.name = $1 AND q.name = ANY ($2) AND NOT q.is_paused AND NOT p.is_paused`,
};
