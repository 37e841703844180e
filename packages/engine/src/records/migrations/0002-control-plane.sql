ALTER TABLE champion.flows
  ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}';

CREATE TABLE champion.work_pools (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE,
  type text NOT NULL DEFAULT 'process',
  description text,
  is_paused boolean NOT NULL DEFAULT false,
  concurrency_limit integer CHECK (concurrency_limit >= 0),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
COMMENT ON COLUMN champion.work_pools.concurrency_limit IS 'Most runs of its queues at work at once; null: any number';

CREATE TABLE champion.work_queues (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  work_pool_id uuid NOT NULL REFERENCES champion.work_pools (id) ON DELETE CASCADE,
  name text NOT NULL,
  description text,
  is_paused boolean NOT NULL DEFAULT false,
  concurrency_limit integer CHECK (concurrency_limit >= 0),
  priority integer NOT NULL DEFAULT 1 CHECK (priority >= 1),
  rate_runs integer CHECK (rate_runs >= 1),
  rate_seconds integer CHECK (rate_seconds >= 1),
  last_polled timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (work_pool_id, name),
  CHECK ((rate_runs IS NULL) = (rate_seconds IS NULL))
);
COMMENT ON COLUMN champion.work_queues.priority IS '1 is served first';
COMMENT ON COLUMN champion.work_queues.rate_runs IS 'Most runs handed out in any rate_seconds; null: any number';

INSERT INTO champion.work_pools (name, description, created_at, updated_at)
VALUES ('default', 'Runs in the worker''s own process', now(), now());
INSERT INTO champion.work_queues (work_pool_id, name, created_at, updated_at)
SELECT id, 'default', now(), now() FROM champion.work_pools;

CREATE TABLE champion.deployments (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  flow_name text NOT NULL REFERENCES champion.flows (name) ON DELETE CASCADE,
  name text NOT NULL,
  version text,
  description text,
  tags text[] NOT NULL DEFAULT '{}',
  parameters jsonb NOT NULL DEFAULT '{}',
  session_parameter text,
  paused boolean NOT NULL DEFAULT false,
  concurrency_limit integer CHECK (concurrency_limit >= 1),
  work_queue_id uuid REFERENCES champion.work_queues (id) ON DELETE SET NULL,
  entrypoint text,
  defined jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (flow_name, name)
);
COMMENT ON COLUMN champion.deployments.defined IS 'As code declared it when it was last applied; what differs from it now, a person changed. Null: made by a person';
COMMENT ON COLUMN champion.deployments.session_parameter IS 'The parameter that a scheduled run is given its session in';

CREATE TABLE champion.schedules (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  deployment_id uuid NOT NULL REFERENCES champion.deployments (id) ON DELETE CASCADE,
  slug text,
  cron text NOT NULL,
  timezone text NOT NULL DEFAULT 'UTC',
  day_or boolean NOT NULL DEFAULT true,
  calendar jsonb,
  catch_up text NOT NULL DEFAULT 'latest' CHECK (catch_up IN ('all', 'latest', 'none')),
  parameters jsonb NOT NULL DEFAULT '{}',
  active boolean NOT NULL DEFAULT true,
  decided_until timestamptz NOT NULL,
  next_check timestamptz NOT NULL DEFAULT '-infinity',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (deployment_id, slug)
);
CREATE INDEX schedules_to_check ON champion.schedules (next_check) WHERE active;
COMMENT ON COLUMN champion.schedules.next_check IS 'When the scheduler is to look at it again';
COMMENT ON COLUMN champion.schedules.calendar IS 'Null: every day. Else which days of the session calendar count, see schedules/slots.ts';
COMMENT ON COLUMN champion.schedules.slug IS 'Names it within its deployment; null for one that a person made without a name';
COMMENT ON COLUMN champion.schedules.decided_until IS 'Every slot up to here has its run, was caught up with, or was passed over';

CREATE TABLE champion.workers (
  name text PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('online', 'draining', 'offline')),
  work_pool text NOT NULL DEFAULT 'default',
  work_queues text[] NOT NULL,
  host text NOT NULL,
  pid integer NOT NULL,
  version text NOT NULL,
  concurrency integer NOT NULL,
  started_at timestamptz NOT NULL,
  last_heartbeat_at timestamptz NOT NULL,
  stopped_at timestamptz
);
COMMENT ON TABLE champion.workers IS 'Every process that runs flows. One without work queues runs only what is asked of it directly';

ALTER TABLE champion.flow_runs
  ALTER COLUMN executor_id DROP NOT NULL,
  ADD COLUMN state_at timestamptz,
  ADD COLUMN name_given boolean NOT NULL DEFAULT true,
  ADD COLUMN deployment_id uuid REFERENCES champion.deployments (id) ON DELETE SET NULL,
  ADD COLUMN deployment_version text,
  ADD COLUMN work_queue_id uuid REFERENCES champion.work_queues (id) ON DELETE SET NULL,
  ADD COLUMN schedule_id uuid REFERENCES champion.schedules (id) ON DELETE SET NULL,
  ADD COLUMN idempotency_key text,
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
  ADD COLUMN expected_start_time timestamptz,
  ADD COLUMN auto_scheduled boolean NOT NULL DEFAULT false,
  ADD COLUMN created_by text,
  ADD COLUMN claimed_at timestamptz,
  ADD COLUMN retry_of uuid,
  ADD COLUMN restart_from text,
  ADD COLUMN logical_start timestamptz;
