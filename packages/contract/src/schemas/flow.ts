import { z } from 'zod';
import { Instant, JsonObject, ours, Page, Stored, Tags } from './common.ts';
import { Conditions } from './filters.ts';

export const Flow = z
  .object({
    ...Stored,
    name: z.string(),
    tags: Tags,
    labels: JsonObject,
    description: ours(z.string().nullable()),
    /** JSON Schema of its parameters. */
    parameters: ours(JsonObject),
  })
  .meta({ id: 'Flow' });

export const FlowCreate = z
  .object({ name: z.string().min(1), tags: Tags.nullish(), labels: JsonObject.nullish() })
  .meta({ id: 'FlowCreate' });

export const FlowSort = z.enum(['CREATED_DESC', 'UPDATED_DESC', 'NAME_ASC', 'NAME_DESC']);

export const FlowQuery = z.object({ ...Conditions, ...Page, sort: FlowSort.nullish() }).meta({ id: 'FlowQuery' });

/** A flow run asked for without a deployment. */
export const FlowRunRequest = z
  .object({
    parameters: JsonObject.optional(),
    name: z.string().min(1).optional(),
    tags: Tags.optional(),
    /** Default: the queue "default". */
    work_queue_name: z.string().optional(),
    /** The same key again gives the run that the first one made. */
    idempotency_key: z.string().optional(),
    /** Default: at once. */
    scheduled_time: Instant.optional(),
  })
  .meta({ id: 'FlowRunRequest' });
