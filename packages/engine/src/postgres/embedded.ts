import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChampionError } from '@champion/core';
import pg from 'pg';
import { findBinaries } from './binaries.ts';
import { prepareDataFolder, SUPERUSER } from './data-folder.ts';
import { choosePostgresIdentity } from './identity.ts';
import { claim, clearLeftover, inUse, release } from './leftover.ts';
import { ServerProcess } from './server-process.ts';

const DATABASE = 'champion';
const START_ATTEMPTS = 5;
const READY_TIMEOUT_MS = 30_000;
const CONNECT_INTERVAL_MS = 5;

export interface EmbeddedPostgresOptions {
  /** Folder of the cluster; created when missing. The password, the port and the owner's process id lie beside it. */
  readonly dataDir: string;
  /** Gets each line the server writes. */
  readonly log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Connection URL of the database `champion`, password included: never log it. */
  readonly url: string;
  readonly port: number;
  /** For example "18.4". */
  readonly version: string;
  /** Fast shutdown; waits until the server is gone. Calling it again does nothing more. */
  stop(): Promise<void>;
}

/** Folders served by this process; the lock file can't tell us from ourselves. */
const served = new Set<string>();

/**
 * Starts a PostgreSQL server on a free loopback port, the one it had before if possible. It ends with this process, however this process ends.
 * @throws ChampionError CONFIG no programs for this machine, or a folder they can't use
 * @throws ChampionError BUSY another process serves this folder
 * @throws ChampionError STORE_FAILED the server does not come up; its own words are in the message
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  if (served.has(dataDir)) throw inUse(dataDir, process.pid);
  served.add(dataDir);
  try {
    const binaries = findBinaries();
    const identity = choosePostgresIdentity();
    await clearLeftover(dataDir);
    const password = await prepareDataFolder(dataDir, identity, binaries);
    for (let attempt = 1; ; attempt++) {
      const port = await choosePort(attempt === 1 ? lastPort(dataDir) : 0);
      const server = new ServerProcess(identity, serverCommand(binaries.postgres, dataDir, port), (line) =>
        options.log?.(line),
      );
      const url = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`;
      try {
        const version = await untilReady(server, url);
        claim(dataDir);
        writeFileSync(portFile(dataDir), `${port}\n`);
        return { url, port, version, stop: once(() => stop(server, dataDir)) };
      } catch (error) {
        await server.stop();
        if (server.output.includes('lock file "postmaster.pid" already exists')) throw inUse(dataDir);
        if (attempt >= START_ATTEMPTS || !mayPass(server.output)) throw error;
        await sleep(100 * attempt);
      }
    }
  } catch (error) {
    served.delete(dataDir);
    throw error;
  }
}

async function stop(server: ServerProcess, dataDir: string): Promise<void> {
  await server.stop();
  release(dataDir);
  served.delete(dataDir);
}

function serverCommand(postgres: string, dataDir: string, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    // Socket paths have a length limit that a deep data folder exceeds; loopback TCP always works.
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '64MB',
    // One server on one machine: nothing replicates from it.
    wal_level: 'minimal',
    max_wal_senders: '0',
    // Our statements are short; compiling them costs more than running them.
    jit: 'off',
  };
  return [
    postgres,
    '-D',
    dataDir,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/** Another program took the port between our look and the server's, or a killed server's backends are still leaving. */
function mayPass(output: string): boolean {
  return /could not (create any TCP\/IP sockets|bind)|Address already in use|pre-existing shared memory/.test(output);
}

/** Asks until the server answers, which takes some 50 ms, then makes sure that our database is there. */
async function untilReady(server: ServerProcess, url: string): Promise<string> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      return await readVersion(url);
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === '3D000') await createDatabase(url);
      // 57P03: the server is starting up, or recovering after a crash.
      else if (code !== 'ECONNREFUSED' && code !== 'ECONNRESET' && code !== '57P03') throw startFailed(server, error);
      if (server.hasExited || Date.now() > deadline) throw startFailed(server, error);
      await sleep(CONNECT_INTERVAL_MS);
    }
  }
}

function startFailed(server: ServerProcess, cause: unknown): ChampionError {
  const said = server.output || (cause instanceof Error ? cause.message : String(cause));
  return new ChampionError(`The embedded PostgreSQL did not start: ${said}`, {
    code: 'STORE_FAILED',
    hint: 'The message above is the server’s own. DATABASE_URL lets Champion use a PostgreSQL server of yours instead.',
    cause,
  });
}

async function readVersion(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? '';
  });
}

async function createDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  await withClient(maintenance.href, (client) => client.query(`CREATE DATABASE ${DATABASE}`));
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // The server may close the connection while it goes down; the failing query reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}

function portFile(dataDir: string): string {
  return `${dataDir}.port`;
}

/** Where it listened before, so that workers in other processes find it again after a restart; 0 when that is unknown. */
function lastPort(dataDir: string): number {
  try {
    const port = Number(readFileSync(portFile(dataDir), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
  } catch {
    return 0;
  }
}

/** The wanted port if nobody has it; any other that is free if somebody has, or none is wanted (0). */
async function choosePort(wanted: number): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (wanted === 0) reject(error);
      else resolvePort(choosePort(0));
    });
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('No loopback port'));
        else resolvePort(address.port);
      });
    });
  });
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}
