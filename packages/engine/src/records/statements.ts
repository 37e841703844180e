import { HAS_LIVE_WORKER } from '../workers/worker-records.ts';
import type { Statement } from './database.ts';

const ENDED = `('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')`;

// One statement per transition: the row, its history and what hangs on it change together, in one round trip. Each
// carries the condition that the row has not ended, so a late writer can't overwrite a terminal state.

export const REGISTER_FLOWS: Statement = {
  name: 'flows-register',
  text: `
    INSERT INTO champion.flows AS f (name, description, parameters, created_at, updated_at)
    SELECT flow ->> 'name', flow ->> 'description', flow -> 'parameters', $2, $2
    FROM jsonb_array_elements($1::jsonb) AS flow
    ON CONFLICT (name) DO UPDATE
    SET description = excluded.description, parameters = excluded.parameters, updated_at = excluded.updated_at
    WHERE (f.description, f.parameters) IS DISTINCT FROM (excluded.description, excluded.parameters)`,
};

export const CREATE_FLOW_RUN: Statement = {
  name: 'flow-run-create',
  text: `
    WITH run AS (
      INSERT INTO champion.flow_runs (id, flow_name, name, parameters, state_type, state_name, executor_id, created_at,
        state_at, expected_start_time)
      VALUES ($1, $2, $3, $4, 'PENDING', 'Pending', $5, $6, $6, $6)
      ON CONFLICT (id) DO NOTHING
      RETURNING id
    ), history AS (
      INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, at)
      SELECT id, 'flow', id, 'PENDING', 'Pending', $6 FROM run
    )
    SELECT id FROM run`,
};

export const SAME_FLOW_RUN: Statement = {
  name: 'flow-run-same',
  text: `
    SELECT name, state_type, flow_name = $2 AND parameters = $3::jsonb AS same
    FROM champion.flow_runs WHERE id = $1`,
};

export const BEGIN_FLOW_RUN: Statement = {
  name: 'flow-run-begin',
  text: `
    WITH run AS (
      INSERT INTO champion.flow_runs AS r (id, flow_name, name, parameters, parent_flow_run_id, executor_id,
        state_type, state_name, run_count, created_at, start_time, state_at, expected_start_time)
      VALUES ($1, $2, $3, $4, $5, $6, 'RUNNING', 'Running', 1, $7, $7, $7, $7)
      ON CONFLICT (id) DO UPDATE
      SET state_type = 'RUNNING', state_name = 'Running', executor_id = excluded.executor_id, state_at = $7,
        name = excluded.name, parameters = excluded.parameters,
        state_message = CASE WHEN r.run_count > 0 THEN 'Resumed after its process ended' END,
        run_count = r.run_count + 1, start_time = coalesce(r.start_time, excluded.start_time)
      WHERE r.state_type NOT IN ${ENDED} AND r.state_type <> 'CANCELLING'
      RETURNING id, state_type, state_message, run_count, start_time, coalesce(logical_start, start_time) AS logical_start
    ), history AS (
      INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, message, at)
      SELECT id, 'flow', id, 'RUNNING', 'Running', state_message, $7 FROM run
    )
    SELECT state_type, state_message, run_count, start_time, logical_start, false AS ended FROM run
    UNION ALL
    SELECT state_type, state_message, run_count, coalesce(start_time, created_at),
      coalesce(logical_start, start_time, created_at), true
    FROM champion.flow_runs WHERE id = $1 AND NOT EXISTS (SELECT FROM run)`,
};

