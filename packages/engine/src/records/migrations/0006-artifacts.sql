CREATE TABLE champion.artifacts (
  id uuid PRIMARY KEY,
  flow_run_id uuid NOT NULL REFERENCES champion.flow_runs (id) ON DELETE CASCADE,
  task_run_id uuid,
  key text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('table', 'markdown', 'link')),
  description text,
  data json NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- Those of a run, and their removal with it.
  UNIQUE (flow_run_id, key)
);
COMMENT ON COLUMN champion.artifacts.task_run_id IS 'The task that left it; null: the flow itself';
COMMENT ON COLUMN champion.artifacts.data IS 'json, not jsonb: the columns of a table keep their order';

-- The latest of a key, and of all keys.
CREATE INDEX artifacts_by_key ON champion.artifacts (key, created_at, id);
-- Lists of all.
CREATE INDEX artifacts_recent ON champion.artifacts (created_at, id);
