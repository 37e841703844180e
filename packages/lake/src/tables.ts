import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { BusinessDate } from '@champion/core';
import { type FileWriter, ignoreMissing, storing, syncFolder } from './files.ts';
import { checkName } from './names.ts';

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
}

function tablePath({ layer, table, date, part, partition = 'trade_date' }: TableAddress): string {
  return `${layer}/${checkName('table', table)}/${partition}=${date}/${checkName('part', part)}.parquet`;
}