export const CANCEL_FLOW_RUNS: Statement = {
  name: 'flow-runs-cancel',
  text: `
    WITH RECURSIVE family AS (
      SELECT id, 0 AS depth FROM champion.flow_runs WHERE id = $1
      UNION ALL
      SELECT child.id, depth + 1 FROM champion.flow_runs child JOIN family ON child.parent_flow_run_id = family.id
    ), run AS (
      UPDATE champion.flow_runs r
      SET state_message = $2, state_at = $3::timestamptz,
        state_type = CASE r.state_type WHEN 'SCHEDULED' THEN 'CANCELLED' ELSE 'CANCELLING' END,
        state_name = CASE r.state_type WHEN 'SCHEDULED' THEN 'Cancelled' ELSE 'Cancelling' END,
        end_time = CASE r.state_type WHEN 'SCHEDULED' THEN $3::timestamptz END
      FROM family
      WHERE r.id = family.id AND r.state_type NOT IN ${ENDED} AND r.state_type <> 'CANCELLING'
      RETURNING r.id, r.name, r.flow_name, r.parent_flow_run_id, r.state_type, r.state_name, depth,
        ${HAS_LIVE_WORKER} AS is_held
    ), history AS (
      INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, message, at)
      SELECT id, 'flow', id, state_type, state_name, $2, $3 FROM run
    )
    SELECT id, name, flow_name, parent_flow_run_id, state_type, is_held FROM run ORDER BY depth DESC`,
};

export const END_FLOW_RUN: Statement = {
  name: 'flow-run-end',
  text: `
    WITH run AS (
      UPDATE champion.flow_runs
      SET state_type = $2, state_name = $3, state_message = $4, end_time = $5, state_at = $5, result = $6, error = $7
      WHERE id = $1 AND state_type NOT IN ${ENDED}
      RETURNING id
    ), task AS (
      UPDATE champion.task_runs
      SET state_type = $8, state_name = $9, state_message = 'Its flow run ended', end_time = $5
      WHERE flow_run_id IN (SELECT id FROM run) AND state_type NOT IN ${ENDED}
      RETURNING id
    ), attempt AS (
      UPDATE champion.task_attempts SET state_type = $8, end_time = $5
      WHERE task_run_id IN (SELECT id FROM task) AND end_time IS NULL
    ), history AS (
      INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, message, at)
      SELECT $1, 'flow', id, $2, $3, $4, $5::timestamptz FROM run
      UNION ALL
      SELECT $1, 'task', id, $8, $9, 'Its flow run ended', $5 FROM task
    )
    SELECT id FROM run`,
};

export const TASK_HISTORY: Statement = {
  name: 'task-history',
  text: `
    SELECT t.dynamic_key, t.attempts, t.state_type,
      (SELECT count(*) FROM champion.task_attempts a WHERE a.task_run_id = t.id AND a.state_type = 'FAILED')::integer
        AS failures
    FROM champion.task_runs t WHERE t.flow_run_id = $1`,
};

export const BEGIN_ATTEMPT: Statement = {
  name: 'attempt-begin',
  text: `
    WITH task AS (
      INSERT INTO champion.task_runs AS t (id, flow_run_id, name, dynamic_key, state_type, state_name, state_message,
        attempts, parents, start_time)
      VALUES ($1, $2, $3, $4, 'RUNNING', $5, $6, $7, $8, $9)
      ON CONFLICT (id) DO UPDATE
      SET state_type = 'RUNNING', state_name = excluded.state_name, state_message = excluded.state_message,
        attempts = excluded.attempts
      WHERE t.state_type NOT IN ${ENDED}
      RETURNING id
    ), crashed AS (
      UPDATE champion.task_attempts SET state_type = 'CRASHED', end_time = $9
      WHERE task_run_id = $1 AND attempt < $7 AND end_time IS NULL
    ), attempt AS (
      INSERT INTO champion.task_attempts (task_run_id, attempt, state_type, start_time)
      SELECT id, $7, 'RUNNING', $9 FROM task
      ON CONFLICT DO NOTHING
    )
    INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, message, at)
    SELECT $2, 'task', id, 'RUNNING', $5, $6, $9 FROM task`,
};

export const AWAIT_RETRY: Statement = {
  name: 'attempt-await-retry',
  text: `
    WITH task AS (
      UPDATE champion.task_runs
      SET state_type = 'SCHEDULED', state_name = 'AwaitingRetry', state_message = $4
      WHERE id = $1 AND state_type NOT IN ${ENDED}
      RETURNING id, flow_run_id
    ), attempt AS (
      UPDATE champion.task_attempts SET state_type = 'FAILED', end_time = $3, error = $5, retry_wait_ms = $6
      WHERE task_run_id = $1 AND attempt = $2
    )
    INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, message, at)
    SELECT flow_run_id, 'task', id, 'SCHEDULED', 'AwaitingRetry', $4, $3 FROM task`,
};

