import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ChampionError, type Clock } from '@champion/core';

const TEMPORARY = /^\.tmp-/;
const STALE_AFTER_MS = 3_600_000;

/** A file to be put in place: its name in the folder, and who writes it. */
export interface NewFile {
  readonly name: string;
  /** Writes the whole file at the path it is given, which does not exist yet. */
  write(temporaryPath: string): void | Promise<void>;
}

/**
 * Puts files in place so that a reader sees each one whole or not at all, and so that what was put survives a power
 * cut. A writer that is killed leaves only a hidden temporary file; the first write to a folder removes those that are
 * more than an hour old.
 */
export class FileWriter {
  readonly #clock: Clock;
  readonly #swept = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Writes all files, syncs them together, then renames them in the given order: the last one is the commit.
   * What a `write` throws is thrown on unchanged, after its temporary file is gone.
   * @returns the sizes in bytes, in the same order
   */
  async put(folder: string, files: readonly NewFile[]): Promise<number[]> {
    const created = await storing(folder, () => mkdir(folder, { recursive: true }));
    await storing(folder, () => this.#sweep(folder));
    const pending = files.map((file) => ({ file, path: join(folder, `.tmp-${process.pid}-${randomUUID()}`) }));
    try {
      // allSettled: no temporary may still be growing when the failure of another one removes them.
      const written = await Promise.allSettled(
        pending.map(async ({ file, path }) => {
          await file.write(path);
          return storing(path, () => syncFile(path));
        }),
      );
      const sizes = written.map((result) => {
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      });
      await storing(folder, async () => {
        for (const { file, path } of pending) await rename(path, join(folder, file.name));
        await Promise.all([syncFolder(folder), ...foldersToSync(created, folder).map(syncFolder)]);
      });
      return sizes;
    } catch (error) {
      await Promise.all(pending.map(({ path }) => rm(path, { force: true })));
      throw error;
    }
  }

  async #sweep(folder: string): Promise<void> {
    if (this.#swept.has(folder)) return;
    this.#swept.add(folder);
    const oldest = this.#clock.now().getTime() - STALE_AFTER_MS;
    for (const name of await readdir(folder)) {
      if (!TEMPORARY.test(name)) continue;
      const path = join(folder, name);
      const found = await stat(path).catch(ignoreMissing);
      if (found && found.mtimeMs < oldest) await rm(path, { force: true });
    }
  }
}

/** undefined for "no such file"; throws anything else. For use as a rejection handler. */
export function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}

/** Runs a disk operation; its system error becomes a ChampionError STORE_FAILED that names the path. */
export async function storing<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new ChampionError(`the lake could not use ${path}: ${(error as Error).message}`, {
      code: 'STORE_FAILED',
      retry: code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC' ? 'never' : 'backoff',
      hint: HINTS[code ?? ''] ?? 'Check that the disk is there, has space and lets this user write.',
      context: { path, ...(code === undefined ? {} : { code }) },
      cause: error,
    });
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space and run again.',
  EACCES: 'This user may not use the folder: change its owner or its permissions.',
  EROFS: 'The disk is mounted read-only.',
  ENOTDIR: 'A file stands where a folder is needed: move it away.',
};

async function syncFile(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A new folder is durable once its parent is synced: every parent from the first folder that mkdir made. */
function foldersToSync(firstCreated: string | undefined, folder: string): string[] {
  if (firstCreated === undefined) return [];
  const parents: string[] = [];
  for (let path = folder; path.length >= firstCreated.length; path = dirname(path)) parents.push(dirname(path));
  return parents;
}
