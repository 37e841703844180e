import { setTimeout as sleep } from 'node:timers/promises';
import { ChampionError } from '@champion/core';
import pg from 'pg';
import type { InternalLog } from './events.ts';

/** A killed predecessor's session may outlive it by a moment. */
const WAIT_MS = 2_000;
const NAMESPACE = 4_200_002;

/**
 * Makes this process the only one that is the executor of this name: a second one would take the first one's runs for a
 * dead predecessor's and run them again. The lock goes with its connection, so it needs no clean-up after a crash.
 * @returns the way to let go
 * @throws ChampionError BUSY
 */
export async function lockExecutor(
  databaseUrl: string,
  executorId: string,
  internalLog: InternalLog,
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'champion-executor' });
  client.on('error', (error) => internalLog('warn', 'The connection that holds the executor lock was lost', { error }));
  await client.connect();
  const deadline = Date.now() + WAIT_MS;
  while (!(await tryLock(client, executorId))) {
    if (Date.now() > deadline) {
      await client.end();
      throw new ChampionError(`Another process is running flows as executor "${executorId}" on this database`, {
        code: 'BUSY',
        retry: 'backoff',
        hint: 'Stop the other Champion, or give this one an executor id of its own.',
        context: { executorId },
      });
    }
    await sleep(50);
  }
  return () => client.end();
}

async function tryLock(client: pg.Client, executorId: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked', [
    NAMESPACE,
    executorId,
  ]);
  return rows[0]?.locked === true;
}
