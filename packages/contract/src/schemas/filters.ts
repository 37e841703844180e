import { z } from 'zod';
import { Id, Instant } from './common.ts';
import { StateType } from './state.ts';

// Prefect's filters, whole: a condition that we dropped without a word would widen what a client asked for. Clients send
// null where they have nothing to say.

const operator = z.enum(['and_', 'or_']).nullish();
const listOf = <T extends z.ZodType>(item: T) => z.array(item).nullish();
const flag = z.boolean().nullish();
const text = z.string().nullish();
const instant = Instant.nullish();

const ids = z.object({ any_: listOf(Id) }).nullish();
const idsButNot = z.object({ any_: listOf(Id), not_any_: listOf(Id) }).nullish();
const idsOrNull = z.object({ operator, any_: listOf(Id), is_null_: flag }).nullish();
const names = z.object({ any_: listOf(z.string()), like_: text }).nullish();
const words = z.object({ any_: listOf(z.string()) }).nullish();
const wordsOrNull = z.object({ operator, any_: listOf(z.string()), is_null_: flag }).nullish();
const tags = z.object({ operator, all_: listOf(z.string()), any_: listOf(z.string()), is_null_: flag }).nullish();
const span = z.object({ before_: instant, after_: instant }).nullish();
const spanOrNull = z.object({ before_: instant, after_: instant, is_null_: flag }).nullish();
const state = z
  .object({
    operator,
    type: z.object({ any_: listOf(StateType), not_any_: listOf(StateType) }).nullish(),
    name: z.object({ any_: listOf(z.string()), not_any_: listOf(z.string()) }).nullish(),
  })
  .nullish();

export const FlowFilter = z
  .object({ operator, id: ids, name: names, tags, deployment: z.object({ operator, is_null_: flag }).nullish() })
  .meta({ id: 'FlowFilter' });

export const FlowRunFilter = z
  .object({
    operator,
    id: idsButNot,
    name: names,
    tags,
    deployment_id: idsOrNull,
    work_queue_name: wordsOrNull,
    state,
    flow_version: words,
    start_time: spanOrNull,
    end_time: spanOrNull,
    expected_start_time: span,
    next_scheduled_start_time: span,
    parent_flow_run_id: z.object({ operator, any_: listOf(Id) }).nullish(),
    parent_task_run_id: idsOrNull,
    idempotency_key: z.object({ any_: listOf(z.string()), not_any_: listOf(z.string()) }).nullish(),
    created_by: z.object({ id_: listOf(Id), type_: listOf(z.string()), is_null_: flag }).nullish(),
  })
  .meta({ id: 'FlowRunFilter' });

export const TaskRunFilter = z
  .object({
    operator,
    id: ids,
    name: names,
    tags,
    state,
    start_time: spanOrNull,
    expected_start_time: span,
    subflow_runs: z.object({ exists_: flag }).nullish(),
    flow_run_id: idsOrNull,
  })
  .meta({ id: 'TaskRunFilter' });

export const DeploymentFilter = z
  .object({
    operator,
    id: idsButNot,
    name: names,
    flow_or_deployment_name: z.object({ like_: text }).nullish(),
    paused: z.object({ eq_: flag }).nullish(),
    tags,
    work_queue_name: words,
    concurrency_limit: z.object({ ge_: z.int().nullish(), le_: z.int().nullish(), is_null_: flag }).nullish(),
  })
  .meta({ id: 'DeploymentFilter' });

export const LogFilter = z
  .object({
    operator,
    level: z.object({ ge_: z.int().nullish(), le_: z.int().nullish() }).nullish(),
    timestamp: span,
    flow_run_id: ids,
    task_run_id: idsOrNull,
    /** Words of the message. */
    text: z.object({ query: text }).nullish(),
  })
  .meta({ id: 'LogFilter' });

export const WorkPoolFilter = z.object({ operator, id: ids, name: words, type: words }).meta({ id: 'WorkPoolFilter' });

export const WorkQueueFilter = z
  .object({
    operator,
    id: ids,
    name: z.object({ any_: listOf(z.string()), startswith_: listOf(z.string()) }).nullish(),
  })
  .meta({ id: 'WorkQueueFilter' });

export const WorkerFilter = z
  .object({
    operator,
    last_heartbeat_time: span,
    status: z
      .object({
        any_: listOf(z.enum(['ONLINE', 'OFFLINE'])),
        not_any_: listOf(z.enum(['ONLINE', 'OFFLINE'])),
      })
      .nullish(),
  })
  .meta({ id: 'WorkerFilter' });

/** Conditions on everything a run has to do with; all of them hold together. */
export const Conditions = {
  flows: FlowFilter.nullish(),
  flow_runs: FlowRunFilter.nullish(),
  task_runs: TaskRunFilter.nullish(),
  deployments: DeploymentFilter.nullish(),
  work_pools: WorkPoolFilter.nullish(),
  work_queues: WorkQueueFilter.nullish(),
  /** Another name of `work_queues`, sent by some clients. */
  work_pool_queues: WorkQueueFilter.nullish(),
};
