import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ChampionError } from './errors.ts';

/** A lock held by this process until released. */
export interface ProcessLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** What tells a process from a later one with the same number; "" where the system does not say. */
  readonly started: string;
}

/**
 * Takes a lock file for this process. A lock whose process is gone, killed ones included, is taken over.
 * @param path the lock file; its folder must exist
 * @param what the thing being held, for the message: "the data folder /srv/champion"
 * @throws ChampionError BUSY naming the process that holds it
 */
export async function lockForProcess(path: string, what: string): Promise<ProcessLock> {
  const self: Holder = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  const held: ProcessLock = { release: () => release(path, self) };
  if (await create(path, self)) return held;
  await refuseIfAlive(path, what);
  // The holder is gone. Only one process at a time may judge and remove what it left, or a slow one would remove the
  // lock of the one that was quicker. Who holds this guard ends up with the lock or knows who has it: both are BUSY to us.
  const guard = await lockForProcess(`${path}.takeover`, what);
  try {
    if ((await refuseIfAlive(path, what)) === 'dead') await rm(path);
    if (await create(path, self)) return held;
  } finally {
    await guard.release();
  }
  throw new ChampionError(`${what} was just taken by another process`, {
    code: 'BUSY',
    hint: 'Start one at a time, or use another folder with --home DIR or CHAMPION_HOME.',
    context: { lock: path },
  });
}

/** Writes the lock in one step, whole or not at all; false when there is one already. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const whole = `${path}.${randomUUID()}.new`;
  try {
    await writeFile(whole, JSON.stringify(holder), { mode: 0o600, flag: 'wx' });
    await link(whole, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(whole, { force: true });
  }
}

/** Throws BUSY when a living process holds the lock; else says whether there is a file of a dead one. */
async function refuseIfAlive(path: string, what: string): Promise<'dead' | 'absent'> {
  const holder = await read(path);
  if (holder === 'absent') return 'absent';
  if (holder === 'unreadable' || !(await isAlive(holder))) return 'dead';
  throw new ChampionError(`${what} is in use by process ${holder.pid}`, {
    code: 'BUSY',
    hint: `Wait for it, stop it (kill ${holder.pid}), or use another folder with --home DIR or CHAMPION_HOME.`,
    context: { lock: path, pid: holder.pid, host: holder.host },
  });
}

async function read(path: string): Promise<Holder | 'absent' | 'unreadable'> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw error;
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // A power cut can leave an empty file behind: nobody holds it.
    return 'unreadable';
  }
}

async function release(path: string, self: Holder): Promise<void> {
  const holder = await read(path);
  if (typeof holder === 'string') return;
  if (holder.pid === self.pid && holder.started === self.started) await rm(path, { force: true });
}

async function isAlive(holder: Holder): Promise<boolean> {
  // Another machine on a shared folder cannot be asked; its lock is believed.
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = await startOf(holder.pid);
  return started === '' || holder.started === '' || started === holder.started;
}

/** Start time in clock ticks since boot, field 22 of Linux's /proc/<pid>/stat. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
