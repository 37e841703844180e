import { randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ChampionError } from '@champion/core';
import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client';
import type { Session } from 'chdb';
import { inWarehouse } from '../errors.ts';
import { LOAD_SETTINGS, WRITE_SETTINGS } from '../settings.ts';
import {
  type Adapter,
  type FileInsert,
  type FileOutput,
  quoted,
  type ReadOnlySession,
  type ReadOnlySettings,
} from './adapter.ts';
import { responseText } from './response-text.ts';
import { stoppable } from './stoppable.ts';

const DATABASE = 'champion';

type Connection = NonNullable<ClickHouseClientConfigOptions['connection']>;

/** chDB, loaded at the first call. @throws ChampionError CONFIG where it was left out, as the container's image does */
async function engine() {
  try {
    const { createChdbConnection } = await import('chdb/connection');
    const { drainPending, Session } = await import('chdb');
    return { createChdbConnection, drainPending, Session };
  } catch (cause) {
    throw new ChampionError('The embedded ClickHouse (the package chdb) is not installed', {
      code: 'CONFIG',
      hint: 'Set CLICKHOUSE_URL to a ClickHouse server, or run npm install to have the embedded one.',
      cause,
    });
  }
}

/**
 * ClickHouse inside this process (chDB), with its data in a folder. The library is half a gigabyte, so it is loaded
 * here and not at import. A process has one folder open at a time, and a folder is open in one process at a time.
 * @throws ChampionError BUSY when either is taken
 */
export async function openEmbedded(path: string): Promise<Adapter> {
  const folder = await inWarehouse(`open ${path}`, async () => {
    await mkdir(resolve(path), { recursive: true });
    return realpath(path);
  });
  const { createChdbConnection, drainPending, Session } = await engine();
  const connect = (): ClickHouseClient =>
    // The two packages each declare the same Connection; only a private field of an unused class sets them apart.
    createClient({ connection: createChdbConnection({ path: folder }) as unknown as Connection });

  /** A connection of its own: its settings and its running statement concern no other. */
  async function session(): Promise<ClickHouseClient> {
    const client = connect();
    await client.command({ query: `USE ${DATABASE}` });
    return client;
  }

  const first = await connectFirst(connect, folder);
  try {
    return await inWarehouse(`open ${folder}`, async () => {
      const version = await first.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' });
      const [row] = await version.json<{ version: string }>();
      await first.command({ query: `CREATE DATABASE IF NOT EXISTS ${DATABASE}` });
      await first.command({ query: `USE ${DATABASE}` });
      const reader = await session();
      return {
        kind: 'embedded' as const,
        location: folder,
        version: row?.version ?? '',
        database: DATABASE,
        writer: first,
        reader,
        createDatabase: async () => {},
        insertFile: (input: FileInsert) => insertFile(first, input),
        writeParquet: async (output: FileOutput) => writeParquet(await session(), output),
        openReadOnly: async (settings: ReadOnlySettings) =>
          readOnlySession(await session(), settings, () => new Session(folder)),
        close: async () => {
          await reader.close();
          await first.close();
          // Without this the folder is still held for a moment after close() returns.
          await drainPending();
        },
      };
    });
  } catch (error) {
    await first.close();
    throw error;
  }
}

async function connectFirst(connect: () => ClickHouseClient, folder: string): Promise<ClickHouseClient> {
  try {
    return connect();
  } catch (error) {
    const message = (error as Error).message;
    if (message.includes('one active data directory')) {
      throw new ChampionError('this process already has another warehouse folder open', {
        code: 'BUSY',
        hint: 'Close it first, or use CLICKHOUSE_URL: the embedded engine opens one folder per process.',
        context: { folder, reason: message },
        cause: error,
      });
    }
    // The engine prints its reason and throws without it; its lock file names the holder.
    const holder = await lockHolder(folder);
    if (holder !== undefined) {
      throw new ChampionError(`the warehouse in ${folder} is open in another process (${holder})`, {
        code: 'BUSY',
        retry: 'backoff',
        hint: `Wait for process ${holder} to end or stop it, or let it answer: "champion sql" talks to a running server.`,
        context: { folder, pid: holder },
        cause: error,
      });
    }
    throw new ChampionError(`the warehouse in ${folder} cannot be opened: ${message}`, {
      code: 'STORE_FAILED',
      hint: 'Check that this user may read and write the folder and that the disk is not full.',
      context: { folder },
      cause: error,
    });
  }
}

/** The live process that the engine's lock file names. The lock itself is the kernel's, so a dead holder holds nothing. */
async function lockHolder(folder: string): Promise<number | undefined> {
  const status = await readFile(join(folder, 'status'), 'utf8').catch(() => '');
  const pid = Number(/^PID: (\d+)/m.exec(status)?.[1]);
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined;
  }
}

async function insertFile(writer: ClickHouseClient, { table, columns, file }: FileInsert): Promise<void> {
  checkPath(file);
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const structure = columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ');
  await writer.command({
    query: `INSERT INTO ${quoted(table)} (${names})
      SELECT ${names} FROM file({file:String}, Parquet, {structure:String})`,
    query_params: { file, structure },
    clickhouse_settings: LOAD_SETTINGS,
  });
}

/** @param client its own, and closed here: settings stay with a session, and FINAL would hide rows from later loads */
async function writeParquet(client: ClickHouseClient, { query, params, file }: FileOutput): Promise<void> {
  try {
    checkPath(file);
    await client.command({
      query: `INSERT INTO FUNCTION file({file:String}, Parquet) ${query}`,
      query_params: { ...params, file },
      clickhouse_settings: WRITE_SETTINGS,
    });
  } finally {
    await client.close();
  }
}

/** @throws ChampionError INVALID_INPUT for a path that the engine would not take as it stands */
export function checkPath(file: string): void {
  if (!/[*?{}]/.test(file)) return;
  throw new ChampionError(`the warehouse cannot use ${file}: the engine reads * ? { } in a path as a pattern`, {
    code: 'INVALID_INPUT',
    hint: 'Move CHAMPION_HOME to a folder without these characters.',
    context: { file },
  });
}

async function readOnlySession(
  client: ClickHouseClient,
  settings: ReadOnlySettings,
  open: () => Session,
): Promise<ReadOnlySession> {
  const tag = randomUUID();
  const list = Object.entries(settings).map(
    ([name, value]) => `${name} = ${typeof value === 'string' ? `'${value}'` : value}`,
  );
  // One statement, read-only last: from here on nothing in this session can be set.
  await client.command({ query: `SET ${[...list, `log_comment = '${tag}'`, 'readonly = 1'].join(', ')}` });
  const stream: ReadOnlySession['stream'] = async (query, params, format, signal) => {
    signal.throwIfAborted();
    const running = client.exec({ query, query_params: params, clickhouse_settings: { default_format: format } });
    return (await stoppable(open, tag, signal, running)).stream;
  };
  return {
    run: async (query, params, signal) => responseText(await stream(query, params, 'JSONCompact', signal)),
    stream,
    close: () => client.close(),
  };
}
