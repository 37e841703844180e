import { ChampionError } from './errors.ts';
import { leased, type Pooled } from './leased.ts';

export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

interface SqlConnection extends Pooled {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

export interface SchemaMigrations {
  /** A schema of PostgreSQL, made if absent; its table `migrations` keeps what was applied. */
  readonly schema: string;
  /** An advisory lock that every version of Champion takes for this schema, and for no other. */
  readonly lockKey: number;
  /** By ascending number. */
  readonly migrations: readonly Migration[];
  /** Begins the sentence that tells of a newer schema: "The database has". */
  readonly found: string;
}

/**
 * Brings a schema up to date in one transaction. Starters that race wait for each other and find the work done.
 * @throws ChampionError CONFIG when the database has been migrated by a newer Champion
 */
export function migrateSchema<C extends SqlConnection>(
  connect: () => Promise<C>,
  { schema, lockKey, migrations, found }: SchemaMigrations,
): Promise<void> {
  return leased(connect, async (client) => {
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
      await client.query(`
        CREATE SCHEMA IF NOT EXISTS ${schema};
        CREATE TABLE IF NOT EXISTS ${schema}.migrations (
          number integer PRIMARY KEY,
          name text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now()
        )`);
      const { rows } = await client.query(`SELECT coalesce(max(number), 0) AS number FROM ${schema}.migrations`);
      const applied = Number(rows[0]?.number);
      const newest = migrations.at(-1)?.number ?? 0;
      if (applied > newest) {
        throw new ChampionError(`${found} migration ${applied}, this Champion knows ${newest} at most`, {
          code: 'CONFIG',
          hint: 'Start the newer Champion that migrated this database, or use another database.',
          context: { applied, newest },
        });
      }
      for (const { number, name, sql } of migrations.filter((migration) => migration.number > applied)) {
        await client.query(sql);
        await client.query(`INSERT INTO ${schema}.migrations (number, name) VALUES ($1, $2)`, [number, name]);
      }
      await client.query('COMMIT');
    } catch (error) {
      // What was broken off must not hide behind a rollback that fails with it.
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}
