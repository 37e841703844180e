import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BusinessDate, BusinessDateSchema, ChampionError, type Clock, OUTCOMES } from '@champion/core';
import { z } from 'zod';
import { type FileWriter, ignoreMissing, storing } from './files.ts';
import { checkName } from './names.ts';
import { parseJson } from './raw-store.ts';

/** What the lake knows of one (dataset, session). Paths are lake-relative, times ISO 8601 with their zone. */
export const ManifestEntrySchema = z.object({
  dataset: z.string(),
  date: BusinessDateSchema,
  outcome: z.enum(OUTCOMES),
  /** Why, when the outcome is not LOADED. */
  message: z.string().optional(),
  /** Every different file the exchange served, oldest first. */
  revisions: z.array(z.object({ sha256: z.string(), path: z.string(), fetched_at: z.string(), url: z.string() })),
  /** Position in `revisions`, 1-based, of the one whose rows are in the tables. */
  current_revision: z.number().int().positive().optional(),
  /** Where a day may have several snapshots: the exchange's own time of the one that this entry speaks of. */
  snapshot_time: z.string().optional(),
  source_format: z.string().optional(),
  rows_in_file: z.number().int().nonnegative().optional(),
  rows_loaded: z.number().int().nonnegative().optional(),
  rows_quarantined: z.number().int().nonnegative().optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  anomalies: z.array(z.object({ rule: z.string(), count: z.number().int(), message: z.string() })).optional(),
  bronze: z.string().optional(),
  silver: z.string().optional(),
  loaded_to_warehouse: z.boolean().optional(),
  flow_run_id: z.string().optional(),
  updated_at: z.string(),
});
export type ManifestEntry = z.infer<typeof ManifestEntrySchema>;
/** What `put` takes: the time of the change is the manifest's to say. */
export type NewManifestEntry = Omit<ManifestEntry, 'updated_at'>;

export interface Manifest {
  get(dataset: string, date: BusinessDate): Promise<ManifestEntry | undefined>;
  /** Replaces the session's entry. Of two writers the last one wins; neither is ever half seen. */
  put(entry: NewManifestEntry): Promise<ManifestEntry>;
  /** Entries from `from` to `to`, both included, ascending. */
  list(dataset: string, range?: { from?: BusinessDate; to?: BusinessDate }): Promise<ManifestEntry[]>;
  /** rows_loaded of up to `count` LOADED sessions before `before`, oldest first. */
  recentRowCounts(dataset: string, before: BusinessDate, count: number): Promise<number[]>;
  /** The last LOADED session before `before`. */
  previousLoaded(dataset: string, before: BusinessDate): Promise<ManifestEntry | undefined>;
}

/** Sessions whose row counts are kept in memory. */
const REMEMBERED = 10_000;

/** Sessions whose entries are, at about a kilobyte each: several datasets' years. */
const ENTRIES_REMEMBERED = 20_000;

/** Files read at the same time; more gains nothing and holds more descriptors. */
const READ_TOGETHER = 32;

/** One JSON file per session, so that sessions never contend and a person can read them. */
export class FileManifest implements Manifest {
  readonly #folder: string;
  readonly #writer: FileWriter;
  readonly #clock: Clock;
  readonly #rowCounts = new Map<string, number | undefined>();
  /** By path, as last read. */
  readonly #entries = new Map<string, { readonly version: string; readonly entry: ManifestEntry }>();

  constructor(root: string, writer: FileWriter, clock: Clock) {
    this.#folder = join(root, 'manifest');
    this.#writer = writer;
    this.#clock = clock;
  }

  async get(dataset: string, date: BusinessDate): Promise<ManifestEntry | undefined> {
    const path = join(this.#folder, checkName('dataset', dataset), `${date}.json`);
    const text = await storing(path, () => readFile(path, 'utf8').catch(ignoreMissing));
    if (text === undefined) return undefined;
    const entry = ManifestEntrySchema.safeParse(parseJson(text));
    if (entry.success) return entry.data;
    throw new ChampionError(`manifest ${path} is not readable: ${z.prettifyError(entry.error)}`, {
      code: 'STORE_FAILED',
      hint: 'Remove the file and run the session again: the raw files are kept and the entry is written anew.',
      context: { path },
    });
  }

  async put(entry: NewManifestEntry): Promise<ManifestEntry> {
    const stamped = { ...entry, updated_at: this.#clock.now().toISOString() };
    const checked = ManifestEntrySchema.safeParse(stamped);
    if (!checked.success) {
      throw new ChampionError(`not a manifest entry: ${z.prettifyError(checked.error)}`, {
        code: 'INVALID_INPUT',
        context: { dataset: entry.dataset, date: entry.date },
      });
    }
    const text = `${JSON.stringify(checked.data, null, 2)}\n`;
    await this.#writer.put(join(this.#folder, checkName('dataset', entry.dataset)), [
      {
        name: `${checked.data.date}.json`,
        write: (path) => storing(path, () => writeFile(path, text, { flag: 'wx' })),
      },
    ]);
    this.#remember(checked.data);
    return checked.data;
  }

