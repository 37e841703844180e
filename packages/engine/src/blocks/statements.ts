import type { Statement } from '../records/database.ts';

const BLOCK = `
  b.id, b.type, b.name, b.data, b.secret_fields AS "secretFields", b.sealed, b.key_id AS "keyId",
  b.created_at AS "createdAt", b.updated_at AS "updatedAt"`;

/** With the rules that use it, by name. */
const WITH_USES = `
  ${BLOCK}, coalesce((SELECT jsonb_agg(jsonb_build_object('kind', 'notification_rule', 'id', r.id, 'name', r.name)
    ORDER BY r.name) FROM champion.notification_rules r WHERE r.target ->> 'block' = b.type || '/' || b.name), '[]')
    AS "usedBy"`;

/** $1 types (null: all), $2 limit, $3 offset */
export const LIST_BLOCKS: Statement = {
  name: 'blocks-list',
  text: `SELECT ${WITH_USES} FROM champion.blocks b WHERE $1::text[] IS NULL OR b.type = ANY ($1)
    ORDER BY b.type, b.name LIMIT $2 OFFSET $3`,
};

export const FIND_BLOCK: Statement = {
  name: 'block-find',
  text: `SELECT ${WITH_USES} FROM champion.blocks b WHERE b.id = $1`,
};

export const FIND_BLOCK_BY_NAME: Statement = {
  name: 'block-find-by-name',
  text: `SELECT ${WITH_USES} FROM champion.blocks b WHERE b.type = $1 AND b.name = $2`,
};

export const LOCK_BLOCK: Statement = {
  name: 'block-lock',
  text: `SELECT ${WITH_USES} FROM champion.blocks b WHERE b.id = $1 FOR UPDATE OF b`,
};

/** Who begins to use a block keeps it from being deleted meanwhile. */
export const HOLD_BLOCK: Statement = {
  name: 'block-hold',
  text: 'SELECT id FROM champion.blocks WHERE type = $1 AND name = $2 FOR SHARE',
};

/** Secrets are encrypted by one at a time, so that all are by one key. */
export const LOCK_SEALING: Statement = {
  name: 'blocks-lock-sealing',
  text: 'SELECT pg_advisory_xact_lock(4200007)',
};

/** Keys that secrets are encrypted with, but for those of the block $1. */
export const KEYS_IN_USE: Statement = {
  name: 'blocks-keys',
  text: `
    SELECT key_id AS "keyId", min(type || '/' || name) AS example, count(*)::integer AS count FROM champion.blocks
    WHERE key_id IS NOT NULL AND ($1::uuid IS NULL OR id <> $1) GROUP BY key_id ORDER BY key_id`,
};

/** Makes a block unless there are $8 of them, or one of its name. */
export const INSERT_BLOCK: Statement = {
  name: 'block-insert',
  text: `
    INSERT INTO champion.blocks (type, name, data, secret_fields, sealed, key_id, created_at, updated_at)
    SELECT $1::text, $2::text, $3::jsonb, $4::text[], $5::text, $6::text, $7::timestamptz, $7
    WHERE (SELECT count(*) FROM champion.blocks) < $8
    ON CONFLICT DO NOTHING
    RETURNING id`,
};

export const UPDATE_BLOCK: Statement = {
  name: 'block-update',
  text: `
    UPDATE champion.blocks SET data = $2, secret_fields = $3, sealed = $4, key_id = $5, updated_at = $6 WHERE id = $1`,
};

export const DELETE_BLOCK: Statement = {
  name: 'block-delete',
  text: 'DELETE FROM champion.blocks WHERE id = $1',
};
