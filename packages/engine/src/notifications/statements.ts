import type { Statement } from '../records/database.ts';

const RULE = `
  r.id, r.name, r.enabled, r.triggers, r.filter, r.target, r.template, r.quiet_hours AS "quietHours",
  r.dedupe_minutes AS "dedupeMinutes", r.from_environment AS "fromEnvironment", r.active_since AS "activeSince",
  r.created_at AS "createdAt", r.updated_at AS "updatedAt"`;

export const LIST_RULES: Statement = {
  name: 'notification-rules-list',
  text: `SELECT ${RULE} FROM champion.notification_rules r ORDER BY r.name LIMIT $1`,
};

export const FIND_RULE: Statement = {
  name: 'notification-rule-find',
  text: `SELECT ${RULE} FROM champion.notification_rules r WHERE r.id = $1`,
};

export const LOCK_RULE: Statement = {
  name: 'notification-rule-lock',
  text: `SELECT ${RULE} FROM champion.notification_rules r WHERE r.id = $1 FOR UPDATE`,
};

export const LOCK_ENVIRONMENT_RULE: Statement = {
  name: 'notification-rule-lock-environment',
  text: `SELECT ${RULE} FROM champion.notification_rules r WHERE r.from_environment FOR UPDATE`,
};

export const ACTIVE_RULES: Statement = {
  name: 'notification-rules-active',
  text: `SELECT ${RULE} FROM champion.notification_rules r WHERE r.enabled ORDER BY r.name`,
};

/** Makes a rule unless there are $11 of them, or one of its name. */
export const INSERT_RULE: Statement = {
  name: 'notification-rule-insert',
  text: `
    INSERT INTO champion.notification_rules (name, enabled, triggers, filter, target, template, quiet_hours,
      dedupe_minutes, from_environment, active_since, created_at, updated_at)
    SELECT $1::text, $2::boolean, $3::jsonb, $4::jsonb, $5::jsonb, $6::text, $7::jsonb, $8::integer, $9::boolean,
      $10::timestamptz, $10, $10
    WHERE (SELECT count(*) FROM champion.notification_rules) < $11
    ON CONFLICT DO NOTHING
    RETURNING id`,
};

export const UPDATE_RULE: Statement = {
  name: 'notification-rule-update',
  text: `
    UPDATE champion.notification_rules
    SET name = $2, enabled = $3, triggers = $4, filter = $5, target = $6, template = $7, quiet_hours = $8,
      dedupe_minutes = $9, active_since = $10, updated_at = $11
    WHERE id = $1`,
};

export const NAME_TAKEN: Statement = {
  name: 'notification-rule-name-taken',
  text: `SELECT FROM champion.notification_rules WHERE name = $1 AND ($2::uuid IS NULL OR id <> $2)`,
};

export const DELETE_RULE: Statement = {
  name: 'notification-rule-delete',
  text: `DELETE FROM champion.notification_rules WHERE id = $1`,
};

/** $2: why */
export const DROP_WAITING: Statement = {
  name: 'notification-deliveries-drop',
  text: `
    UPDATE champion.notification_deliveries SET status = 'dropped', next_attempt_at = NULL, error = $2
    WHERE rule_id = $1 AND status IN ('pending', 'held')`,
};

const DELIVERY = `
  d.id, d.rule_id AS "ruleId", d.rule_name AS "ruleName", d.facts, d.flow_run_id AS "flowRunId", d.status, d.attempts,
  d.next_attempt_at AS "nextAttemptAt", d.last_attempt_at AS "lastAttemptAt", d.delivered_at AS "deliveredAt",
  d.response_status AS "responseStatus", d.error, d.text, d.suppressed, d.created_at AS "createdAt"`;

/** $1 rule, $2 statuses, $3 limit */
export const LIST_DELIVERIES: Statement = {
  name: 'notification-deliveries-list',
  prepared: false,
  text: `
    SELECT ${DELIVERY} FROM champion.notification_deliveries d
    WHERE ($1::uuid IS NULL OR d.rule_id = $1) AND ($2::text[] IS NULL OR d.status = ANY ($2))
    ORDER BY d.created_at DESC, d.id DESC LIMIT $3`,
};

/** The last delivery of each of the rules $1. */
export const LATEST_DELIVERIES: Statement = {
  name: 'notification-deliveries-latest',
  text: `
    SELECT ${DELIVERY} FROM unnest($1::uuid[]) AS r (id) CROSS JOIN LATERAL (
      SELECT * FROM champion.notification_deliveries
      WHERE rule_id = r.id ORDER BY created_at DESC, id DESC LIMIT 1
    ) d`,
};

