import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BusinessDate, type Clock, systemClock } from '@champion/core';
import { FileWriter, storing } from './files.ts';
import { FileManifest, type Manifest } from './manifest.ts';
import { insideRoot } from './names.ts';
import { type RawFile, type RawInput, RawStore } from './raw-store.ts';
import {
  LAYERS,
  type LakeFile,
  type OpenedFile,
  type TableAddress,
  type TableDay,
  type TableInput,
  type TablePart,
  TableStore,
} from './tables.ts';

/**
 * Files of the platform: raw bytes as they came, Parquet tables, and the manifest of what exists. All paths that go in
 * or out are relative to the root, with forward slashes. Disk errors are ChampionError STORE_FAILED.
 */
export interface Lake {
  /** Absolute. */
  readonly root: string;
  readonly manifest: Manifest;
  /** Lake-relative to absolute. @throws ChampionError INVALID_INPUT for a path that leads out of the root */
  absolute(path: string): string;
  /** Keeps bytes for good; the same bytes again change nothing. */
  putRaw(input: RawInput): Promise<RawFile>;
  /** @throws ChampionError NOT_FOUND, or CORRUPT when the disk changed the bytes */
  readRaw(path: string): Promise<Uint8Array>;
  /** Every revision of a session, oldest first. */
  rawRevisions(dataset: string, date: BusinessDate): Promise<RawFile[]>;
  /** Replaces one file of a table in one step. */
  writeTable(input: TableInput): Promise<LakeFile>;
  removeTable(address: TableAddress): Promise<void>;
  tableFile(address: TableAddress): Promise<LakeFile | undefined>;
  /** The files of a table's day, by their names. */
  tableDay(day: TableDay): Promise<TablePart[]>;
  /** Reads a file piece by piece. @throws ChampionError NOT_FOUND, INVALID_INPUT for a path that leads out of the root */
  open(path: string): Promise<OpenedFile>;
}

/** Opens the lake at a folder, making it when it is not there. */
export async function openLake(root: string, options: { clock?: Clock } = {}): Promise<Lake> {
  const absoluteRoot = resolve(root);
  const clock = options.clock ?? systemClock;
  for (const folder of ['raw/nse', ...LAYERS, 'manifest']) {
    const path = join(absoluteRoot, folder);
    await storing(path, () => mkdir(path, { recursive: true }));
  }
  const writer = new FileWriter(clock);
  const raw = new RawStore(absoluteRoot, writer);
  const tables = new TableStore(absoluteRoot, writer);
  return {
    root: absoluteRoot,
    manifest: new FileManifest(absoluteRoot, writer, clock),
    absolute: (path) => insideRoot(absoluteRoot, path),
    putRaw: (input) => raw.put(input),
    readRaw: (path) => raw.read(path),
    rawRevisions: (dataset, date) => raw.revisions(dataset, date),
    writeTable: (input) => tables.write(input),
    removeTable: (address) => tables.remove(address),
    tableFile: (address) => tables.file(address),
    tableDay: (day) => tables.day(day),
    open: (path) => tables.open(path),
  };
}
