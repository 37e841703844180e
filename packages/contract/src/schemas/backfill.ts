import { z } from 'zod';
import { Count, Day, Instant } from './common.ts';
import { CoverageOutcome } from './dataset.ts';

/** missing: not loaded in lake and warehouse; failed: those of them that were tried; all: loaded ones as well. */
const BackfillSelection = z.enum(['missing', 'failed', 'all']);

export const BackfillRequest = z
  .object({
    dataset: z.string().min(1),
    from: Day,
    to: Day,
    only: BackfillSelection.default('missing'),
    /** Sessions at work at the same time. */
    concurrency: z.int().min(1).max(64).default(4),
  })
  .meta({ id: 'BackfillRequest' });

export const Backfill = z
  .object({
    /** Made of what was asked, so that the same request again is the same backfill. */
    id: z.string(),
    dataset: z.string(),
    flow: z.string(),
    from: Day,
    to: Day,
    only: BackfillSelection,
    concurrency: z.int().positive(),
    /**
     * running: at work, or its process died; paused: ended early, on request or because the exchange refuses; completed:
     * everything that was asked for is there; incomplete: all was tried, some is not there.
     */
    state: z.enum(['running', 'paused', 'completed', 'incomplete']),
    /** Why it paused; while it is at work, what it waits for, such as a worker. */
    message: z.string().nullable(),
    /** Sessions that it set out to run, since it first began. */
    sessions: Count,
    /** Of those, how many have been run. */
    done: Count,
    /** How many times a process began or went on with it. */
    attempts: Count,
    /** This server is at work on it. A running one that it is not at work on is the command line's, or died with it. */
    at_work: z.boolean(),
    /** Sessions a minute since this server began; null when it is not at work, or before the first has ended. */
    rate_per_minute: z.number().nonnegative().nullable(),
    /** Null while the rate is unknown. */
    seconds_left: z.number().nonnegative().nullable(),
    /** Sessions whose run did not complete, up to 1,000. */
    failed: Count,
    /** The first of them. */
    failures: z.array(z.object({ trade_date: Day, code: z.string(), message: z.string(), flow_run_id: z.string() })),
    started_at: Instant,
    updated_at: Instant,
    ended_at: Instant.nullable(),
  })
  .meta({ id: 'Backfill' });

/** A backfill with what of its span is not there now. */
export const BackfillDetail = Backfill.extend({
  gap_count: Count,
  /** The first of them, by date and slice. */
  gaps: z.array(
    z.object({
      trade_date: Day,
      slice: z.string(),
      /** LOADED: in the lake, but not in the warehouse. */
      outcome: CoverageOutcome,
      message: z.string().nullable(),
      flow_run_id: z.string().nullable(),
    }),
  ),
}).meta({ id: 'BackfillDetail' });
