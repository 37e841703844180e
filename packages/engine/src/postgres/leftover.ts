import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChampionError } from '@champion/core';
import { isAlive } from './data-folder.ts';

const STOP_TIMEOUT_MS = 20_000;
/** A server without a living owner is either leaving by itself or so young that its owner has not claimed it yet. */
const DOUBT_MS = 1_000;

/** Notes which process the running server belongs to, so that a second starter can tell a neighbour from a leftover. */
export function claim(dataDir: string): void {
  writeFileSync(ownerFile(dataDir), `${process.pid}\n`);
}

export function release(dataDir: string): void {
  rmSync(ownerFile(dataDir), { force: true });
}

/**
 * Clears the way for a new server on this data folder: stops the server of an owner that is gone, and removes the lock
 * file of one that is gone itself.
 * @throws ChampionError BUSY when the server belongs to a process that is alive
 */
export async function clearLeftover(dataDir: string): Promise<void> {
  const lock = join(dataDir, 'postmaster.pid');
  const pid = readPid(lock);
  if (pid === undefined) return;
  const doubtUntil = Date.now() + DOUBT_MS;
  while (isServerOf(pid, dataDir)) {
    const owner = readPid(ownerFile(dataDir));
    if (owner !== undefined && owner !== process.pid && isAlive(owner)) throw inUse(dataDir, owner);
    if (Date.now() > doubtUntil) await stopServer(pid, dataDir);
    else await sleep(10);
  }
  rmSync(lock, { force: true });
}

export function inUse(dataDir: string, owner?: number): ChampionError {
  const by = owner === undefined ? 'another process' : `process ${owner}`;
  return new ChampionError(`The PostgreSQL data in ${dataDir} is in use by ${by}`, {
    code: 'BUSY',
    hint: 'Stop the other Champion, talk to it with CHAMPION_API_URL, or give this one another CHAMPION_HOME.',
    context: { dataDir, ...(owner === undefined ? {} : { owner }) },
  });
}

function ownerFile(dataDir: string): string {
  return `${dataDir}.owner`;
}

/** The first line of a file as a process id. */
function readPid(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Process ids come round again, so being alive is not enough: it must be a postgres on this very folder. */
function isServerOf(pid: number, dataDir: string): boolean {
  const command = commandLine(pid);
  return basename(command[0] ?? '').startsWith('postgres') && command.includes(dataDir);
}

function commandLine(pid: number): string[] {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch {
      return [];
    }
  }
  return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    .stdout.trim()
    .split(' ');
}

/** SIGINT is PostgreSQL's fast shutdown: it ends sessions, writes a checkpoint and leaves. */
async function stopServer(pid: number, dataDir: string): Promise<void> {
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') throw inUse(dataDir);
  }
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isServerOf(pid, dataDir)) {
    if (Date.now() > deadline) {
      throw new ChampionError(`PostgreSQL (process ${pid}) of an earlier run does not stop`, {
        code: 'BUSY',
        retry: 'backoff',
        hint: `Stop it by hand (kill ${pid}) and start again.`,
        context: { pid, dataDir },
      });
    }
    await sleep(10);
  }
}
