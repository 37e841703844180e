import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BusinessDate } from '@champion/core';
import { type FileWriter, ignoreMissing, storing, syncFolder } from './files.ts';
import { checkName } from './names.ts';

/** bronze: typed as published; silver: normalised; gold: derived; quarantine: rows that broke a rule. */
export type Layer = 'bronze' | 'silver' | 'gold' | 'quarantine';
export const LAYERS: readonly Layer[] = ['bronze', 'silver', 'gold', 'quarantine'];

export interface LakeFile {
  /** Lake-relative: <layer>/<table>/trade_date=<date>/data.parquet */
  readonly path: string;
  /** Size. */
  readonly bytes: number;
}

export interface TableInput {
  readonly layer: Layer;
  readonly table: string;
  readonly date: BusinessDate;
  /** Writes the Parquet file at the path it is given. What it throws comes out of `writeTable` unchanged. */
  readonly write: (temporaryPath: string) => void | Promise<void>;
}

/** Parquet tables, one file per session. */
export class TableStore {
  readonly #root: string;
  readonly #writer: FileWriter;

  constructor(root: string, writer: FileWriter) {
    this.#root = root;
    this.#writer = writer;
  }

  /** Replaces the session's file. Until the new one is whole and on disk, the old one stands. */
  async write(input: TableInput): Promise<LakeFile> {
    const path = tablePath(input.layer, input.table, input.date);
    const absolute = join(this.#root, path);
    const [bytes = 0] = await this.#writer.put(dirname(absolute), [{ name: FILE, write: input.write }]);
    return { path, bytes };
  }

  /** Nothing happens when the file is not there. */
  async remove(layer: Layer, table: string, date: BusinessDate): Promise<void> {
    const absolute = join(this.#root, tablePath(layer, table, date));
    await storing(absolute, async () => {
      await rm(absolute, { force: true });
      await syncFolder(dirname(absolute)).catch(ignoreMissing);
    });
  }

  async file(layer: Layer, table: string, date: BusinessDate): Promise<LakeFile | undefined> {
    const path = tablePath(layer, table, date);
    const absolute = join(this.#root, path);
    const found = await storing(absolute, () => stat(absolute).catch(ignoreMissing));
    return found ? { path, bytes: found.size } : undefined;
  }
}

const FILE = 'data.parquet';

function tablePath(layer: Layer, table: string, date: BusinessDate): string {
  return `${layer}/${checkName('table', table)}/trade_date=${date}/${FILE}`;
}
