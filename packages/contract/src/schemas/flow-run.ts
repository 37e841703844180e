import { z } from 'zod';
import { Count, Id, Instant, JsonObject, NumberedPage, ours, Page, Stored, Tags } from './common.ts';
import { Conditions } from './filters.ts';
import { RunLog } from './log.ts';
import { ErrorInfo } from './problem.ts';
import { State, StateRequest, StateType } from './state.ts';

export const FlowRun = z
  .object({
    ...Stored,
    name: z.string(),
    flow_id: Id,
    flow_name: ours(z.string()),
    state_id: Id.nullable(),
    deployment_id: Id.nullable(),
    deployment_name: ours(z.string().nullable()),
    deployment_version: z.string().nullable(),
    work_queue_id: Id.nullable(),
    work_queue_name: z.string().nullable(),
    work_pool_id: Id.nullable(),
    work_pool_name: z.string().nullable(),
    flow_version: z.string().nullable(),
    parameters: JsonObject,
    idempotency_key: z.string().nullable(),
    context: JsonObject,
    empirical_policy: JsonObject,
    tags: Tags,
    labels: JsonObject,
    parent_task_run_id: Id.nullable(),
    /** The run that started this one and waits for it. */
    parent_flow_run_id: ours(Id.nullable()),
    state_type: StateType.nullable(),
    state_name: z.string().nullable(),
    /** How often it was begun: 1, and one more for each resumption. */
    run_count: Count,
    expected_start_time: Instant.nullable(),
    next_scheduled_start_time: Instant.nullable(),
    start_time: Instant.nullable(),
    end_time: Instant.nullable(),
    /** Seconds. */
    total_run_time: z.number(),
    /** Seconds, up to now for a running one. */
    estimated_run_time: z.number(),
    /** Seconds that it began, or is, behind its expected start. */
    estimated_start_time_delta: z.number(),
    auto_scheduled: z.boolean(),
    infrastructure_document_id: Id.nullable(),
    infrastructure_pid: z.string().nullable(),
    created_by: JsonObject.nullable(),
    job_variables: JsonObject.nullable(),
    state: State.nullable(),
    /** The worker that has it, or had it last. */
    worker_name: ours(z.string().nullable()),
    schedule_id: ours(Id.nullable()),
    /** The run that it repeats. */
    retry_of: ours(Id.nullable()),
    /** Key of the first task of `retry_of` that it ran again. */
    restart_from: ours(z.string().nullable()),
    /** Seconds from start to end, or to now; null before it starts. */
    duration: ours(z.number().nullable()),
    error: ours(ErrorInfo.nullable()),
  })
  .meta({ id: 'FlowRun' });

export const FlowRunDetail = FlowRun.extend({
  /** What its function returned. */
  result: ours(z.unknown()),
  /** The latest lines, oldest first. */
  logs: ours(z.array(RunLog)),
}).meta({ id: 'FlowRunDetail' });

/** Prefect's clients make a run of a flow that they execute themselves. */
export const FlowRunCreate = z
  .object({
    flow_id: Id,
    state: StateRequest.nullish(),
    name: z.string().nullish(),
    flow_version: z.string().nullish(),
    parameters: JsonObject.nullish(),
    context: JsonObject.nullish(),
    parent_task_run_id: Id.nullish(),
    deployment_id: Id.nullish(),
    empirical_policy: JsonObject.nullish(),
    tags: Tags.nullish(),
    labels: JsonObject.nullish(),
    idempotency_key: z.string().nullish(),
    work_queue_name: z.string().nullish(),
  })
  .meta({ id: 'FlowRunCreate' });

/** What is left out stays as it is. */
export const FlowRunUpdate = z
  .object({
    name: z.string().min(1).nullish(),
    flow_version: z.string().nullish(),
    parameters: JsonObject.nullish(),
    tags: Tags.nullish(),
    infrastructure_pid: z.string().nullish(),
    job_variables: JsonObject.nullish(),
    empirical_policy: JsonObject.nullish(),
  })
  .meta({ id: 'FlowRunUpdate' });

export const FlowRunSort = z.enum([
  'ID_DESC',
  'START_TIME_ASC',
  'START_TIME_DESC',
  'EXPECTED_START_TIME_ASC',
  'EXPECTED_START_TIME_DESC',
  'NAME_ASC',
  'NAME_DESC',
  'NEXT_SCHEDULED_START_TIME_ASC',
  'END_TIME_DESC',
]);

export const FlowRunQuery = z
  .object({
    ...Conditions,
    ...Page,
    sort: FlowRunSort.nullish(),
    /** Id of the last run of the page before, in the same sort: quicker than `offset` far down a list. */
    after: Id.nullish(),
  })
  .meta({ id: 'FlowRunQuery' });

export const FlowRunPageQuery = z
  .object({ ...Conditions, ...NumberedPage, sort: FlowRunSort.nullish() })
  .meta({ id: 'FlowRunPageQuery' });

export const HistoryQuery = z
  .object({
    ...Conditions,
    history_start: Instant,
    history_end: Instant,
    history_interval_seconds: z.number().min(1),
  })
  .meta({ id: 'HistoryQuery' });

export const SetStateRequest = z
  .object({ state: StateRequest, force: z.boolean().nullish() })
  .meta({ id: 'SetStateRequest' });

/** A run's tasks, drawn from left to right. */
export const RunGraph = z
  .object({
    start_time: Instant.nullable(),
    end_time: Instant.nullable(),
    root_node_ids: z.array(Id),
    nodes: z.array(
      z.tuple([
        Id,
        z.object({
          kind: z.enum(['flow-run', 'task-run']),
          id: Id,
          label: z.string(),
          state_type: StateType,
          /** What `restart` takes as `from`. */
          task_key: ours(z.string().nullable()),
          start_time: Instant.nullable(),
          end_time: Instant.nullable(),
          parents: z.array(z.object({ id: Id })),
          children: z.array(z.object({ id: Id })),
          encapsulating: z.array(z.object({ id: Id })),
          artifacts: z.array(JsonObject),
        }),
      ]),
    ),
    artifacts: z.array(JsonObject),
    /** There are more nodes than these. */
    truncated: ours(z.boolean()),
    states: z.array(
      z.object({
        id: Id,
        timestamp: Instant,
        type: StateType,
        name: z.string(),
        message: z.string().nullable().optional(),
      }),
    ),
  })
  .meta({ id: 'RunGraph' });