export const FIND_DELIVERY: Statement = {
  name: 'notification-delivery-find',
  text: `SELECT ${DELIVERY} FROM champion.notification_deliveries d WHERE d.id = $1`,
};

/** Who notices does it alone: deduplication looks at what is there. */
export const LOCK_NOTICING: Statement = {
  name: 'notification-lock',
  text: 'SELECT pg_advisory_xact_lock(4200006)',
};

/**
 * Moves the settled mark on, and gives from where to look. What was seen in earlier transactions is settled once every
 * transaction has ended that had begun to write by then: each writer of states has its transaction id before it takes an
 * id of a state, and the barrier is an id taken after those states were seen. A barrier that is still to come is another
 * cluster's, from a restored dump. What settles with this step is looked at once more, for it may have been committed
 * since the last look. Should a transaction stay open, no more than $1 states are looked at again and again.
 */
export const ADVANCE_CURSOR: Statement = {
  name: 'notification-cursor-advance',
  text: `
    WITH passed AS MATERIALIZED (
      SELECT barrier IS NULL OR barrier <= pg_snapshot_xmin(pg_current_snapshot())
        OR barrier > pg_current_xact_id() AS yes, settled_id AS settled_before
      FROM champion.notification_cursor
    )
    UPDATE champion.notification_cursor
    SET settled_id = greatest(seen_id - $1, CASE WHEN passed.yes THEN candidate_id ELSE settled_id END),
      certain_id = CASE WHEN passed.yes THEN greatest(certain_id, candidate_id) ELSE certain_id END,
      candidate_id = CASE WHEN passed.yes THEN seen_id ELSE candidate_id END,
      barrier = CASE WHEN passed.yes THEN pg_current_xact_id() ELSE barrier END
    FROM passed
    RETURNING greatest(seen_id - $1, passed.settled_before) AS "settledId", seen_id AS "seenId"`,
};

/** Whether everything has been seen for sure: most of the time nothing happens, and then nothing need be written. */
export const ALL_SETTLED: Statement = {
  name: 'notification-all-settled',
  text: `
    SELECT settled_id = seen_id AND NOT EXISTS (SELECT FROM champion.states s WHERE s.id > seen_id) AS yes
    FROM champion.notification_cursor`,
};

export const MOVE_CURSOR: Statement = {
  name: 'notification-cursor-move',
  text: 'UPDATE champion.notification_cursor SET seen_id = $1',
};

/** The id up to which the next $2 states after $1 reach; nobody needs to look at those in between while no rule does. */
export const NEXT_STATES: Statement = {
  name: 'notification-next-states',
  text: `
    SELECT max(id)::text AS "lastId", count(*)::integer AS count
    FROM (SELECT id FROM champion.states WHERE id > $1 ORDER BY id LIMIT $2) next`,
};

export const NEWEST_STATE: Statement = {
  name: 'notification-newest-state',
  text: `SELECT max(id)::text AS "lastId" FROM champion.states`,
};

const RUN = `
  f.id AS "flowRunId", f.flow_name AS flow, f.name AS run, f.parent_flow_run_id IS NOT NULL AS "isChild", f.tags,
  f.start_time AS "startTime", f.end_time AS "endTime", f.expected_start_time AS "expectedStartTime",
  d.flow_name || '/' || d.name AS deployment`;

const STATES = `
    SELECT s.id::text AS "stateId", s.type AS "stateType", s.name AS "stateName",
      coalesce(s.message, CASE WHEN s.type = f.state_type THEN f.error ->> 'message' END) AS message, s.at, ${RUN}
    FROM champion.states s
    JOIN champion.flow_runs f ON f.id = s.flow_run_id
    LEFT JOIN champion.deployments d ON d.id = f.deployment_id`;

/** The state that a run is in. */
export const STATE_OF_RUN: Statement = {
  name: 'notification-state-of-run',
  text: `${STATES} WHERE s.flow_run_id = $1 AND s.kind = 'flow' ORDER BY s.id DESC LIMIT 1`,
};

/** The rule of a name ($1), or the environment's; whether it is enabled or not. */
export const RULE_FOR_HOOK: Statement = {
  name: 'notification-rule-for-hook',
  text: `SELECT ${RULE} FROM champion.notification_rules r WHERE CASE WHEN $1::text IS NULL THEN r.from_environment ELSE r.name = $1 END`,
};

