import type { Anomaly, Outcome } from '@champion/core';
import type { SessionReference } from './session.ts';

// What the tasks of an ingest flow hand to one another: small and serialisable, so that a run resumes in any process.
// Paths are relative to the lake.

/** A file of quarantined rows: one for each rule that a row of the published file broke. */
export interface QuarantineReference {
  readonly path: string;
  readonly rows: number;
}

/** The raw file a run works on. */
export interface RawReference extends SessionReference {
  /** Lake path; names the revision by its sha256. */
  readonly path: string;
  readonly file_name: string;
  readonly url: string;
  readonly bytes: number;
  readonly revision: number;
  /** When this revision first arrived. */
  readonly fetched_at: string;
}

export interface BronzeReference {
  readonly raw: RawReference;
  readonly bronze: string;
  readonly format: string;
  readonly rows_in_file: number;
  /** Staged rows that could not be read; null when there are none. */
  readonly malformed: string | null;
}

export interface SilverReference {
  readonly raw: RawReference;
  readonly bronze: string;
  readonly format: string;
  readonly rows_in_file: number;
  /** Staged silver rows. */
  readonly silver: string;
  readonly rows: number;
  /** Staged quarantined rows; null when there are none. */
  readonly quarantine: QuarantineReference | null;
  readonly rows_quarantined: number;
  readonly anomalies: readonly Anomaly[];
}

export interface TableReference {
  readonly raw: RawReference;
  readonly silver: string;
  readonly rows: number;
  /** Size of the silver file. */
  readonly bytes: number;
  readonly quarantine: QuarantineReference | null;
}

/** What a finished run of an ingest flow says. */
export type IngestResult =
  | {
      readonly outcome: Extract<Outcome, 'NO_SESSION'>;
      readonly trade_date: string;
      readonly reason: string;
    }
  | {
      readonly outcome: Extract<Outcome, 'LOADED'>;
      readonly trade_date: string;
      readonly source_format: string;
      readonly revision: number;
      readonly rows_in_file: number;
      readonly rows_loaded: number;
      readonly rows_quarantined: number;
      readonly anomalies: readonly Anomaly[];
      readonly file_size_bytes: number;
      readonly loaded_to_clickhouse: boolean;
    };
