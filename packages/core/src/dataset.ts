import type { z } from 'zod';
import type { BusinessDate } from './business-date.ts';

/**
 * A dataset is one folder that exports one definition. The generic ingest flow turns it into a pipeline; the lake and
 * the warehouse name their folders and tables by it. `Frame` is the table type of the parser (a Polars DataFrame); this
 * package knows nothing of it.
 */
export interface DatasetDefinition<Frame> {
  /** For example "bhavcopy". */
  readonly name: string;
  readonly title: string;
  /** Silver and warehouse table. */
  readonly table: string;
  /** The table's SQL in numbered steps, each one statement: `{ name: 'bhavcopy/0001-equity-ohlc', sql }`. */
  readonly migrations: readonly { readonly name: string; readonly sql: string }[];
  /** Version of the silver schema, raised when a column changes meaning. */
  readonly schemaVersion: number;
  /**
   * session: one set of rows per session, told by the `trade_date` column; nothing exists on other days. day: a state as
   * of a day, sessions or not, where each load replaces the slice's rows whatever their dates.
   */
  readonly per: 'session' | 'day';
  /** The exchange serves only the latest session: one that has passed can't be asked for any more, only imported. */
  readonly latestOnly?: true;
  /** When the exchange publishes, IST "HH:MM": not before `from`; later than `deadline` it is missing. */
  readonly publication: { readonly from: string; readonly deadline: string };
  readonly flow: FlowNames;
  /** Where its rows are sent, when there is a Kafka. */
  readonly topics: Topics<Frame>;
  /** Parameters of the flow besides the common ones (trade_date, load_to_clickhouse, output_base_path, file). */
  readonly parameters?: Readonly<Record<string, z.ZodType>>;
  /** The parts of a day that are fetched, checked and loaded each by itself; most datasets have one. */
  slices(date: BusinessDate, parameters: Readonly<Record<string, unknown>>): readonly Slice[];
  /** What an imported file's name says about it; undefined when it is not this dataset's. */
  recognise(fileName: string): RecognisedFile | undefined;
  /** The sessions that a file has rows of, for datasets whose files may hold many or whose names may lie. */
  readonly sessionsOf?: (file: SourceFile) => Promise<readonly BusinessDate[]>;
  /** Reads the published bytes. Throws ChampionError CORRUPT when a file as a whole cannot be trusted. */
  parse(input: ParseInput): Promise<Parsed<Frame>>;
  /** The published file's rows as text, the first line at index 0, for showing a quarantined row as it was printed. */
  sourceLines(file: SourceFile): Promise<readonly string[]>;
  /** Turns bronze rows into silver rows and quarantine. Pure: the same input gives the same output. */
  normalize(input: NormalizeInput<Frame>): Normalized<Frame>;
}

/** The Kafka topics of a dataset; no other dataset sends to them. */
export interface Topics<Frame> {
  /** Of silver rows, envelope included. */
  readonly rows: string;
  /** Of the same facts as the main file printed them, where somebody may want those. */
  readonly published?: {
    readonly topic: string;
    /** The entity id of each bronze row of the main file: it leads to the silver row, and so to the envelope. */
    entityIds(bronze: Frame): readonly string[];
  };
}

/** Names as people see them. Without `normalize` the parse task does both. */
export interface FlowNames {
  readonly name: string;
  readonly description: string;
  readonly retries: number;
  readonly tasks: {
    readonly scrape: string;
    readonly parse: string;
    readonly normalize?: string;
    readonly write: string;
    readonly load: string;
  };
}

export interface Slice {
  /** Name in the manifest, in coverage and of the silver file: "bhavcopy", "bulk-deals", "constituents.nifty-50". */
  readonly name: string;
  /** Columns that tell this slice's rows in the table, besides trade_date where `per` is session. */
  readonly scope: Readonly<Record<string, string>>;
  /** The files it is made of, the main one first: its rows become silver rows. */
  readonly inputs: readonly [SliceInput, ...SliceInput[]];
  /** Further files that only the first ones tell of (an option chain's expiries). */
  readonly follow?: (files: SourceFiles) => readonly SliceInput[];
}