export const STATES_BETWEEN: Statement = {
  name: 'notification-states',
  text: `${STATES}
    WHERE s.id > $1 AND s.id <= $2 AND s.kind = 'flow'
    ORDER BY s.id`,
};

/** Runs at work since before $1, the longest first. */
export const RUNS_AT_WORK: Statement = {
  name: 'notification-runs-at-work',
  text: `
    SELECT f.state_type AS "stateType", f.state_name AS "stateName", ${RUN}
    FROM champion.flow_runs f LEFT JOIN champion.deployments d ON d.id = f.deployment_id
    WHERE f.state_type IN ('RUNNING', 'CANCELLING') AND f.start_time <= $1
    ORDER BY f.expected_start_time LIMIT $2`,
};

/** Runs that should have begun by $1 and have not. */
export const RUNS_LATE: Statement = {
  name: 'notification-runs-late',
  text: `
    SELECT f.state_type AS "stateType", f.state_name AS "stateName", ${RUN}
    FROM champion.flow_runs f LEFT JOIN champion.deployments d ON d.id = f.deployment_id
    WHERE f.state_name = 'Late' AND upper(f.state_name) <> f.state_type AND f.state_type = 'SCHEDULED'
      AND f.expected_start_time <= $1
    ORDER BY f.expected_start_time LIMIT $2`,
};

/** Of pairs of rule and event those that have no delivery yet, by their place. */
export const NEW_EVENTS: Statement = {
  name: 'notification-events-new',
  text: `
    SELECT pair.n::integer - 1 AS place
    FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS pair (rule_id, event_key, n)
    WHERE NOT EXISTS (SELECT FROM champion.notification_deliveries d
      WHERE d.event_key = pair.event_key AND d.rule_id = pair.rule_id)
    ORDER BY pair.n`,
};

/**
 * Makes a delivery of an event: waiting; or suppressed, when one alike was made since $6, which then counts it; or dropped
 * when too many wait. $8: when to send it; null: never, because of $9.
 */
export const INSERT_DELIVERY: Statement = {
  name: 'notification-delivery-insert',
  text: `
    WITH alike AS (
      SELECT id, suppressed, created_at FROM champion.notification_deliveries
      WHERE rule_id = $1 AND dedupe_key = $4 AND status NOT IN ('suppressed', 'dropped')
      ORDER BY created_at DESC LIMIT 1
    ), waiting AS (
      SELECT count(*) AS count FROM (
        SELECT FROM champion.notification_deliveries
        WHERE rule_id = $1 AND status IN ('pending', 'held') LIMIT $10) w
    ), decided AS (
      SELECT CASE
        WHEN EXISTS (SELECT FROM alike WHERE created_at > $6::timestamptz) THEN 'suppressed'
        WHEN $8::timestamptz IS NULL OR (SELECT count FROM waiting) >= $10 THEN 'dropped'
        WHEN $8::timestamptz > $7::timestamptz THEN 'held' ELSE 'pending' END AS status
    ), made AS (
      INSERT INTO champion.notification_deliveries (rule_id, rule_name, event_key, dedupe_key, facts, flow_run_id, status,
        next_attempt_at, error, suppressed_before, created_at)
      SELECT $1::uuid, $2::text, $3::text, $4::text, $5::jsonb, ($5::jsonb ->> 'flowRunId')::uuid, status,
        CASE WHEN status IN ('held', 'pending') THEN $8::timestamptz END,
        CASE WHEN status = 'dropped' THEN
          CASE WHEN $8 IS NULL THEN $9::text ELSE 'too many alerts of this rule wait already' END END,
        CASE WHEN status IN ('held', 'pending') THEN coalesce((SELECT suppressed FROM alike), 0) ELSE 0 END,
        $7::timestamptz
      FROM decided
      ON CONFLICT DO NOTHING
      RETURNING status
    ), counted AS (
      UPDATE champion.notification_deliveries SET suppressed = suppressed + 1
      WHERE id = (SELECT id FROM alike) AND EXISTS (SELECT FROM made WHERE status = 'suppressed')
    )
    SELECT status FROM made`,
};

