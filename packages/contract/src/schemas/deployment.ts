import { z } from 'zod';
import { Id, Instant, JsonObject, NumberedPage, ours, Page, Stored, Tags } from './common.ts';
import { Conditions } from './filters.ts';
import { Schedule, ScheduleCreate } from './schedule.ts';
import { StateRequest } from './state.ts';

export const Deployment = z
  .object({
    ...Stored,
    name: z.string(),
    version: z.string().nullable(),
    description: z.string().nullable(),
    flow_id: Id,
    flow_name: ours(z.string()),
    paused: z.boolean(),
    schedules: z.array(Schedule),
    /** Most of its runs at work at once. */
    concurrency_limit: z.int().nullable(),
    global_concurrency_limit: JsonObject.nullable(),
    concurrency_options: JsonObject.nullable(),
    job_variables: JsonObject,
    parameters: JsonObject,
    tags: Tags,
    labels: JsonObject,
    work_queue_name: z.string().nullable(),
    work_queue_id: Id.nullable(),
    work_pool_name: z.string().nullable(),
    last_polled: Instant.nullable(),
    parameter_openapi_schema: JsonObject.nullable(),
    path: z.string().nullable(),
    pull_steps: z.array(JsonObject).nullable(),
    entrypoint: z.string().nullable(),
    storage_document_id: Id.nullable(),
    infrastructure_document_id: Id.nullable(),
    created_by: JsonObject.nullable(),
    updated_by: JsonObject.nullable(),
    /** READY: a worker takes runs from its queue. */
    status: z.enum(['READY', 'NOT_READY']),
    enforce_parameter_schema: z.boolean(),
    /** The parameter that a scheduled run is given its session in. */
    session_parameter: ours(z.string().nullable()),
  })
  .meta({ id: 'Deployment' });

const changeable = {
  version: z.string().nullish(),
  description: z.string().nullish(),
  paused: z.boolean().nullish(),
  schedules: z.array(ScheduleCreate).nullish(),
  concurrency_limit: z.int().min(1).nullish(),
  concurrency_options: JsonObject.nullish(),
  parameters: JsonObject.nullish(),
  parameter_openapi_schema: JsonObject.nullish(),
  enforce_parameter_schema: z.boolean().nullish(),
  tags: Tags.nullish(),
  labels: JsonObject.nullish(),
  work_queue_name: z.string().nullish(),
  work_pool_name: z.string().nullish(),
  job_variables: JsonObject.nullish(),
  path: z.string().nullish(),
  pull_steps: z.array(JsonObject).nullish(),
  entrypoint: z.string().nullish(),
};

/** One of the same flow and name is replaced. */
export const DeploymentCreate = z
  .object({ name: z.string().min(1), flow_id: Id, ...changeable })
  .meta({ id: 'DeploymentCreate' });

/** What is left out stays as it is. */
export const DeploymentUpdate = z.object(changeable).meta({ id: 'DeploymentUpdate' });

const DeploymentSort = z.enum(['CREATED_DESC', 'UPDATED_DESC', 'NAME_ASC', 'NAME_DESC']);

export const DeploymentQuery = z
  .object({ ...Conditions, ...Page, sort: DeploymentSort.nullish() })
  .meta({ id: 'DeploymentQuery' });

export const DeploymentPageQuery = z
  .object({ ...Conditions, ...NumberedPage, sort: DeploymentSort.nullish() })
  .meta({ id: 'DeploymentPageQuery' });

export const DeploymentRunRequest = z
  .object({
    /** SCHEDULED with `state_details.scheduled_time`; without it the run starts at once. */
    state: StateRequest.nullish(),
    name: z.string().nullish(),
    parameters: JsonObject.nullish(),
    tags: Tags.nullish(),
    idempotency_key: z.string().nullish(),
    work_queue_name: z.string().nullish(),
    job_variables: JsonObject.nullish(),
    context: JsonObject.nullish(),
    parent_task_run_id: Id.nullish(),
    labels: JsonObject.nullish(),
  })
  .meta({ id: 'DeploymentRunRequest' });

export const ScheduledRunsQuery = z
  .object({ deployment_ids: z.array(Id), scheduled_before: Instant.nullish(), limit: Page.limit })
  .meta({ id: 'ScheduledRunsQuery' });

/** What registering the deployments of the code would change, or has changed. */
export const DeployReport = z
  .object({
    changes: z.array(
      z.object({
        /** "flow/deployment". */
        deployment: z.string(),
        kind: z.enum(['create', 'update', 'delete', 'unchanged']),
        /** What differs, for example "schedules"; null where the deployment as a whole is meant. */
        field: z.string().nullable(),
        from: z.unknown(),
        to: z.unknown(),
      }),
    ),
    applied: z.boolean(),
  })
  .meta({ id: 'DeployReport' });
