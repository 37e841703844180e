import { createHash, randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ChampionError } from '@champion/core';

// A file of the lake is replaced when the exchange corrects it. One that waits to be sent is pinned: it has a second name,
// made of its content, and no second copy of its bytes. The name goes when its rows were sent.

const FOLDER = 'outbox';
/** A pin without a reference may be about to get it. */
const UNCLAIMED_MS = 3_600_000;
const NAME = /^[0-9a-f]{64}\.parquet$/;

export interface Pin {
  /** Relative to the lake's folder. */
  readonly path: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Keeps a file as it is now, whatever becomes of its name. The same content again is the same pin.
 * @param root the lake's folder
 * @param file absolute path of a file that is replaced as a whole, never written to
 */
export async function pinFile(root: string, file: string): Promise<Pin> {
  const folder = join(root, FOLDER);
  await mkdir(folder, { recursive: true });
  // First the name, then the hash of what has it: the file may be replaced in between.
  const temporary = join(folder, `.tmp-${randomUUID()}`);
  // Some file systems have no second names.
  await link(file, temporary).catch(() => copyFile(file, temporary));
  const sha256 = await sha256Of(temporary);
  const name = `${sha256}.parquet`;
  await rename(temporary, join(folder, name));
  // Renaming one name of a file to another of the same file leaves both.
  await rm(temporary, { force: true });
  const opened = await open(folder, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
  return { path: `${FOLDER}/${name}`, sha256 };
}

/** @throws ChampionError NOT_FOUND, CORRUPT when the file is not what was pinned */
export async function checkPin(file: string, sha256: string): Promise<void> {
  const found = await sha256Of(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new ChampionError(`${file}, whose rows are to be sent, is not there`, {
      code: 'NOT_FOUND',
      hint: 'Run the session again: that hands its rows over once more.',
      context: { file },
      cause,
    });
  });
  if (found === sha256) return;
  throw new ChampionError(`${file} is not what was handed over`, {
    code: 'CORRUPT',
    hint: 'Remove the file and run the session again: that hands its rows over once more.',
    context: { file, expected: sha256, found },
  });
}

export async function unpin(root: string, path: string): Promise<void> {
  await rm(join(root, path), { force: true });
}

/** Pins that are an hour old, and leftovers of killed processes: those that nobody needs can go. */
export async function oldPins(root: string, now: Date): Promise<string[]> {
  const names = await readdir(join(root, FOLDER)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const old: string[] = [];
  for (const name of names) {
    if (!NAME.test(name) && !name.startsWith('.tmp-')) continue;
    const found = await stat(join(root, FOLDER, name)).catch(() => undefined);
    // Its last change is the one of its names, not of its content.
    if (found && now.getTime() - found.ctimeMs > UNCLAIMED_MS) old.push(`${FOLDER}/${name}`);
  }
  return old;
}

async function sha256Of(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
