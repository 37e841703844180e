import { ChampionError, leased } from '@champion/core';
import type pg from 'pg';
import runRecords from './migrations/0001-run-records.sql';
import controlPlane from './migrations/0002-control-plane.sql';
import notifications from './migrations/0003-notifications.sql';
import followers from './migrations/0004-followers.sql';
import blocks from './migrations/0005-blocks.sql';
import artifacts from './migrations/0006-artifacts.sql';

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

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
export async function migrate(pool: pg.Pool): Promise<void> {
  await leased(
    () => pool.connect(),
    async (client) => {
      try {
        await client.query('BEGIN');
        await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
        const applied = await appliedMigration(client);
        const newest = MIGRATIONS.at(-1)?.number ?? 0;
        if (applied > newest) {
          throw new ChampionError(`The database has migration ${applied}, this Champion knows ${newest} at most`, {
            code: 'CONFIG',
            hint: 'Start the newer Champion that migrated this database, or use another database.',
            context: { applied, newest },
          });
        }
        for (const { number, name, sql } of MIGRATIONS.filter((migration) => migration.number > applied)) {
          await client.query(sql);
          await client.query('INSERT INTO champion.migrations (number, name) VALUES ($1, $2)', [number, name]);
        }
        await client.query('COMMIT');
      } catch (error) {
        // What was broken off must not hide behind a rollback that fails with it.
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
  );
}

async function appliedMigration(client: pg.PoolClient): Promise<number> {
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS champion;
    CREATE TABLE IF NOT EXISTS champion.migrations (
      number integer PRIMARY KEY,
      name text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
  const { rows } = await client.query<{ number: number | null }>(
    'SELECT max(number) AS number FROM champion.migrations',
  );
  return rows[0]?.number ?? 0;
}
