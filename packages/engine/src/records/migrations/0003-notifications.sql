CREATE TABLE champion.notification_rules (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE,
  enabled boolean NOT NULL,
  triggers jsonb NOT NULL,
  filter jsonb NOT NULL,
  target jsonb NOT NULL,
  template text,
  quiet_hours jsonb,
  dedupe_minutes integer NOT NULL CHECK (dedupe_minutes >= 0),
  from_environment boolean NOT NULL DEFAULT false,
  active_since timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX notification_rules_environment ON champion.notification_rules (from_environment)
  WHERE from_environment;
COMMENT ON COLUMN champion.notification_rules.triggers IS 'Any of them makes an alert, see notifications/rule.ts';
COMMENT ON COLUMN champion.notification_rules.target IS 'With its secrets: an address of a webhook is one';
COMMENT ON COLUMN champion.notification_rules.from_environment IS 'The one that SLACK_WEBHOOK_URL makes';
COMMENT ON COLUMN champion.notification_rules.active_since IS 'What happened before is none of its business';

CREATE TABLE champion.notification_deliveries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  rule_id uuid REFERENCES champion.notification_rules (id) ON DELETE SET NULL,
  rule_name text NOT NULL,
  event_key text NOT NULL,
  dedupe_key text,
  facts jsonb NOT NULL,
  flow_run_id uuid,
  status text NOT NULL CHECK (status IN ('pending', 'held', 'delivered', 'failed', 'dropped', 'suppressed')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  last_attempt_at timestamptz,
  delivered_at timestamptz,
  response_status integer,
  error text,
  text text,
  suppressed integer NOT NULL DEFAULT 0,
  suppressed_before integer NOT NULL DEFAULT 0,
  ignore_quiet_hours boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  CHECK ((status IN ('pending', 'held')) = (next_attempt_at IS NOT NULL))
);
COMMENT ON COLUMN champion.notification_deliveries.event_key IS 'What it is about: one event makes one delivery per rule';
COMMENT ON COLUMN champion.notification_deliveries.flow_run_id IS 'No reference: the record of an alert outlives its run';
COMMENT ON COLUMN champion.notification_deliveries.next_attempt_at IS 'While an attempt is under way: when another process may try';
COMMENT ON COLUMN champion.notification_deliveries.suppressed IS 'How many alike came soon after and were not sent';
COMMENT ON COLUMN champion.notification_deliveries.suppressed_before IS 'How many alike were not sent since the one before';

CREATE UNIQUE INDEX notification_deliveries_once ON champion.notification_deliveries (event_key, rule_id);
-- What is to be sent, rule by rule.
CREATE INDEX notification_deliveries_waiting ON champion.notification_deliveries (rule_id, next_attempt_at)
  WHERE status IN ('pending', 'held');
-- Whether there was one alike lately.
CREATE INDEX notification_deliveries_alike ON champion.notification_deliveries (rule_id, dedupe_key, created_at)
  WHERE status NOT IN ('suppressed', 'dropped');
-- Lists, of all and of a rule; what retention takes.
CREATE INDEX notification_deliveries_recent ON champion.notification_deliveries (created_at, id);
CREATE INDEX notification_deliveries_by_rule ON champion.notification_deliveries (rule_id, created_at, id);

-- How far the states of runs have been looked through. The ids of states grow, but a transaction with a smaller id can be
-- committed later: up to settled_id everything has been seen for sure; from there to seen_id is looked at again until every
-- transaction older than the barrier has ended. Nothing that was there before alerts were is of interest.
CREATE TABLE champion.notification_cursor (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  settled_id bigint NOT NULL,
  seen_id bigint NOT NULL,
  candidate_id bigint NOT NULL,
  barrier xid8
);
INSERT INTO champion.notification_cursor (settled_id, seen_id, candidate_id)
SELECT newest, newest, newest FROM (SELECT coalesce(max(id), 0) AS newest FROM champion.states) s;
