import { z } from 'zod';
import { Count, Id, Instant } from './common.ts';
import { Conditions } from './filters.ts';
import { FlowRunSort } from './flow-run.ts';
import { StateType } from './state.ts';

/** One bar of a chart of runs. */
export const RunBar = z
  .object({
    id: Id,
    state_type: StateType,
    timestamp: Instant,
    /** Seconds. */
    duration: z.number(),
    /** Seconds that it began behind its expected start. */
    lateness: z.number(),
  })
  .meta({ id: 'RunBar' });

export const RunBarQuery = z
  .object({
    ...Conditions,
    sort: FlowRunSort.nullish(),
    limit: z.int().min(0).max(1000).nullish(),
    offset: Count.nullish(),
  })
  .meta({ id: 'RunBarQuery' });

export const NextRun = z
  .object({
    id: Id,
    flow_id: Id,
    name: z.string(),
    state_name: z.string(),
    state_type: StateType,
    next_scheduled_start_time: Instant,
  })
  .meta({ id: 'NextRun' });

export const TaskRunCounts = z.object({ completed: Count, failed: Count }).meta({ id: 'TaskRunCounts' });
