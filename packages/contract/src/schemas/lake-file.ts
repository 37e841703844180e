import { z } from 'zod';
import { Count, Day, Instant } from './common.ts';

/** A file in the lake. */
export const LakeFile = z
  .object({
    /** Names it for the download, within its dataset (or gold) and day. */
    id: z.string(),
    layer: z.enum(['raw', 'bronze', 'silver', 'quarantine', 'gold']),
    /** Of raw: the input. Of the others: the table. */
    table: z.string(),
    /** The slice that it is of; null for gold. */
    slice: z.string().nullable(),
    trade_date: Day,
    /** To be saved under. */
    file_name: z.string(),
    /** In the lake. */
    path: z.string(),
    bytes: Count,
    /** Of a Parquet file; null of a raw one. */
    rows: Count.nullable(),
    /** Of a raw file: where it came from, when, and which version it is. */
    raw: z
      .object({
        /** 1 for the first that the exchange served. */
        revision: z.int().positive(),
        /** Its rows are the ones in the tables. Of a file that is not the main one: it is the latest. */
        current: z.boolean(),
        sha256: z.string(),
        url: z.string(),
        /** HTTP status; 0 for a file that was imported from a disk. */
        status: z.int(),
        fetched_at: Instant,
      })
      .nullable(),
  })
  .meta({ id: 'LakeFile' });
