import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../records/database.ts';
import { startTestPostgres, type TestPostgres } from '../testing/stack.ts';
import { transaction } from './transaction.ts';

let postgres: TestPostgres;
let database: Database;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await openDatabase(postgres.url, () => undefined);
});
afterAll(async () => {
  await database.close();
  await postgres.stop();
});

const statement = (text: string) => ({ name: text, text, prepared: false });

it('a connection lets go of what it holds when its machine vanishes, or forgets it', async () => {
  const [idle] = await database.run<{ tcp_keepalives_idle: string }>(statement('SHOW tcp_keepalives_idle'), []);
  const name = 'idle_in_transaction_session_timeout';
  const [forgotten] = await database.run<Record<string, string>>(statement(`SHOW ${name}`), []);
  expect([idle?.tcp_keepalives_idle, forgotten?.[name]]).toEqual(['10', '1min']);
});

it('a transaction whose connection is lost fails, and neither the process nor the next one with it', async () => {
  const lost = transaction(database, async ({ run }) => {
    const [own] = await run<{ pid: number }>(statement('SELECT pg_backend_pid() AS pid'), []);
    await database.run(statement('SELECT pg_terminate_backend($1)'), [own?.pid]);
    await run(statement('SELECT 1'), []);
  });
  await expect(lost).rejects.toMatchObject({ code: 'STORE_FAILED', retry: 'backoff' });
  const rows = await transaction(database, ({ run }) => run<{ one: number }>(statement('SELECT 1 AS one'), []));
  expect(rows).toEqual([{ one: 1 }]);
});
