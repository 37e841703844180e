import { z } from 'zod';
import { Count, Id, Instant, JsonObject, ours, Page, Stored } from './common.ts';
import { WorkerFilter, WorkPoolFilter, WorkQueueFilter } from './filters.ts';

const limit = z.int().nonnegative();

export const WorkPool = z
  .object({
    ...Stored,
    name: z.string(),
    description: z.string().nullable(),
    type: z.string(),
    base_job_template: JsonObject,
    is_paused: z.boolean(),
    concurrency_limit: limit.nullable(),
    status: z.enum(['READY', 'NOT_READY', 'PAUSED']),
    default_queue_id: Id.nullable(),
    storage_configuration: JsonObject,
    active_slots: Count.nullable(),
  })
  .meta({ id: 'WorkPool' });

const poolFields = {
  description: z.string().nullish(),
  is_paused: z.boolean().nullish(),
  base_job_template: JsonObject.nullish(),
  /** Most runs of its queues at work at once; null: any number. */
  concurrency_limit: limit.nullish(),
};

export const WorkPoolCreate = z
  .object({ name: z.string().min(1), type: z.string().nullish(), ...poolFields })
  .meta({ id: 'WorkPoolCreate' });

export const WorkPoolUpdate = z.object(poolFields).meta({ id: 'WorkPoolUpdate' });

export const WorkPoolQuery = z.object({ work_pools: WorkPoolFilter.nullish(), ...Page }).meta({ id: 'WorkPoolQuery' });

/** At most `runs` runs are handed out in any `per_seconds` seconds. */
export const RateLimit = z
  .object({ runs: z.int().positive(), per_seconds: z.int().positive() })
  .meta({ id: 'RateLimit' });

export const WorkQueue = z
  .object({
    ...Stored,
    name: z.string(),
    description: z.string().nullable(),
    is_paused: z.boolean(),
    /** Most of its runs at work at once; null: any number. */
    concurrency_limit: limit.nullable(),
    /** 1 is served first. */
    priority: z.int(),
    work_pool_id: Id.nullable(),
    work_pool_name: z.string().nullable(),
    filter: JsonObject.nullable(),
    last_polled: Instant.nullable(),
    status: z.enum(['READY', 'NOT_READY', 'PAUSED']).nullable(),
    active_slots: Count.nullable(),
    rate_limit: ours(RateLimit.nullable()),
    counts: ours(
      z.object({
        /** Waiting, those that are late included. */
        scheduled: Count,
        late: Count,
        running: Count,
      }),
    ),
  })
  .meta({ id: 'WorkQueue' });

const queueFields = {
  description: z.string().nullish(),
  is_paused: z.boolean().nullish(),
  concurrency_limit: limit.nullish(),
  priority: z.int().min(1).nullish(),
  rate_limit: RateLimit.nullish(),
};

export const WorkQueueCreate = z.object({ name: z.string().min(1), ...queueFields }).meta({ id: 'WorkQueueCreate' });

/** What is left out stays as it is; null takes a limit away. */
export const WorkQueueUpdate = z
  .object({ name: z.string().min(1).nullish(), ...queueFields })
  .meta({ id: 'WorkQueueUpdate' });

export const WorkQueueQuery = z
  .object({ work_queues: WorkQueueFilter.nullish(), ...Page })
  .meta({ id: 'WorkQueueQuery' });

export const WorkQueueStatus = z
  .object({
    /** Polled lately, and without late runs. */
    healthy: z.boolean(),
    late_runs_count: Count,
    last_polled: Instant.nullable(),
    health_check_policy: z.object({
      maximum_late_runs: z.int().nullable(),
      maximum_seconds_since_last_polled: z.int().nullable(),
    }),
  })
  .meta({ id: 'WorkQueueStatus' });

/** A worker as Prefect's clients know it. */
export const PoolWorker = z
  .object({
    ...Stored,
    name: z.string(),
    work_pool_id: Id,
    last_heartbeat_time: Instant.nullable(),
    heartbeat_interval_seconds: z.int().nullable(),
    status: z.enum(['ONLINE', 'OFFLINE']),
  })
  .meta({ id: 'PoolWorker' });

export const PoolWorkerQuery = z.object({ workers: WorkerFilter.nullish(), ...Page }).meta({ id: 'PoolWorkerQuery' });

/** A process that takes runs from work queues and executes them. */
export const Worker = z
  .object({
    name: z.string(),
    /** draining: finishes what it has and takes no more; offline: stopped, or silent for too long. */
    status: z.enum(['online', 'draining', 'offline']),
    work_queues: z.array(z.string()),
    host: z.string(),
    pid: z.int(),
    version: z.string(),
    /** Most runs that it executes at once. */
    concurrency: z.int(),
    /** Runs that it has now. */
    running: Count,
    started_at: Instant,
    last_heartbeat_at: Instant,
  })
  .meta({ id: 'Worker' });
