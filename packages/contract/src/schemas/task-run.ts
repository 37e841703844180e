import { z } from 'zod';
import { Count, Id, Instant, JsonObject, ours, Page, Stored, Tags } from './common.ts';
import { Conditions } from './filters.ts';
import { ErrorInfo } from './problem.ts';
import { State, StateType } from './state.ts';

export const TaskRun = z
  .object({
    ...Stored,
    name: z.string(),
    flow_run_id: Id.nullable(),
    /** Names it within its flow run: "parse_polars_raw-0". What `restart` takes as `from`. */
    task_key: z.string(),
    dynamic_key: z.string(),
    cache_key: z.string().nullable(),
    cache_expiration: Instant.nullable(),
    task_version: z.string().nullable(),
    empirical_policy: JsonObject,
    tags: Tags,
    labels: JsonObject,
    state_id: Id.nullable(),
    task_inputs: z.record(z.string(), z.array(JsonObject)),
    state_type: StateType.nullable(),
    state_name: z.string().nullable(),
    /** Attempts. */
    run_count: Count,
    flow_run_run_count: Count,
    expected_start_time: Instant.nullable(),
    next_scheduled_start_time: Instant.nullable(),
    start_time: Instant.nullable(),
    end_time: Instant.nullable(),
    /** Seconds. */
    total_run_time: z.number(),
    /** Seconds. */
    estimated_run_time: z.number(),
    /** Seconds. */
    estimated_start_time_delta: z.number(),
    state: State.nullable(),
    error: ours(ErrorInfo.nullable()),
  })
  .meta({ id: 'TaskRun' });

export const TaskAttempt = z
  .object({
    /** 1-based. */
    attempt: z.int().positive(),
    state_type: StateType,
    start_time: Instant,
    end_time: Instant.nullable(),
    error: ErrorInfo.nullable(),
    /** The pause before the next attempt; null after the last one. */
    retry_wait_ms: z.number().nullable(),
  })
  .meta({ id: 'TaskAttempt' });

export const TaskRunDetail = TaskRun.extend({
  attempts: z.array(TaskAttempt),
  /** The task runs whose results it was given. */
  parents: z.array(Id),
  /** What it returned: paths, counts, hashes. */
  result: z.unknown(),
}).meta({ id: 'TaskRunDetail' });

export const TaskRunQuery = z
  .object({
    ...Conditions,
    ...Page,
    sort: z
      .enum([
        'ID_DESC',
        'EXPECTED_START_TIME_ASC',
        'EXPECTED_START_TIME_DESC',
        'NAME_ASC',
        'NAME_DESC',
        'NEXT_SCHEDULED_START_TIME_ASC',
        'END_TIME_DESC',
      ])
      .nullish(),
  })
  .meta({ id: 'TaskRunQuery' });
