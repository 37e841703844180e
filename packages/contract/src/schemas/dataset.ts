import { OUTCOMES } from '@champion/core';
import { z } from 'zod';
import { Count, Day, Instant } from './common.ts';

const rows = Count.nullable();

/** fresh: what should be here is; late: its time has come and its deadline has not; missing: the deadline has passed. */
export const Freshness = z.enum(['fresh', 'late', 'missing']).meta({ id: 'Freshness' });

export const Dataset = z
  .object({
    /** For example "bhavcopy". */
    name: z.string(),
    title: z.string(),
    /** Silver and warehouse table. */
    table: z.string(),
    /** session: one set of rows per session; day: a state as of a day. */
    per: z.enum(['session', 'day']),
    /** The exchange serves only the present state: nothing to backfill. */
    latest_only: z.boolean(),
    /** When the exchange publishes, IST "HH:MM": not before `from`; later than `deadline` it is missing. */
    publication: z.object({ from: z.string(), deadline: z.string() }),
    flow: z.object({ name: z.string(), description: z.string() }),
    columns: z.array(z.object({ name: z.string(), type: z.string(), meaning: z.string().optional() })),
    /** Names of the parts that its day comes in. */
    slices: z.array(z.string()),
    last_loaded: z.object({ trade_date: Day, at: Instant, rows }).nullable(),
    /** In the warehouse, all sessions together; null where it could not be asked. */
    rows,
    freshness: z.object({
      /** The latest session (or day, of a state as of a day) that should be here. */
      trade_date: Day.nullable(),
      /** When its rows should have been here; null where there is no deadline. */
      expected_by: Instant.nullable(),
      state: Freshness,
    }),
  })
  .meta({ id: 'Dataset' });

/** What became of a slice on a session. NEVER_TRIED: nobody has asked for it, or no answer came. */
export const CoverageOutcome = z.enum([...OUTCOMES, 'NEVER_TRIED']).meta({ id: 'CoverageOutcome' });

export const SliceCoverage = z
  .object({
    slice: z.string(),
    trade_date: Day,
    outcome: CoverageOutcome,
    /** Its rows are in the warehouse as well. */
    in_warehouse: z.boolean(),
    rows,
    quarantined: rows,
    anomalies: rows,
    /** The file whose rows are there, 1 for the first that the exchange served; null while none is. */
    revision: z.int().positive().nullable(),
    /** Null when it was never tried. */
    updated_at: Instant.nullable(),
    /** Why it is not loaded. */
    message: z.string().nullable(),
    /** The run that said so. */
    flow_run_id: z.string().nullable(),
  })
  .meta({ id: 'SliceCoverage' });

export const Coverage = z
  .object({
    dataset: z.string(),
    from: Day,
    to: Day,
    /** Sessions of the span, ascending. Days on which the exchange was closed are no part of it. */
    sessions: z.array(Day),
    /** One for each session and slice. */
    slices: z.array(SliceCoverage),
    /** How many of `slices` have each outcome; outcomes that none has are left out. */
    counts: z.partialRecord(CoverageOutcome, Count),
  })
  .meta({ id: 'Coverage' });

/** How good what one run loaded of one slice was. */
export const SliceQuality = z
  .object({
    dataset: z.string(),
    slice: z.string(),
    trade_date: Day,
    flow_run_id: z.string(),
    rows_processed: Count,
    /** Median of the last 20 loaded sessions before this one; null when there was none. */
    rows_expected: z.number().nullable(),
    rows_loaded: Count,
    /** In quarantine. */
    rows_filtered: Count,
    /** Share of the processed rows that broke no hard rule, 0 to 1. */
    validation_pass_rate: z.number(),
    anomalies_detected: Count,
    /** Quarantined rows by the hard rule they broke; a row that broke two counts for both. */
    hard_rules: z.record(z.string(), Count),
    /** What the anomalies concern, by soft rule. */
    soft_rules: z.record(z.string(), Count),
    file_size_bytes: Count,
    /** Names the revision. */
    source: z.string(),
  })
  .meta({ id: 'SliceQuality' });

/** One version of a session's raw file. */
export const Revision = z
  .object({
    slice: z.string(),
    /** Which of the slice's files it is; the main one, whose rows become the slice's, has mostly the slice's name. */
    input: z.string(),
    trade_date: Day,
    /** 1 for the first that the exchange served. */
    revision: z.int().positive(),
    /** Its rows are the ones in the tables. Of a file that is not the main one: it is the latest. */
    current: z.boolean(),
    sha256: z.string(),
    bytes: Count,
    /** In the lake. */
    path: z.string(),
    fetched_at: Instant,
    url: z.string(),
  })
  .meta({ id: 'Revision' });

/** Values as JSON has them; decimals and 64-bit integers are text with all their digits. */
const table = {
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.unknown())),
  /** There are more rows than these. */
  truncated: z.boolean(),
};

export const DatasetPreview = z
  .object({ dataset: z.string(), trade_date: Day.nullable(), ...table })
  .meta({ id: 'DatasetPreview' });

export const SqlRequest = z
  .object({
    query: z.string().min(1).max(100_000),
    /** Values of the query's {name:Type} placeholders. */
    parameters: z.record(z.string(), z.unknown()).optional(),
    /** Rows given back at most. */
    max_rows: z.int().min(1).max(100_000).default(10_000),
  })
  .meta({ id: 'SqlRequest' });

export const SqlExportRequest = z
  .object({
    query: z.string().min(1).max(100_000),
    /** Values of the query's {name:Type} placeholders. */
    parameters: z.record(z.string(), z.unknown()).optional(),
    format: z.enum(['csv', 'parquet']),
    /** An answer with more rows is refused. */
    max_rows: z.int().min(1).max(1_000_000).default(1_000_000),
    /** Of the file, without its extension. */
    file_name: z
      .string()
      .regex(/^[\w-][\w.-]{0,99}$/, 'letters, digits, dot, dash and underscore')
      .optional(),
  })
  .meta({ id: 'SqlExportRequest' });

export const SqlAnswer = z
  .object({ ...table, elapsed_ms: z.number(), bytes_read: Count.optional() })
  .meta({ id: 'SqlAnswer' });
