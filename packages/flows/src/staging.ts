import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ChampionError } from '@champion/core';
import type { Lake } from '@champion/lake';

/** Leftovers of runs that never finished are removed after a week; a run may resume until then. */
const KEEP_MS = 7 * 86_400_000;

/**
 * A run's scratch folder in the lake: what one task hands to the next when it is too large for a task result. Paths are
 * lake-relative, so a run resumes in another process.
 */
export class Staging {
  readonly #lake: Lake;
  readonly #folder: string;

  constructor(lake: Lake, flowRunId: string) {
    this.#lake = lake;
    this.#folder = `staging/${flowRunId}`;
  }

  /** Writes a file through a temporary name, so that a killed task leaves nothing that looks finished. */
  async write(name: string, write: (temporaryPath: string) => void | Promise<void>): Promise<string> {
    const path = `${this.#folder}/${name}`;
    const target = this.#lake.absolute(path);
    await mkdir(dirname(target), { recursive: true });
    const temporary = `${target}.tmp`;
    await write(temporary);
    await rename(temporary, target);
    return path;
  }

  async writeJson(name: string, value: unknown): Promise<string> {
    return this.write(name, (path) => writeFile(path, JSON.stringify(value)));
  }

  /** @throws ChampionError NOT_FOUND when the file is no more */
  async readJson(path: string): Promise<unknown> {
    return JSON.parse(await readFile(this.#lake.absolute(path), 'utf8').catch(noMore(path)));
  }

  /** @throws ChampionError NOT_FOUND when the file is no more */
  async copyTo(path: string, target: string): Promise<void> {
    await copyFile(this.#lake.absolute(path), target).catch(noMore(path));
  }

  async remove(): Promise<void> {
    await rm(this.#lake.absolute(this.#folder), { recursive: true, force: true });
  }
}

/** A run that is restarted rests on what the tasks before left for the next, and a completed run has cleared that away. */
function noMore(path: string): (error: NodeJS.ErrnoException) => never {
  return (cause) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new ChampionError('What an earlier task had left for this one is no more', {
      code: 'NOT_FOUND',
      hint: 'A run that completed has cleared it away: restart it from its parse task or before, or retry the whole run.',
      context: { path },
      cause,
    });
  };
}

/** Removes what abandoned runs left behind. */
export async function sweepStaging(lake: Lake, now: Date): Promise<void> {
  const root = lake.absolute('staging');
  const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const path = lake.absolute(`staging/${name}`);
    const { mtimeMs } = await stat(path);
    if (now.getTime() - mtimeMs > KEEP_MS) await rm(path, { recursive: true, force: true });
  }
}