export const END_TASK_RUN: Statement = {
  name: 'task-run-end',
  text: `
    WITH task AS (
      INSERT INTO champion.task_runs AS t (id, flow_run_id, name, dynamic_key, attempts, parents, start_time,
        state_type, state_name, state_message, end_time, result, error)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $7, $11, $12)
      ON CONFLICT (id) DO UPDATE
      SET state_type = excluded.state_type, state_name = excluded.state_name, state_message = excluded.state_message,
        end_time = excluded.end_time, result = excluded.result, error = excluded.error
      WHERE t.state_type NOT IN ${ENDED}
      RETURNING id
    ), attempt AS (
      UPDATE champion.task_attempts SET state_type = $8, end_time = $7, error = $12
      WHERE task_run_id IN (SELECT id FROM task) AND attempt = $5 AND end_time IS NULL
    )
    INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, message, at)
    SELECT $2, 'task', id, $8, $9, $10, $7 FROM task`,
};

const UNFINISHED = `id, name, flow_name, parent_flow_run_id, state_type, state_message, executor_id, created_at`;

export const UNFINISHED_OF_EXECUTOR: Statement = {
  name: 'flow-runs-unfinished',
  text: `
    SELECT ${UNFINISHED} FROM champion.flow_runs
    WHERE executor_id = $1 AND state_type NOT IN ${ENDED} AND state_type <> 'SCHEDULED' ORDER BY created_at LIMIT $2`,
};

export const UNFINISHED_FLOW_RUN: Statement = {
  name: 'flow-run-unfinished',
  text: `
    SELECT ${UNFINISHED} FROM champion.flow_runs
    WHERE id = $1 AND state_type NOT IN ${ENDED} AND state_type <> 'SCHEDULED'`,
};

/** Back to where any worker can claim it: it was claimed, and never begun. */
export const UNCLAIM_FLOW_RUN: Statement = {
  name: 'flow-run-unclaim',
  text: `
    WITH run AS (
      UPDATE champion.flow_runs
      SET state_type = 'SCHEDULED', state_name = 'Scheduled', state_message = $2, state_at = $3, executor_id = NULL,
        claimed_at = NULL
      WHERE id = $1 AND state_type = 'PENDING' AND claimed_at IS NOT NULL AND run_count = 0
      RETURNING id
    ), history AS (
      INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, message, at)
      SELECT id, 'flow', id, 'SCHEDULED', 'Scheduled', $2, $3 FROM run
    )
    SELECT id FROM run`,
};

export const PUT_ARTIFACT: Statement = {
  name: 'artifact-put',
  text: `
    INSERT INTO champion.artifacts AS a (id, flow_run_id, task_run_id, key, kind, description, data, created_at, updated_at)
    SELECT $1, $2, $3, $4, $5, $6, $7::json, $8, $8
    WHERE (SELECT count(*) FROM champion.artifacts other WHERE other.flow_run_id = $2 AND other.key <> $4) < $9
    ON CONFLICT (flow_run_id, key) DO UPDATE
    SET task_run_id = excluded.task_run_id, kind = excluded.kind, description = excluded.description,
      data = excluded.data, updated_at = excluded.updated_at
    RETURNING id`,
};

export const ADD_LOGS: Statement = {
  name: 'logs-add',
  text: `
    INSERT INTO champion.logs (flow_run_id, task_run_id, level, message, fields, at)
    SELECT (line ->> 'flowRunId')::uuid, (line ->> 'taskRunId')::uuid, line ->> 'level', line ->> 'message',
      line -> 'fields', (line ->> 'at')::timestamptz
    FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS l (line, n)
    WHERE EXISTS (SELECT FROM champion.flow_runs r WHERE r.id = (line ->> 'flowRunId')::uuid)
    ORDER BY n`,
};
