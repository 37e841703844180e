import { z } from 'zod';
import { EVENT_TYPES } from '../words.ts';
import { Count, Id, Instant } from './common.ts';
import { LogLevel } from './log.ts';
import { StateType } from './state.ts';

export const EventType = z.enum(EVENT_TYPES);

const run = { flow_run_id: Id, flow_name: z.string(), run_name: z.string(), at: Instant };
const state = z.object({ type: StateType, name: z.string(), message: z.string().nullable() });

/** Something that happened in a run, as it happens. */
export const RunEvent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('flow_run'),
      ...run,
      state,
      deployment_id: Id.nullable(),
      parent_flow_run_id: Id.nullish(),
    }),
    z.object({
      type: z.literal('task_run'),
      ...run,
      state,
      task_run_id: Id,
      task_name: z.string(),
      task_key: z.string(),
      attempt: Count,
    }),
    z.object({ type: z.literal('log'), ...run, task_run_id: Id.nullable(), level: LogLevel, message: z.string() }),
  ])
  .meta({ id: 'RunEvent' });
