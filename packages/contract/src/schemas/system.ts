import { z } from 'zod';
import { Count, Instant } from './common.ts';

const bytes = z.number().nonnegative();

/** Requests to this API by what became of them. */
const Requests = z.object({
  answered: Count,
  /** Could not be answered as they were asked: 4xx. */
  refused: Count,
  /** Should have been answered, and were not: 5xx. */
  failed: Count,
});

/** How a host of the exchange has been answering this process. */
const ExchangeHost = z.object({
  host: z.string(),
  /**
   * closed: it is asked as usual; open: it is left alone, as it wished; half_open: the last request to it failed, and the
   * next one decides.
   */
  circuit: z.enum(['closed', 'half_open', 'open']),
  /** Until when it is left alone. */
  open_until: Instant.nullable(),
  /** Requests in a row that it did not serve. */
  failures: Count,
  last_outcome: z.string(),
  last_at: Instant,
  last_success_at: Instant.nullable(),
});

/** What this process and its machine did at a moment. */
export const SystemSample = z
  .object({
    at: Instant,
    /** Of this process, as a share of all cores since the sample before; 0 to 1. */
    cpu: z.number().nonnegative(),
    load: z.number().nonnegative(),
    rss_bytes: bytes,
    heap_used_bytes: bytes,
    /** Of the machine, 0 to 1. */
    memory_used: z.number(),
    /** Of the file system that the home is on, 0 to 1. */
    disk_used: z.number(),
    /** Over all work queues; null where they could not be read. */
    running: Count.nullable(),
    late: Count.nullable(),
    /** Since the sample before. */
    requests: Requests,
  })
  .meta({ id: 'SystemSample' });

/** What the server remembers of itself since it started, the oldest first. */
export const SystemHistory = z
  .object({
    /** Seconds between samples as they are given; the server takes them more often where this is longer. */
    every_seconds: z.number().positive(),
    samples: z.array(SystemSample),
  })
  .meta({ id: 'SystemHistory' });

/** What runs here, and with what. */
export const System = z
  .object({
    version: z.string(),
    started_at: Instant,
    /** The exchange is the simulator: none of these rows are real. */
    simulated: z.boolean(),
    stores: z.array(
      z.object({
        name: z.string(),
        /** embedded: run by Champion itself. */
        kind: z.enum(['embedded', 'server']),
        state: z.enum(['up', 'down', 'off']),
        /** Version, address without secrets, or why it is down. */
        detail: z.string(),
      }),
    ),
    memory: z.object({ rss_bytes: bytes, heap_used_bytes: bytes, system_total_bytes: bytes, system_free_bytes: bytes }),
    cpu: z.object({
      cores: z.int().positive(),
      /** Share of one core that this process used lately, 0 to `cores`. */
      used: z.number().nonnegative(),
      load_average: z.array(z.number()),
    }),
    /** Of the file system that the home is on. */
    disk: z.object({ total_bytes: bytes, free_bytes: bytes }),
    /** The data folder. */
    home: z.string(),
    /** Where the tracking listens, on the same host as this API; null while it does not. */
    tracking_port: z.int().positive().nullable(),
    /** Versions of what it runs on. */
    runtime: z.object({ node: z.string(), platform: z.string(), pid: z.int().positive() }),
    /** Hosts that this process has asked something since it started; workers elsewhere know of theirs. */
    exchange: z.array(ExchangeHost),
    /** Requests that it has ended, streams as they began; counted since it started. */
    api: z.object({ last_hour: Requests, last_day: Requests }),
  })
  .meta({ id: 'System' });
