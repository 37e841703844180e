import { type Migration, migrateSchema } from '@champion/core';
import type pg from 'pg';
import tracking from './migrations/0001-tracking.sql';

const MIGRATIONS: readonly Migration[] = [{ number: 1, name: 'tracking', sql: tracking }];

/** Any constant will do, as long as every version of Champion uses it and no other schema does. */
const LOCK_KEY = 4_200_002;

/**
 * Brings the schema `tracking` up to date in one transaction. Starters that race wait for each other and find the work done.
 * @throws ChampionError CONFIG when the database has been migrated by a newer Champion
 */
export function migrate(pool: pg.Pool): Promise<void> {
  return migrateSchema(() => pool.connect(), {
    schema: 'tracking',
    lockKey: LOCK_KEY,
    migrations: MIGRATIONS,
    found: 'The tracking tables have',
  });
}