  async list(dataset: string, range: { from?: BusinessDate; to?: BusinessDate } = {}): Promise<ManifestEntry[]> {
    const { from, to } = range;
    const dates = (await this.#dates(dataset)).filter(
      (date) => (from === undefined || date >= from) && (to === undefined || date <= to),
    );
    const entries: ManifestEntry[] = [];
    for (let at = 0; at < dates.length; at += READ_TOGETHER) {
      entries.push(...(await this.#read(dataset, dates.slice(at, at + READ_TOGETHER))));
    }
    return entries;
  }

  async recentRowCounts(dataset: string, before: BusinessDate, count: number): Promise<number[]> {
    const earlier = (await this.#dates(dataset)).filter((date) => date < before).reverse();
    const counts: number[] = [];
    for (let at = 0; at < earlier.length && counts.length < count; at += count) {
      const dates = earlier.slice(at, at + count);
      for (const entry of await this.#read(
        dataset,
        dates.filter((date) => !this.#rowCounts.has(`${dataset}/${date}`)),
      )) {
        this.#remember(entry);
      }
      counts.push(
        ...dates.map((date) => this.#rowCounts.get(`${dataset}/${date}`)).filter((rows) => typeof rows === 'number'),
      );
    }
    return counts.slice(0, count).reverse();
  }

  /** Rows that a session had when this process last saw it: what is usual may be a little behind, and is asked for often. */
  #remember({ dataset, date, outcome, rows_loaded }: ManifestEntry): void {
    if (this.#rowCounts.size >= REMEMBERED) this.#rowCounts.clear();
    this.#rowCounts.set(`${dataset}/${date}`, outcome === 'LOADED' ? rows_loaded : undefined);
  }

  async previousLoaded(dataset: string, before: BusinessDate): Promise<ManifestEntry | undefined> {
    for await (const entry of this.#loadedBefore(dataset, before, 1)) return entry;
    return undefined;
  }

  /** LOADED sessions before a date, latest first, read in batches of about what is needed. */
  async *#loadedBefore(dataset: string, before: BusinessDate, batch: number): AsyncGenerator<ManifestEntry> {
    const dates = (await this.#dates(dataset)).filter((date) => date < before);
    const size = Math.min(Math.max(batch, 1), READ_TOGETHER);
    for (let end = dates.length; end > 0; end -= size) {
      const entries = await this.#read(dataset, dates.slice(Math.max(0, end - size), end));
      yield* entries.reverse().filter((entry) => entry.outcome === 'LOADED');
    }
  }

  async #dates(dataset: string): Promise<BusinessDate[]> {
    const folder = join(this.#folder, checkName('dataset', dataset));
    const names = (await storing(folder, () => readdir(folder).catch(ignoreMissing))) ?? [];
    return names
      .filter((name) => /^\d{4}-\d{2}-\d{2}\.json$/.test(name))
      .map((name) => name.slice(0, 10) as BusinessDate)
      .sort();
  }

  async #read(dataset: string, dates: readonly BusinessDate[]): Promise<ManifestEntry[]> {
    const entries = await Promise.all(dates.map((date) => this.#known(dataset, date)));
    return entries.filter((entry) => entry !== undefined);
  }

  /** The entry without opening its file where that has not changed: `put` replaces the file, so each is another one. */
  async #known(dataset: string, date: BusinessDate): Promise<ManifestEntry | undefined> {
    const path = join(this.#folder, checkName('dataset', dataset), `${date}.json`);
    const file = await storing(path, () => stat(path, { bigint: true }).catch(ignoreMissing));
    if (file === undefined) return undefined;
    const version = `${file.ino}.${file.mtimeNs}.${file.size}`;
    const known = this.#entries.get(path);
    if (known?.version === version) return known.entry;
    // Looked at before it is read: should it be replaced in between, it is read once more the next time.
    const entry = await this.get(dataset, date);
    if (this.#entries.size >= ENTRIES_REMEMBERED) this.#entries.clear();
    if (entry !== undefined) this.#entries.set(path, { version, entry });
    return entry;
  }
}
