import { z } from 'zod';
import { STATE_TYPES } from '../words.ts';
import { Id, Instant, JsonObject } from './common.ts';

export const StateType = z.enum(STATE_TYPES).meta({ id: 'StateType' });

export const State = z
  .object({
    id: Id,
    type: StateType,
    /** What people read: the type's own word ("Running") or a finer one ("Late", "AwaitingRetry", "NoSession"). */
    name: z.string(),
    timestamp: Instant,
    message: z.string().nullable(),
    data: z.unknown(),
    state_details: JsonObject,
  })
  .meta({ id: 'State' });

/** A state as a client asks for it. */
export const StateRequest = z
  .object({
    type: StateType,
    name: z.string().nullish(),
    message: z.string().nullish(),
    state_details: z.object({ scheduled_time: Instant.nullish(), transition_id: Id.nullish() }).nullish(),
  })
  .meta({ id: 'StateRequest' });

/** What became of a request to change a state; with REJECT, `state` is the one that it has instead. */
export const OrchestrationResult = z
  .object({
    state: State.nullable(),
    status: z.enum(['ACCEPT', 'REJECT', 'WAIT', 'ABORT']),
    details: z.object({ type: z.string(), reason: z.string().nullish(), delay_seconds: z.number().optional() }),
  })
  .meta({ id: 'OrchestrationResult' });

/** How many runs were in each state, interval by interval. */
export const HistoryInterval = z
  .object({
    interval_start: Instant,
    interval_end: Instant,
    states: z.array(
      z.object({
        state_type: StateType,
        state_name: z.string(),
        count_runs: z.int().nonnegative(),
        /** Seconds. */
        sum_estimated_run_time: z.number(),
        /** Seconds. */
        sum_estimated_lateness: z.number(),
      }),
    ),
  })
  .meta({ id: 'HistoryInterval' });