export interface SliceInput {
  /** Names the raw folder and the file among the parser's: unique over all datasets, for example "bulk-deals". */
  readonly name: string;
  /** Where to ask, best first. The next is asked only when the one before is not found. */
  readonly requests: readonly SourceRequest[];
  /** Its absence is no failure. */
  readonly optional?: boolean;
}

/** One question to the exchange: an endpoint of the table in `exchange`, with its parameters. */
export interface SourceRequest {
  readonly endpoint: string;
  readonly date: BusinessDate;
  /** What the endpoint's URL needs besides the date, unencoded: `{ symbol: 'M&M' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Extension of the raw file, without the dot: "csv.zip". */
  readonly extension: string;
}

export interface RecognisedFile {
  readonly date: BusinessDate | undefined;
  readonly slice: string;
  readonly input: string;
  readonly extension: string;
}

/** A published file, wherever it came from. */
export interface SourceFile {
  readonly bytes: Uint8Array;
  /** The name in messages: the published file name. */
  readonly fileName: string;
}

/** Files of a slice by the name of their input; optional ones may be absent. */
export type SourceFiles = Readonly<Record<string, SourceFile>>;

export interface ParseInput {
  readonly slice: Slice;
  readonly files: SourceFiles;
  /** The day asked for; a file's own date must agree with it. */
  readonly date: BusinessDate;
}

export interface Parsed<Frame> {
  /**
   * One frame per input that was there, typed as published, with a `source_line` column (1-based line in the file, or
   * position in a JSON list).
   */
  readonly bronze: Readonly<Record<string, Frame>>;
  /** Which of the dataset's formats the main file is in. */
  readonly format: string;
  /** Data rows in the main file: its rows in bronze plus its distinct lines in `quarantined`. */
  readonly rowsInFile: number;
  readonly quarantined: readonly QuarantinedRow[];
  /** Where a day may have several states of the slice, each kept beside the others: which one these files are. */
  readonly snapshot?: Snapshot;
}

/** One of a slice's states on a day. */
export interface Snapshot {
  /** The exchange's own time of it, Indian: "2026-05-20T14:34:42+05:30". */
  readonly time: string;
  /** Columns that tell its rows from those of the slice's other snapshots. */
  readonly scope: Readonly<Record<string, string>>;
}

export interface NormalizeInput<Frame> {
  readonly slice: Slice;
  readonly bronze: Readonly<Record<string, Frame>>;
  readonly format: string;
  readonly snapshot: Snapshot | undefined;
  readonly date: BusinessDate;
  /** Names the revision: what stands in the `source` column of each row. */
  readonly source: string;
  readonly ingestTime: Date;
  /** The slice's silver rows of the last earlier day that was loaded, when the lake has them. */
  readonly previous: PreviousRows<Frame> | undefined;
  /** The newest snapshot of the same day that the lake has of the slice, whether older or newer than this one. */
  readonly latestSnapshot: SnapshotRows<Frame> | undefined;
  /** Row counts of up to the last 20 loaded days, for completeness. */
  readonly recentRowCounts: readonly number[];
}

export interface PreviousRows<Frame> {
  readonly date: BusinessDate;
  /** True when no session lies between. */
  readonly adjacent: boolean;
  readonly silver: Frame;
}

export interface SnapshotRows<Frame> {
  /** As of `Snapshot`. */
  readonly time: string;
  readonly silver: Frame;
}

export interface Normalized<Frame> {
  readonly silver: Frame;
  /** Silver rows that no row of the main file stands for (former symbols, unlisted days); none when absent. */
  readonly derived?: number;
  readonly quarantined: readonly QuarantinedRow[];
  readonly anomalies: readonly Anomaly[];
  /** Counts worth keeping with the run, by name: `{ delivery_joined: 2610 }`. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** A row that broke a hard rule. It is kept with its reason; it is not loaded. */
export interface QuarantinedRow {
  /** The input whose file it stands in; the slice's main one when absent. */
  readonly input?: string;
  /** Line in the published file, 1-based, header included; or position in a JSON list. */
  readonly line: number;
  /** Name of the rule, listed in the dataset's README. */
  readonly rule: string;
  readonly column: string;
  readonly value: string | null;
}

/** Something a person should know about a loaded session; no row is dropped for it. */
export interface Anomaly {
  readonly rule: string;
  readonly count: number;
  /** One sentence, with an example. */
  readonly message: string;
}
