import type { Statement } from '../records/database.ts';

// A run that nobody has begun: only such a one may be dropped or passed over.
const WAITING = `state_type = 'SCHEDULED' AND run_count = 0`;

export const SCHEDULES_TO_CHECK: Statement = {
  name: 'schedules-to-check',
  text: `
    SELECT s.id FROM champion.schedules s JOIN champion.deployments d ON d.id = s.deployment_id
    WHERE s.active AND NOT d.paused AND s.next_check <= $1
    ORDER BY s.next_check, s.id LIMIT $2`,
};

export const SCHEDULES_OF_DEPLOYMENT: Statement = {
  name: 'schedules-of-deployment',
  text: `
    SELECT s.id FROM champion.schedules s JOIN champion.deployments d ON d.id = s.deployment_id
    WHERE s.active AND NOT d.paused AND s.deployment_id = $1
    ORDER BY s.id LIMIT $2`,
};

// Whoever changes either waits until this is done; whoever finds it being done leaves it. The locks let runs refer to
// the rows meanwhile.
export const LOCK_SCHEDULE: Statement = {
  name: 'schedule-lock',
  text: `
    SELECT s.id, s.cron, s.timezone, s.day_or AS "dayOr", s.calendar, s.catch_up AS "catchUp",
      s.decided_until AS "decidedUntil", d.id AS "deploymentId", d.flow_name AS "flowName", d.version, d.tags,
      d.parameters || s.parameters AS parameters, d.session_parameter AS "sessionParameter",
      d.work_queue_id AS "workQueueId"
    FROM champion.schedules s JOIN champion.deployments d ON d.id = s.deployment_id
    WHERE s.id = $1 AND s.active AND NOT d.paused
    FOR NO KEY UPDATE OF s SKIP LOCKED FOR SHARE OF d SKIP LOCKED`,
};

export const RUNS_OF_SCHEDULE: Statement = {
  name: 'schedule-runs',
  text: `
    SELECT id, idempotency_key AS key, expected_start_time AS at, ${WAITING} AS waiting
    FROM champion.flow_runs
    WHERE schedule_id = $1 AND expected_start_time > $2 AND auto_scheduled
    ORDER BY expected_start_time DESC LIMIT $3`,
};

export const DROP_RUNS: Statement = {
  name: 'schedule-drop-runs',
  text: `DELETE FROM champion.flow_runs WHERE id = ANY ($1::uuid[]) AND ${WAITING} RETURNING id`,
};

export const PASS_OVER_RUNS: Statement = {
  name: 'schedule-pass-over-runs',
  text: `
    WITH run AS (
      UPDATE champion.flow_runs
      SET state_type = 'CANCELLED', state_name = 'PassedOver', state_message = $2, state_at = $3, end_time = $3
      WHERE id = ANY ($1::uuid[]) AND ${WAITING}
      RETURNING id
    ), history AS (
      INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, message, at)
      SELECT id, 'flow', id, 'CANCELLED', 'PassedOver', $2, $3::timestamptz FROM run
    )
    SELECT id FROM run`,
};

export const DECIDED: Statement = {
  name: 'schedule-decided',
  text: `
    UPDATE champion.schedules
    SET decided_until = greatest(decided_until, $2), next_check = $3 WHERE id = $1`,
};

export const CHECK_SESSIONS_AGAIN: Statement = {
  name: 'schedules-check-sessions',
  text: `UPDATE champion.schedules SET next_check = '-infinity' WHERE calendar IS NOT NULL`,
};

export const CHECK_LATER: Statement = {
  name: 'schedule-check-later',
  text: 'UPDATE champion.schedules SET next_check = $2 WHERE id = $1',
};

export const MARK_LATE: Statement = {
  name: 'flow-runs-mark-late',
  text: `
    WITH late AS (
      SELECT id FROM champion.flow_runs
      WHERE state_type = 'SCHEDULED' AND state_name = 'Scheduled' AND expected_start_time <= $1
      ORDER BY expected_start_time LIMIT $2
      FOR NO KEY UPDATE SKIP LOCKED
    ), run AS (
      UPDATE champion.flow_runs r SET state_name = 'Late', state_at = $3 FROM late
      WHERE r.id = late.id AND r.state_type = 'SCHEDULED' AND r.state_name = 'Scheduled'
      RETURNING r.id
    ), history AS (
      INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, at)
      SELECT id, 'flow', id, 'SCHEDULED', 'Late', $3::timestamptz FROM run
    )
    SELECT id FROM run`,
};
