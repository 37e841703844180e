import { type Migration, migrateSchema } from '@champion/core';
import type pg from 'pg';
import runRecords from './migrations/0001-run-records.sql';
import controlPlane from './migrations/0002-control-plane.sql';
import notifications from './migrations/0003-notifications.sql';
import followers from './migrations/0004-followers.sql';
import blocks from './migrations/0005-blocks.sql';
import artifacts from './migrations/0006-artifacts.sql';

const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'run-records', sql: runRecords },
  { number: 2, name: 'control-plane', sql: controlPlane },
  { number: 3, name: 'notifications', sql: notifications },
  { number: 4, name: 'followers', sql: followers },
  { number: 5, name: 'blocks', sql: blocks },
  { number: 6, name: 'artifacts', sql: artifacts },
];

/** Any constant will do, as long as every version of Champion uses it. */
const LOCK_KEY = 4_200_001;

/**
 * Brings the schema `champion` up to date in one transaction. Starters that race wait for each other and find the work done.
 * @throws ChampionError CONFIG when the database has been migrated by a newer Champion
 */
export function migrate(pool: pg.Pool): Promise<void> {
  return migrateSchema(() => pool.connect(), {
    schema: 'champion',
    lockKey: LOCK_KEY,
    migrations: MIGRATIONS,
    found: 'The database has',
  });
}
