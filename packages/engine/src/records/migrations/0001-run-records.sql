CREATE TABLE champion.flows (
  name text PRIMARY KEY,
  description text,
  parameters jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
COMMENT ON COLUMN champion.flows.parameters IS 'JSON Schema of the parameters';

CREATE TABLE champion.flow_runs (
  id uuid PRIMARY KEY,
  flow_name text NOT NULL,
  name text NOT NULL,
  parameters jsonb NOT NULL,
  state_type text NOT NULL,
  state_name text NOT NULL,
  state_message text,
  parent_flow_run_id uuid REFERENCES champion.flow_runs (id) ON DELETE CASCADE,
  executor_id text NOT NULL,
  run_count integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  start_time timestamptz,
  end_time timestamptz,
  result jsonb,
  error jsonb
);
COMMENT ON COLUMN champion.flow_runs.run_count IS 'How often the run was begun: 1, and one more for each resumption';

CREATE INDEX flow_runs_recent ON champion.flow_runs ((coalesce(start_time, created_at)) DESC, id);
CREATE INDEX flow_runs_by_flow ON champion.flow_runs (flow_name, (coalesce(start_time, created_at)) DESC);
CREATE INDEX flow_runs_by_parent ON champion.flow_runs (parent_flow_run_id) WHERE parent_flow_run_id IS NOT NULL;
CREATE INDEX flow_runs_unfinished ON champion.flow_runs (id)
  WHERE state_type NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED');

CREATE TABLE champion.task_runs (
  id uuid PRIMARY KEY,
  flow_run_id uuid NOT NULL REFERENCES champion.flow_runs (id) ON DELETE CASCADE,
  name text NOT NULL,
  dynamic_key text NOT NULL,
  state_type text NOT NULL,
  state_name text NOT NULL,
  state_message text,
  attempts integer NOT NULL DEFAULT 0,
  parents uuid[] NOT NULL DEFAULT '{}',
  start_time timestamptz NOT NULL,
  end_time timestamptz,
  result jsonb,
  error jsonb,
  UNIQUE (flow_run_id, dynamic_key)
);
COMMENT ON COLUMN champion.task_runs.parents IS 'The task runs whose results this one was given';

CREATE TABLE champion.task_attempts (
  task_run_id uuid NOT NULL REFERENCES champion.task_runs (id) ON DELETE CASCADE,
  attempt integer NOT NULL,
  state_type text NOT NULL,
  start_time timestamptz NOT NULL,
  end_time timestamptz,
  error jsonb,
  retry_wait_ms integer,
  PRIMARY KEY (task_run_id, attempt)
);

CREATE TABLE champion.states (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow_run_id uuid NOT NULL REFERENCES champion.flow_runs (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('flow', 'task')),
  run_id uuid NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  message text,
  at timestamptz NOT NULL
);
CREATE INDEX states_by_flow_run ON champion.states (flow_run_id, id);

CREATE TABLE champion.logs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow_run_id uuid NOT NULL REFERENCES champion.flow_runs (id) ON DELETE CASCADE,
  task_run_id uuid,
  level text NOT NULL,
  message text NOT NULL,
  fields jsonb,
  at timestamptz NOT NULL
);
CREATE INDEX logs_by_flow_run ON champion.logs (flow_run_id, id);
