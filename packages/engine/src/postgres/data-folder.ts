import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ChampionError } from '@champion/core';
import type { PostgresBinaries } from './binaries.ts';
import { assertReachable, giveTo, type Identity } from './identity.ts';

export const SUPERUSER = 'champion';

/** What PostgreSQL's programs get of our environment: the caller's PG* variables must not reach them. */
export const POSTGRES_ENV = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Makes the data folder ready for a server: creates the cluster the first time, and on every later start only reads the
 * password beside it (`<dataDir>.password`, mode 0600).
 * @returns the superuser's password
 */
export async function prepareDataFolder(
  dataDir: string,
  identity: Identity,
  binaries: PostgresBinaries,
): Promise<string> {
  const parent = dirname(dataDir);
  mkdirSync(parent, { recursive: true });
  assertReachable(identity, parent, binaries.postgres);
  removeUnfinished(dataDir);
  const passwordFile = `${dataDir}.password`;
  const exists = existsSync(join(dataDir, 'PG_VERSION'));
  if (exists && !existsSync(passwordFile)) {
    throw new ChampionError(`The password of the PostgreSQL data in ${dataDir} is gone: ${passwordFile} is missing`, {
      code: 'CONFIG',
      hint: `Restore ${passwordFile}, or move ${dataDir} away to start with an empty database.`,
      context: { dataDir, passwordFile },
    });
  }
  const password = ensurePassword(passwordFile, identity);
  if (!exists) await initialise(dataDir, identity, binaries, passwordFile);
  giveTo(identity, dataDir);
  chmodSync(dataDir, 0o700);
  return password;
}

/** `wx` makes one of two first starters the author of the password; the other reads it. */
function ensurePassword(file: string, identity: Identity): string {
  try {
    writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  giveTo(identity, file);
  return readFileSync(file, 'utf8').trim();
}

/** initdb works in a folder of its own that is renamed at the end, so a killed initdb leaves no half-made cluster behind. */
async function initialise(
  dataDir: string,
  identity: Identity,
  binaries: PostgresBinaries,
  passwordFile: string,
): Promise<void> {
  const unfinished = `${dataDir}.init-${process.pid}`;
  mkdirSync(unfinished, { mode: 0o700 });
  giveTo(identity, unfinished);
  await run(identity, [
    binaries.initdb,
    `--pgdata=${unfinished}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  try {
    renameSync(unfinished, dataDir);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another starter was faster; its cluster has the same password.
    if (!existsSync(join(dataDir, 'PG_VERSION'))) throw error;
  }
}

/** Removes what a killed initdb left; one that still runs belongs to a living process and stays. */
function removeUnfinished(dataDir: string): void {
  const prefix = `${basename(dataDir)}.init-`;
  for (const name of readdirSync(dirname(dataDir))) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length));
    if (pid === process.pid || !isAlive(pid)) rmSync(join(dirname(dataDir), name), { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function run(identity: Identity, command: readonly string[]): Promise<void> {
  const [program = '', ...args] = [...identity.prefix, ...command];
  const child = spawn(program, args, {
    ...identity.as,
    cwd: '/',
    env: POSTGRES_ENV,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-4000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code === 0) return;
  throw new ChampionError(`PostgreSQL could not create its data folder: ${output.trim() || `exit code ${code}`}`, {
    code: 'STORE_FAILED',
    hint: 'Check the free space and the rights of the folder, or set DATABASE_URL to a PostgreSQL server of your own.',
    context: { command, exitCode: code },
  });
}
