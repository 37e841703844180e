import type { Anomaly, ErrorRecord, Outcome, Snapshot } from '@champion/core';

// What the tasks of an ingest flow hand to one another: small and serialisable, so that a run resumes in any process.
// Paths are relative to the lake.

/** What was asked for: enough to open it again in another process. */
export interface Request {
  readonly trade_date: string;
  /** Lake folder chosen for this run; null is the configured one. */
  readonly output_base_path: string | null;
  /** A file of this machine to take instead of asking the exchange. */
  readonly file: string | null;
  /** The dataset's own parameters. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether its rows are sent to Kafka; decided when the run begins, for a resumed run must take the same way. */
  readonly publish?: boolean;
}

/** A slice on which the run could not go on; the others did. */
export interface FailedSlice {
  readonly slice: string;
  readonly error: ErrorRecord;
}

/** What a task made of the slices that came to it. */
export interface Step<Slice> {
  readonly request: Request;
  readonly slices: readonly Slice[];
  readonly failed: readonly FailedSlice[];
}

export interface RawFileReference {
  /** Name of the slice's input. */
  readonly input: string;
  /** Lake path; names the revision by its sha256. */
  readonly path: string;
  readonly file_name: string;
  readonly bytes: number;
  readonly revision: number;
}

/** The raw files of a slice, the main one first. */
export interface RawSlice {
  readonly slice: string;
  /** Names this revision on each row. */
  readonly source: string;
  /** When the newest of its files first arrived. */
  readonly ingest_time: string;
  readonly files: readonly RawFileReference[];
}

export interface BronzeSlice extends RawSlice {
  /** Bronze file by input. */
  readonly bronze: Readonly<Record<string, string>>;
  readonly format: string;
  /** Which of the day's snapshots it is; null where a day has one state. */
  readonly snapshot: Snapshot | null;
  /** Data rows in the main file. */
  readonly rows_in_file: number;
  /** Staged rows that could not be read; null when there are none. */
  readonly malformed: string | null;
}

/** A file of quarantined rows: one for each rule that a row of the published file broke. */
export interface QuarantineReference {
  readonly path: string;
  readonly rows: number;
}

export interface SilverSlice extends BronzeSlice {
  /** Names the silver file: the slice, or one snapshot of it. */
  readonly part: string;
  /** Columns that tell its rows in the table. */
  readonly scope: Readonly<Record<string, string>>;
  /** Staged silver rows. */
  readonly silver: string;
  readonly rows: number;
  /** Staged quarantined rows; null when there are none. */
  readonly quarantine: QuarantineReference | null;
  /** Rows of the main file that are in quarantine. */
  readonly rows_quarantined: number;
  /** Quarantined rows of all files by the hard rule that they broke. */
  readonly rules: Readonly<Record<string, number>>;
  /** Median row count of the last sessions; null when there are none. */
  readonly rows_expected: number | null;
  readonly anomalies: readonly Anomaly[];
  readonly metrics: Readonly<Record<string, number>>;
}

/** Silver and quarantine as they stand in the lake. */
export interface WrittenSlice extends SilverSlice {
  /** Size of the silver file. */
  readonly bytes: number;
}

/** What a finished run of an ingest flow says of one slice. */
export interface SliceResult {
  readonly slice: string;
  readonly source_format: string;
  readonly revision: number;
  readonly rows_in_file: number;
  readonly rows_loaded: number;
  readonly rows_quarantined: number;
  readonly anomalies: readonly Anomaly[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly file_size_bytes: number;
}

/** What a finished run of an ingest flow says: of its main slice, with the sums over all of them. */
export type IngestResult =
  | {
      readonly outcome: Extract<Outcome, 'NO_SESSION'>;
      readonly trade_date: string;
      readonly reason: string;
    }
  | ({
      readonly outcome: Extract<Outcome, 'LOADED'>;
      readonly trade_date: string;
      readonly loaded_to_clickhouse: boolean;
      readonly slices: readonly SliceResult[];
    } & Omit<SliceResult, 'slice' | 'metrics'>);
