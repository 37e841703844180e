import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Duties } from './duties.ts';
import { startTestPostgres, type TestPostgres } from './testing/stack.ts';

let postgres: TestPostgres;
const started: Duties[] = [];
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await Promise.all(started.map((duties) => duties.stop()));
  await postgres.stop();
});

interface Seen {
  readonly duties: Duties;
  readonly done: Date[];
  readonly log: string[];
}

function start(run: (now: Date) => Promise<void> = async () => undefined, databaseUrl = postgres.url): Seen {
  const done: Date[] = [];
  const log: string[] = [];
  const duties = new Duties({
    databaseUrl,
    duties: [
      {
        name: 'count',
        everyMs: 5,
        run: async (now) => {
          await run(now);
          done.push(now);
        },
      },
    ],
    internalLog: (level, message) => log.push(`${level}: ${message}`),
  });
  started.push(duties);
  duties.start();
  return { duties, done, log };
}

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 15_000, interval: 5 });

it('are done by one of several processes, and by another when that one stops', async () => {
  const first = start();
  await until(() => first.done.length > 2);
  const second = start();
  const many = first.done.length + 20;
  await until(() => first.done.length > many);
  expect(second.done).toEqual([]);
  expect([first.duties.holds, second.duties.holds]).toEqual([true, false]);
  await first.duties.stop();
  const at = first.done.length;
  await until(() => second.done.length > 2);
  expect(first.done).toHaveLength(at);
  await second.duties.stop();
});

it('pass on when the holder loses its connection, which asks for them again', async () => {
  const holder = start();
  await until(() => holder.duties.holds);
  const rival = new pg.Client({ connectionString: postgres.url });
  await rival.connect();
  await postgres.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'champion-duties'`,
  );
  await rival.query('SELECT pg_advisory_lock(4200004)');
  await until(() => !holder.duties.holds);
  const at = holder.done.length;
  expect(holder.log).toContain('warn: The connection that holds the duties was lost: another process may take them');
  await rival.end();
  await until(() => holder.duties.holds && holder.done.length > at + 2);
  await holder.duties.stop();
});

it('are tried again after an error, which is told once', async () => {
  let broken = true;
  let tries = 0;
  const failing = start(async () => {
    tries++;
    if (broken) throw new Error('no');
  });
  await until(() => tries > 5);
  broken = false;
  await until(() => failing.done.length > 0);
  expect(failing.log.filter((line) => !line.startsWith('debug'))).toEqual([
    'error: The duty count failed, and is tried again',
    'info: The duty count is done again',
  ]);
  await failing.duties.stop();
});

it('end what they are at before they stop', async () => {
  let finish: () => void = () => undefined;
  let begun = false;
  const slow = start(() => {
    begun = true;
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  await until(() => begun);
  let stopped = false;
  const stopping = slow.duties.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(stopped).toBe(false);
  finish();
  await stopping;
  expect(slow.done).toHaveLength(1);
});

it('wait for a database that is away, and stop all the same', async () => {
  const lost = start(undefined, 'postgresql://nobody@127.0.0.1:1/nothing');
  await until(() => lost.log.length > 1);
  expect(lost.log.slice(0, 2)).toEqual([
    'warn: The duties wait for the database',
    'debug: The duties wait for the database',
  ]);
  await lost.duties.stop();
  expect(lost.done).toEqual([]);
});
