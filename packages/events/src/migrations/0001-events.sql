-- What is to be sent to Kafka, as references to files of the lake: the rows stay there.

-- The newest statement that was made about a file's worth of facts, by topic: one row per file, kept for good.
CREATE TABLE events.revisions (
  topic text NOT NULL,
  slice text NOT NULL,
  business_date date NOT NULL,
  revision integer NOT NULL,
  source text NOT NULL,
  schema_version integer NOT NULL,
  PRIMARY KEY (topic, slice, business_date)
);

CREATE TABLE events.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  dataset text NOT NULL,
  slice text NOT NULL,
  business_date date NOT NULL,
  revision integer NOT NULL,
  schema_version integer NOT NULL,
  source text NOT NULL,
  -- Folder of the lake; null is the configured one.
  lake text,
  path text NOT NULL,
  sha256 text NOT NULL,
  rows integer NOT NULL CHECK (rows >= 0),
  -- Rows that Kafka has acknowledged, from the file's beginning.
  rows_sent integer NOT NULL DEFAULT 0 CHECK (rows_sent BETWEEN 0 AND rows),
  handed_over_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  last_error text,
  -- Null while it waits.
  sent_at timestamptz
);

CREATE INDEX outbox_waiting ON events.outbox (id) WHERE sent_at IS NULL;
CREATE INDEX outbox_waiting_by_facts ON events.outbox (topic, slice, business_date, id) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON events.outbox (sent_at) WHERE sent_at IS NOT NULL;

-- Sums that outlive what they are of.
CREATE TABLE events.topics (
  topic text PRIMARY KEY,
  rows_sent bigint NOT NULL DEFAULT 0,
  last_sent_at timestamptz,
  failures bigint NOT NULL DEFAULT 0,
  last_error text,
  last_error_at timestamptz
);