/** What is due, one delivery of each rule but those in $2; another process may try it after $3. */
export const CLAIM_DUE: Statement = {
  name: 'notification-deliveries-claim',
  text: `
    WITH due AS (
      SELECT next.id FROM champion.notification_rules r CROSS JOIN LATERAL (
        SELECT d.id FROM champion.notification_deliveries d
        WHERE d.rule_id = r.id AND d.status IN ('pending', 'held') AND d.next_attempt_at <= $1
        ORDER BY d.next_attempt_at, d.created_at LIMIT 1 FOR UPDATE SKIP LOCKED
      ) next
      WHERE r.enabled AND r.id <> ALL ($2::uuid[]) LIMIT $4
    )
    UPDATE champion.notification_deliveries d
    SET status = 'pending', attempts = d.attempts + 1, last_attempt_at = $1, next_attempt_at = $3
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.rule_id AS "ruleId", d.facts, d.attempts, d.suppressed + d.suppressed_before AS suppressed,
      d.ignore_quiet_hours AS "ignoreQuietHours"`,
};

/** Records what an attempt came to, unless another has been begun since. */
export const RECORD_ATTEMPT: Statement = {
  name: 'notification-delivery-record',
  text: `
    UPDATE champion.notification_deliveries
    SET status = $3, next_attempt_at = $4, delivered_at = $5, response_status = $6, error = $7, text = coalesce($8, text),
      attempts = attempts - $9
    WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
};

export const INSERT_TEST: Statement = {
  name: 'notification-test-insert',
  text: `
    INSERT INTO champion.notification_deliveries (id, rule_id, rule_name, event_key, facts, status, attempts,
      last_attempt_at, delivered_at, response_status, error, text, created_at)
    SELECT $1::uuid, r.id, r.name, 'test:' || $1::uuid, $3, $4, 1, $5::timestamptz, $6, $7, $8, $9, $5
    FROM champion.notification_rules r WHERE r.id = $2`,
};

/** From the first attempt on, as if it were new; but not while an attempt since $3 may be under way. */
export const RETRY_DELIVERY: Statement = {
  name: 'notification-delivery-retry',
  text: `
    UPDATE champion.notification_deliveries d
    SET status = 'pending', attempts = 0, next_attempt_at = $2, ignore_quiet_hours = true
    FROM champion.notification_rules r
    WHERE d.id = $1 AND r.id = d.rule_id AND d.status <> 'delivered'
      AND (d.status <> 'pending' OR d.last_attempt_at IS NULL OR d.last_attempt_at < $3)
    RETURNING d.id`,
};

export const PRUNE_DELIVERIES: Statement = {
  name: 'notification-deliveries-prune',
  text: `
    WITH gone AS (
      DELETE FROM champion.notification_deliveries WHERE id = ANY (ARRAY(
        SELECT id FROM champion.notification_deliveries
        WHERE created_at < $1 AND status NOT IN ('pending', 'held') ORDER BY created_at, id LIMIT $2))
      RETURNING 1
    )
    SELECT count(*)::integer AS count FROM gone`,
};

/** $1: since when ended ones count */
export const DELIVERY_COUNTS: Statement = {
  name: 'notification-deliveries-count',
  text: `
    SELECT count(*) FILTER (WHERE status IN ('pending', 'held'))::integer AS waiting,
      count(*) FILTER (WHERE status IN ('pending', 'held') AND attempts > 0)::integer AS "inTrouble",
      count(*) FILTER (WHERE status = 'delivered' AND created_at >= $1)::integer AS delivered,
      count(*) FILTER (WHERE status = 'failed' AND created_at >= $1)::integer AS failed
    FROM champion.notification_deliveries
    WHERE created_at >= $1 OR status IN ('pending', 'held')`,
};

/** The same by where the alerts go: "slack", "webhook", or "other" where the rule is gone. $1: since when ended ones count */
export const DELIVERY_COUNTS_BY_TARGET: Statement = {
  name: 'notification-deliveries-count-by-target',
  text: `
    SELECT coalesce(CASE r.target ->> 'type'
        WHEN 'block' THEN CASE WHEN r.target ->> 'block' LIKE 'slack-%' THEN 'slack' ELSE 'webhook' END
        ELSE r.target ->> 'type' END, 'other') AS target,
      count(*) FILTER (WHERE d.status IN ('pending', 'held'))::integer AS waiting,
      count(*) FILTER (WHERE d.status IN ('pending', 'held') AND d.attempts > 0)::integer AS "inTrouble",
      count(*) FILTER (WHERE d.status = 'delivered' AND d.created_at >= $1)::integer AS delivered,
      count(*) FILTER (WHERE d.status = 'failed' AND d.created_at >= $1)::integer AS failed
    FROM champion.notification_deliveries d LEFT JOIN champion.notification_rules r ON r.id = d.rule_id
    WHERE d.created_at >= $1 OR d.status IN ('pending', 'held')
    GROUP BY 1`,
};