UPDATE champion.flow_runs
SET state_at = coalesce(end_time, start_time, created_at), expected_start_time = coalesce(start_time, created_at);
ALTER TABLE champion.flow_runs
  ALTER COLUMN state_at SET NOT NULL,
  ALTER COLUMN expected_start_time SET NOT NULL;
COMMENT ON COLUMN champion.flow_runs.executor_id IS 'The worker that has it; null while nobody has';
COMMENT ON COLUMN champion.flow_runs.state_at IS 'When it came into its present state';
COMMENT ON COLUMN champion.flow_runs.name_given IS 'False: named anew by its parameters when it begins';
COMMENT ON COLUMN champion.flow_runs.retry_of IS 'The run that it repeats';
COMMENT ON COLUMN champion.flow_runs.logical_start IS 'Start of the run whose first results it keeps; null: its own';
COMMENT ON COLUMN champion.flow_runs.restart_from IS 'Key of the first task (or child flow) of retry_of to run again; what came before keeps its results';

DROP INDEX champion.flow_runs_recent, champion.flow_runs_by_flow, champion.flow_runs_unfinished;
-- Every change of a run's state writes an entry to each index below whose condition the row fulfils: add with care.
-- Lists in the order of the expected start (the usual one), windows of it, and history without reading the runs.
CREATE INDEX flow_runs_expected ON champion.flow_runs (expected_start_time, id) INCLUDE (state_type);
-- Lists in the order of the start.
CREATE INDEX flow_runs_started ON champion.flow_runs ((coalesce(start_time, expected_start_time)), id);
-- Lists in the order of the end; what retention takes.
CREATE INDEX flow_runs_ended ON champion.flow_runs ((coalesce(end_time, 'infinity')), id);
-- Lists in the order of the name, and runs of a name.
CREATE INDEX flow_runs_by_name ON champion.flow_runs (name COLLATE "C", id);
-- Lists and the last runs of a flow.
CREATE INDEX flow_runs_by_flow ON champion.flow_runs (flow_name, expected_start_time, id);
-- The same of a deployment, and its removal.
CREATE INDEX flow_runs_by_deployment ON champion.flow_runs (deployment_id, expected_start_time, id)
  WHERE deployment_id IS NOT NULL;
-- Lists, counts and history by state.
CREATE INDEX flow_runs_by_state ON champion.flow_runs (state_type, expected_start_time, id);
-- Counts of a flow's runs by state, and the few that failed among its many.
CREATE INDEX flow_runs_by_flow_state ON champion.flow_runs (flow_name, state_type, expected_start_time, id);
-- Lists by the finer states: Late, AwaitingRetry, NoSession.
CREATE INDEX flow_runs_by_finer_state ON champion.flow_runs (state_name, expected_start_time, id)
  WHERE upper(state_name) <> state_type;
-- Runs of a rare tag.
CREATE INDEX flow_runs_tags ON champion.flow_runs USING gin (tags);
-- What a worker that starts again left behind.
CREATE INDEX flow_runs_unfinished ON champion.flow_runs (executor_id, id)
  WHERE state_type NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'SCHEDULED');
CREATE INDEX flow_runs_claimable ON champion.flow_runs (work_queue_id, expected_start_time, id)
  WHERE state_type = 'SCHEDULED';
CREATE INDEX flow_runs_not_late ON champion.flow_runs (expected_start_time)
  WHERE state_type = 'SCHEDULED' AND state_name = 'Scheduled';
CREATE INDEX flow_runs_at_work ON champion.flow_runs (work_queue_id, deployment_id)
  WHERE state_type IN ('PENDING', 'RUNNING', 'CANCELLING') AND parent_flow_run_id IS NULL;
CREATE INDEX flow_runs_claimed ON champion.flow_runs (work_queue_id, claimed_at) WHERE claimed_at IS NOT NULL;
-- The key first: the API looks for keys without a flow.
CREATE UNIQUE INDEX flow_runs_idempotency ON champion.flow_runs (idempotency_key, flow_name)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX flow_runs_by_schedule ON champion.flow_runs (schedule_id, expected_start_time) WHERE schedule_id IS NOT NULL;

-- Finds a part of a name among all runs. The extension belongs to PostgreSQL, but a server may lack it or refuse it to us;
-- then that search reads the table.
DO $$
DECLARE
  home text;
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA champion;
  SELECT n.nspname INTO home
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
  EXECUTE format('CREATE INDEX flow_runs_name_part ON champion.flow_runs USING gin (name %I.gin_trgm_ops)', home);
EXCEPTION
  WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
    RAISE NOTICE 'Runs are searched by name without an index: %', SQLERRM;
END
$$;

-- A run is changed four times in its life. By the default share of the table, a day's runs of a large table would wait a
-- week for the vacuum after which an index alone can answer for them.
ALTER TABLE champion.flow_runs SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);

-- Counts of task runs by time, and the latest.
CREATE INDEX task_runs_started ON champion.task_runs (start_time, id);

ALTER TABLE champion.logs ADD COLUMN level_number smallint NOT NULL
  GENERATED ALWAYS AS (CASE level WHEN 'debug' THEN 10 WHEN 'info' THEN 20 WHEN 'warn' THEN 30 ELSE 40 END) STORED;
