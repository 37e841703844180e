import { z } from 'zod';
import { LOG_LEVELS } from '../words.ts';
import { Id, Instant, JsonObject, Page, Stored } from './common.ts';
import { LogFilter } from './filters.ts';

export const LogLevel = z.enum(LOG_LEVELS);

/** A line of a run's log as Prefect's clients know it; levels are Python's: 10 debug, 20 info, 30 warning, 40 error. */
export const Log = z
  .object({
    ...Stored,
    name: z.string(),
    level: z.int(),
    message: z.string(),
    timestamp: Instant,
    flow_run_id: Id.nullable(),
    task_run_id: Id.nullable(),
  })
  .meta({ id: 'Log' });

export const LogCreate = z
  .object({
    name: z.string(),
    level: z.int(),
    message: z.string(),
    timestamp: Instant,
    flow_run_id: Id.nullish(),
    task_run_id: Id.nullish(),
  })
  .meta({ id: 'LogCreate' });

export const LogQuery = z
  .object({ logs: LogFilter.nullish(), ...Page, sort: z.enum(['TIMESTAMP_ASC', 'TIMESTAMP_DESC']).nullish() })
  .meta({ id: 'LogQuery' });

/** A line of a run's log. */
export const RunLog = z
  .object({
    /** Grows with time: pass the last one as `after` to read on. */
    id: z.int(),
    at: Instant,
    level: LogLevel,
    message: z.string(),
    task_run_id: Id.nullable(),
    fields: JsonObject.nullable(),
  })
  .meta({ id: 'RunLog' });
