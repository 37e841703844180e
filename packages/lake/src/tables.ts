import { open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type BusinessDate, ChampionError } from '@champion/core';
import { type FileWriter, ignoreMissing, storing, syncFolder } from './files.ts';
import { checkName, insideRoot } from './names.ts';

/** bronze: typed as published; silver: normalised; gold: derived; quarantine: rows that broke a rule. */
export type Layer = 'bronze' | 'silver' | 'gold' | 'quarantine';
export const LAYERS: readonly Layer[] = ['bronze', 'silver', 'gold', 'quarantine'];

export interface LakeFile {
  /** Lake-relative: <layer>/<table>/trade_date=<date>/<part>.parquet */
  readonly path: string;
  /** Size. */
  readonly bytes: number;
}

/** Which file of which table. */
export interface TableAddress {
  readonly layer: Layer;
  readonly table: string;
  readonly date: BusinessDate;
  /** Which part of the day's rows: the slice's name. */
  readonly part: string;
  /** Whose date it is: the session's, or the day as of which the state was published. Default trade_date. */
  readonly partition?: 'trade_date' | 'as_of';
}

/** All parts of a table's day. */
export type TableDay = Omit<TableAddress, 'part'>;

export interface TablePart extends LakeFile {
  readonly part: string;
}

/** A file that is being read: it stays whole, should it be replaced meanwhile. */
export interface OpenedFile {
  /** Size. */
  readonly bytes: number;
  /** Closes the file at its end, or when it is destroyed. */
  readonly content: Readable;
}

export interface TableInput extends TableAddress {
  /** Writes the Parquet file at the path it is given. What it throws comes out of `writeTable` unchanged. */
  readonly write: (temporaryPath: string) => void | Promise<void>;
}

/** Parquet tables, one file per day and part. */
export class TableStore {
  readonly #root: string;
  readonly #writer: FileWriter;

  constructor(root: string, writer: FileWriter) {
    this.#root = root;
    this.#writer = writer;
  }

  /** Replaces the file. Until the new one is whole and on disk, the old one stands. */
  async write(input: TableInput): Promise<LakeFile> {
    const path = tablePath(input);
    const absolute = join(this.#root, path);
    const [bytes = 0] = await this.#writer.put(dirname(absolute), [{ name: basename(path), write: input.write }]);
    return { path, bytes };
  }

  /** Nothing happens when the file is not there. */
  async remove(address: TableAddress): Promise<void> {
    const absolute = join(this.#root, tablePath(address));
    await storing(absolute, async () => {
      await rm(absolute, { force: true });
      await syncFolder(dirname(absolute)).catch(ignoreMissing);
    });
  }

  async file(address: TableAddress): Promise<LakeFile | undefined> {
    const path = tablePath(address);
    const absolute = join(this.#root, path);
    const found = await storing(absolute, () => stat(absolute).catch(ignoreMissing));
    return found ? { path, bytes: found.size } : undefined;
  }

  /** By their names; none where there is no such day. */
  async day(day: TableDay): Promise<TablePart[]> {
    const folder = dirname(tablePath({ ...day, part: 'any' }));
    const absolute = join(this.#root, folder);
    const names = (await storing(absolute, () => readdir(absolute).catch(ignoreMissing))) ?? [];
    const parts = names.filter((name) => /^[a-z0-9_-][a-z0-9_.-]*\.parquet$/.test(name)).sort();
    const files = await Promise.all(
      parts.map(async (name) => {
        const part = name.slice(0, -'.parquet'.length);
        // Removed since it was listed: then it is not there.
        const file = await this.file({ ...day, part });
        return file && { ...file, part };
      }),
    );
    return files.filter((file) => file !== undefined);
  }

  /** @throws ChampionError NOT_FOUND when it is not there any more */
  async open(path: string): Promise<OpenedFile> {
    const absolute = insideRoot(this.#root, path);
    const file = await storing(absolute, () => open(absolute, 'r').catch(ignoreMissing));
    if (file === undefined) {
      throw new ChampionError(`the lake has no file ${path}`, {
        code: 'NOT_FOUND',
        hint: 'It was replaced or removed meanwhile: look again.',
        context: { path },
      });
    }
    try {
      const { size } = await storing(absolute, () => file.stat());
      // No more than was promised, should somebody append to it.
      return { bytes: size, content: file.createReadStream({ start: 0, ...(size > 0 ? { end: size - 1 } : {}) }) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}

function tablePath({ layer, table, date, part, partition = 'trade_date' }: TableAddress): string {
  return `${layer}/${checkName('table', table)}/${partition}=${date}/${checkName('part', part)}.parquet`;
}
