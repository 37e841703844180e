import type { BusinessDate } from './business-date.ts';

/**
 * A dataset is one folder that exports one definition. The generic ingest flow turns it into a pipeline; the lake and
 * the warehouse name their folders and tables by it. `Frame` is the table type of the parser (a Polars DataFrame); this
 * package knows nothing of it.
 */
export interface DatasetDefinition<Frame> {
  /** Folder under raw/nse/, for example "bhavcopy". */
  readonly name: string;
  readonly title: string;
  /** Silver and warehouse table. */
  readonly table: string;
  /** Version of the silver schema, raised when a column changes meaning. */
  readonly schemaVersion: number;
  /** When the exchange publishes a session's file, IST "HH:MM": not before `from`; later than `deadline` it is missing. */
  readonly publication: { readonly from: string; readonly deadline: string };
  readonly flow: FlowNames;
  /** Where to ask for a session, best first. The next is asked only when the one before is not found. */
  requests(date: BusinessDate): readonly SourceRequest[];
  /** What an imported file's name says about it; undefined when it is not this dataset's. */
  recognise(fileName: string): RecognisedFile | undefined;
  /** Reads the published bytes. Throws ChampionError CORRUPT when the file as a whole cannot be trusted. */
  parse(input: ParseInput): Promise<Parsed<Frame>>;
  /** The published file's lines, the first at index 0, for showing a quarantined row as it was printed. */
  sourceLines(bytes: Uint8Array, fileName: string): Promise<readonly string[]>;
  /** Turns bronze rows into silver rows and quarantine. Pure: the same input gives the same output. */
  normalize(input: NormalizeInput<Frame>): Normalized<Frame>;
}

/** Names as people see them: the flow and its tasks, and the short names under which their durations are measured. */
export interface FlowNames {
  readonly name: string;
  readonly description: string;
  readonly retries: number;
  readonly tasks: {
    readonly scrape: string;
    readonly parse: string;
    readonly normalize: string;
    readonly write: string;
    readonly load: string;
  };
}

/** One question to the exchange: an endpoint of the table in `exchange`, with its parameters. */
export interface SourceRequest {
  readonly endpoint: string;
  readonly date: BusinessDate;
  /** Extension of the raw file, without the dot: "csv.zip". */
  readonly extension: string;
}

export interface RecognisedFile {
  readonly date: BusinessDate | undefined;
  readonly extension: string;
}

export interface ParseInput {
  readonly bytes: Uint8Array;
  /** The name in messages: the published file name. */
  readonly fileName: string;
  /** The session asked for; the file's own date must equal it. */
  readonly date: BusinessDate;
}

export interface Parsed<Frame> {
  /** Typed as published, with a `source_line` column (1-based line in the file). */
  readonly bronze: Frame;
  /** Which of the dataset's formats the file is in. */
  readonly format: string;
  /** Data rows in the file: rows in `bronze` plus the distinct lines in `quarantined`. */
  readonly rowsInFile: number;
  readonly quarantined: readonly QuarantinedRow[];
}

export interface NormalizeInput<Frame> {
  readonly bronze: Frame;
  readonly format: string;
  readonly date: BusinessDate;
  /** Path of the raw file in the lake: the provenance written on each row. */
  readonly source: string;
  readonly ingestTime: Date;
  /** Silver rows of the session before, when the lake has them. */
  readonly previous: Frame | undefined;
  /** Row counts of up to the last 20 loaded sessions, for completeness. */
  readonly recentRowCounts: readonly number[];
}

export interface Normalized<Frame> {
  readonly silver: Frame;
  readonly quarantined: readonly QuarantinedRow[];
  readonly anomalies: readonly Anomaly[];
}

/** A row that broke a hard rule. It is kept with its reason; it is not loaded. */
export interface QuarantinedRow {
  /** Line in the published file, 1-based, header included. */
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
