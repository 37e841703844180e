import type { Statement } from '../records/database.ts';

/**
 * Makes a follower known, from now on or ($3) from the oldest state; one that is known goes on where it was. "Now" is the
 * certain mark, some seconds ago: the largest id would leave out a smaller one that is yet to be committed.
 */
export const REGISTER: Statement = {
  name: 'follower-register',
  text: `
    INSERT INTO champion.followers (name, types, told_id, named_at)
    SELECT $1, $2, CASE WHEN $3 THEN 0 ELSE certain_id END, $4 FROM champion.notification_cursor
    ON CONFLICT (name) DO UPDATE SET types = excluded.types, named_at = greatest(followers.named_at, excluded.named_at)`,
};

/** Whom nobody named since $2 and who is not among $1 follows no more. */
export const FORGET: Statement = {
  name: 'followers-forget',
  text: 'DELETE FROM champion.followers WHERE name <> ALL ($1::text[]) AND named_at < $2 RETURNING name',
};

/** Those who are not among $1. */
export const UNNAMED: Statement = {
  name: 'followers-unnamed',
  text: `
    SELECT name, named_at AS "namedAt" FROM champion.followers
    WHERE name <> ALL ($1::text[]) ORDER BY name`,
};

export const PLACE: Statement = {
  name: 'follower-place',
  text: `
    SELECT f.told_id::text AS "toldId", f.attempts, f.next_attempt_at AS "nextAttemptAt", f.named_at AS "namedAt",
      c.certain_id::text AS "certainId"
    FROM champion.followers f, champion.notification_cursor c
    WHERE f.name = $1`,
};

/** The next states, of types $3, between two places. */
export const NEXT: Statement = {
  name: 'follower-next',
  text: `
    SELECT id::text AS id, flow_run_id AS "flowRunId", type, name, message, at FROM champion.states
    WHERE id > $1 AND id <= $2 AND kind = 'flow' AND type = ANY ($3) ORDER BY id LIMIT $4`,
};

/** Moves a follower on to $2, unless another process was quicker; then what it counted stands. */
export const MOVE: Statement = {
  name: 'follower-move',
  text: `
    UPDATE champion.followers
    SET told_id = $2, told = told + $3, refused = refused + $4, attempts = 0, next_attempt_at = NULL,
      last_told_at = CASE WHEN $3 > 0 THEN $5::timestamptz ELSE last_told_at END,
      last_error = CASE WHEN $4 > 0 THEN $6 WHEN $3 > 0 THEN NULL ELSE last_error END
    WHERE name = $1 AND told_id < $2`,
};

export const FAILED: Statement = {
  name: 'follower-failed',
  text: `
    UPDATE champion.followers SET attempts = attempts + 1, next_attempt_at = $3, last_error = $4
    WHERE name = $1 AND told_id = $2`,
};

export const STATUS: Statement = {
  name: 'followers-status',
  text: `
    SELECT f.name, f.told::float8 AS told, f.refused::float8 AS refused, f.lost::float8 AS lost, f.attempts,
      f.next_attempt_at AS "nextAttemptAt", f.last_told_at AS "lastToldAt", f.last_error AS "lastError",
      (SELECT count(*)::integer FROM (
        SELECT FROM champion.states s
        WHERE s.id > f.told_id AND s.kind = 'flow' AND s.type = ANY (f.types) LIMIT $1) waiting) AS pending
    FROM champion.followers f WHERE f.name = ANY ($2::text[]) ORDER BY f.name`,
};
