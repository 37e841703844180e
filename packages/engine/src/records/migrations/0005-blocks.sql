CREATE TABLE champion.blocks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  type text NOT NULL,
  name text NOT NULL,
  data jsonb NOT NULL,
  secret_fields text[] NOT NULL,
  sealed text,
  key_id text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (type, name),
  CHECK ((sealed IS NULL) = (cardinality(secret_fields) = 0)),
  CHECK ((sealed IS NULL) = (key_id IS NULL))
);
COMMENT ON COLUMN champion.blocks.data IS 'The fields that are no secrets';
COMMENT ON COLUMN champion.blocks.secret_fields IS 'The names of the fields in sealed';
COMMENT ON COLUMN champion.blocks.sealed IS 'The secret fields as JSON, encrypted: see blocks/seal.ts';
COMMENT ON COLUMN champion.blocks.key_id IS 'Of the key that they are encrypted with; it says nothing of the key';

-- Which rules use a block.
CREATE INDEX notification_rules_block ON champion.notification_rules ((target ->> 'block'));
