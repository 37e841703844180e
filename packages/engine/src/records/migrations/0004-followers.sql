-- Who is told of each state that flow runs come into, and how far.
CREATE TABLE champion.followers (
  name text PRIMARY KEY,
  types text[] NOT NULL,
  told_id bigint NOT NULL,
  named_at timestamptz NOT NULL,
  told bigint NOT NULL DEFAULT 0,
  refused bigint NOT NULL DEFAULT 0,
  lost bigint NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  last_told_at timestamptz,
  last_error text
);
COMMENT ON COLUMN champion.followers.types IS 'The types of states it is told of; others are passed over';
COMMENT ON COLUMN champion.followers.told_id IS 'The last state that it needs not be told of any more';
COMMENT ON COLUMN champion.followers.named_at IS 'When a process last named it, to a day; it is forgotten long after that';
COMMENT ON COLUMN champion.followers.refused IS 'What it will never take, and was passed over';
COMMENT ON COLUMN champion.followers.lost IS 'What retention removed before it could be told';
COMMENT ON COLUMN champion.followers.attempts IS 'How often in a row it could not be told of the state after told_id';

-- settled_id has a fuse, so that states are not looked at again without end while a transaction stays open. Who is told
-- without looking twice goes by this mark, which has none: it waits.
ALTER TABLE champion.notification_cursor ADD COLUMN certain_id bigint;
UPDATE champion.notification_cursor SET certain_id = settled_id;
ALTER TABLE champion.notification_cursor ALTER COLUMN certain_id SET NOT NULL;
