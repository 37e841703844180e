import { createHash } from 'node:crypto';
import { ChampionError } from '@champion/core';
import type { Adapter } from './adapters/adapter.ts';
import { inWarehouse } from './errors.ts';
import { migrations } from './migrations/index.ts';

/** A numbered change of the schema. Applied once, in the order given; never edited once released. */
export interface Migration {
  /** Whose it is, and its number: "bhavcopy/0001-equity-ohlc". */
  readonly name: string;
  /** One statement that may be run again if it was killed: ClickHouse has no transactions. */
  readonly sql: string;
}

const RECORDS = `CREATE TABLE IF NOT EXISTS schema_migrations
(name String, sha256 String, applied_at DateTime64(3, 'UTC'))
ENGINE = ReplacingMergeTree(applied_at) ORDER BY name`;

/**
 * Brings the database up to this version's tables: the warehouse's own, then the datasets'.
 * @returns the names of the migrations applied now
 */
export async function migrate(adapter: Adapter, further: readonly Migration[]): Promise<string[]> {
  const known = [...migrations, ...further];
  await adapter.createDatabase();
  const applied = await inWarehouse('read its migrations', async () => {
    await adapter.writer.command({ query: RECORDS });
    const result = await adapter.writer.query({
      query: 'SELECT name, sha256 FROM schema_migrations FINAL ORDER BY name',
      format: 'JSONEachRow',
    });
    return result.json<{ name: string; sha256: string }>();
  });
  for (const record of applied) checkRecord(record, known, adapter.location);

  const pending = known.filter((migration) => !applied.some((record) => record.name === migration.name));
  for (const migration of pending) {
    await inWarehouse(`apply migration ${migration.name}`, async () => {
      await adapter.writer.command({ query: migration.sql });
      await adapter.writer.command({
        query: `INSERT INTO schema_migrations
          SELECT {name:String}, {sha256:String}, now64(3, 'UTC')`,
        query_params: { name: migration.name, sha256: hashOf(migration) },
      });
    });
  }
  return pending.map((migration) => migration.name);
}

function checkRecord(record: { name: string; sha256: string }, known: readonly Migration[], location: string): void {
  const migration = known.find(({ name }) => name === record.name);
  if (!migration) {
    throw new ChampionError(`the warehouse has migration ${record.name}, which this version does not know`, {
      code: 'STORE_FAILED',
      hint: 'A newer version of Champion has used this warehouse: run that version, or point to another warehouse.',
      context: { location, migration: record.name },
    });
  }
  if (record.sha256 !== hashOf(migration)) {
    throw new ChampionError(`migration ${migration.name} is not the one that the warehouse was made with`, {
      code: 'STORE_FAILED',
      hint: 'Undo the edit and write the change as a new migration.',
      context: { location, migration: migration.name },
    });
  }
}

function hashOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
