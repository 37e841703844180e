import { setTimeout as sleep } from 'node:timers/promises';
import { ChampionError } from '@champion/core';
import pg from 'pg';
import type { InternalLog } from './events.ts';

/** A killed predecessor's session may outlive it by a moment. */
const WAIT_MS = 2_000;
/** After a lost connection. */
const RELOCK_AFTER_MS = 1_000;
const NAMESPACE = 4_200_002;

/**
 * Makes this process the only one that is the executor of this name: a second one would take the first one's runs for a
 * dead predecessor's and run them again. The lock goes with its connection, so it needs no clean-up after a crash; should
 * the connection go first (the server restarts), the lock is taken again on a new one.
 * @returns the way to let go
 * @throws ChampionError BUSY
 */
export async function lockExecutor(
  databaseUrl: string,
  executorId: string,
  internalLog: InternalLog,
): Promise<() => Promise<void>> {
  const released = new AbortController();
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: databaseUrl, application_name: 'champion-executor' });
    client.on('error', (error) => internalLog('debug', 'The connection of the executor lock was lost', { error }));
    await client.connect();
    client.once('end', () => void relock());
    return client;
  };
  let holder = await connect();
  const relock = async (): Promise<void> => {
    while (!released.signal.aborted) {
      await sleep(RELOCK_AFTER_MS, undefined, { signal: released.signal }).catch(() => undefined);
      try {
        holder = await connect();
        if (await tryLock(holder, executorId)) return;
        // Its end brings the next attempt.
        internalLog('warn', `The executor lock "${executorId}" is another's since the database was away`);
        return void (await holder.end());
      } catch (error) {
        internalLog('debug', 'The executor lock could not be taken again', { error });
      }
    }
  };
  const letGo = (): Promise<void> => {
    released.abort();
    return holder.end();
  };
  const deadline = Date.now() + WAIT_MS;
  while (!(await tryLock(holder, executorId))) {
    if (Date.now() > deadline) {
      await letGo();
      throw new ChampionError(`Another process is running flows as executor "${executorId}" on this database`, {
        code: 'BUSY',
        retry: 'backoff',
        hint: 'Stop the other Champion, or give this one an executor id of its own.',
        context: { executorId },
      });
    }
    await sleep(50);
  }
  return letGo;
}

/** What no executor is called. */
const LAUNCH = ' launch ';
const LAUNCH_WAIT_MS = 60_000;

/**
 * Runs `launch` while no other process on the database does: DBOS's migrations, run at once by two, lock each other out.
 * Waiting asks again and again rather than in one statement, which those migrations would wait for in turn.
 */
export async function oneAtATime(
  databaseUrl: string,
  internalLog: InternalLog,
  launch: () => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'champion-launch' });
  client.on('error', (error) => internalLog('debug', 'The connection of the launch lock was lost', { error }));
  await client.connect();
  try {
    const deadline = Date.now() + LAUNCH_WAIT_MS;
    while (!(await tryLock(client, LAUNCH))) {
      if (Date.now() > deadline) {
        throw new ChampionError('Another process has been starting on this database for a minute', {
          code: 'BUSY',
          retry: 'backoff',
          hint: 'See what keeps it; then start this one again.',
        });
      }
      await sleep(20);
    }
    await launch();
  } finally {
    await client.end();
  }
}

async function tryLock(client: pg.Client, executorId: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked', [
    NAMESPACE,
    executorId,
  ]);
  return rows[0]?.locked === true;
}
