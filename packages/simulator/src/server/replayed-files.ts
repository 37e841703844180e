import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ChampionError } from '@champion/core';
import { type PublishedFile, readPublishedName } from '../bhavcopy/eras.ts';
import { unzipOne } from '../bhavcopy/zip.ts';
import type { FileSource } from './files.ts';

const LARGEST_FILE = 64 * 1024 * 1024;
const REPACKED = '.repacked.zip';

interface Replayed {
  readonly file: PublishedFile;
  readonly source: string;
  /** A CSV that someone zipped: served unzipped, as the exchange did. */
  readonly unzip: boolean;
}

/** What a file in the folder stands for, by its name. */
function recognise(name: string): { readonly file: PublishedFile; readonly unzip: boolean } | undefined {
  const asPublished = readPublishedName(name);
  if (asPublished) return { file: asPublished, unzip: false };
  if (!name.endsWith(REPACKED)) return undefined;
  const stem = name.slice(0, -REPACKED.length);
  const zipped = readPublishedName(`${stem}.zip`);
  if (zipped) return { file: zipped, unzip: false };
  const plain = readPublishedName(stem);
  return plain && { file: plain, unzip: true };
}

async function folder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (cause) {
    throw unusable(path, 'it cannot be read', cause);
  }
  throw unusable(path, 'it is not a folder');
}

function unusable(path: string, why: string, cause?: unknown): ChampionError {
  return new ChampionError(`cannot replay ${path}: ${why}`, {
    code: 'INVALID_INPUT',
    hint: 'Name a folder that holds files under the names the exchange gives them.',
    context: { replayDir: path },
    cause,
  });
}

/**
 * The published files found in a folder (not below it), indexed once. A link is followed only to a file in the folder.
 * @throws ChampionError INVALID_INPUT when the folder cannot be read or holds no file that the exchange publishes
 */
export async function replayedFiles(replayDir: string): Promise<FileSource> {
  const root = await folder(replayDir);
  const index = new Map<string, Replayed>();
  let skipped = 0;
  // A file as published is preferred to its repacked twin, whichever comes first.
  for (const name of (await readdir(root)).sort()) {
    const known = recognise(name);
    const source = known && (await inside(root, name));
    if (!known || source === undefined) skipped++;
    else if (!index.has(known.file.path) || !name.endsWith(REPACKED)) index.set(known.file.path, { ...known, source });
  }
  if (index.size === 0) throw unusable(replayDir, 'it holds no file that the exchange publishes');

  const dates = new Map<string, PublishedFile[]>();
  for (const { file } of index.values()) {
    const ofKind = dates.get(file.kind) ?? [];
    ofKind.push(file);
    dates.set(file.kind, ofKind);
  }
  for (const files of dates.values()) files.sort((a, b) => (a.date < b.date ? -1 : 1));

  return {
    mode: 'replay',
    describe: () => ({
      folder: root,
      files: index.size,
      skipped,
      dates: Object.fromEntries(
        [...dates].map(([kind, files]) => [
          kind,
          { first: files[0]?.date, last: files.at(-1)?.date, count: files.length },
        ]),
      ),
    }),
    has: (file) => index.has(file.path),
    async read(file) {
      const replayed = index.get(file.path);
      if (!replayed) return undefined;
      try {
        const bytes = await readFile(replayed.source);
        return replayed.unzip ? Buffer.from(unzipOne(bytes).text) : bytes;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    other(file) {
      const files = dates.get(file.kind) ?? [];
      return files.findLast(({ date }) => date < file.date) ?? files.find(({ date }) => date > file.date);
    },
  };
}

/** The real path of an entry that is a file of bearable size in the folder itself; undefined otherwise. */
async function inside(root: string, name: string): Promise<string | undefined> {
  const source = await realpath(join(root, name)).catch(() => undefined);
  if (source === undefined || !source.startsWith(`${root.endsWith(sep) ? root : root + sep}`)) return undefined;
  const entry = await stat(source);
  return entry.isFile() && entry.size <= LARGEST_FILE ? source : undefined;
}
