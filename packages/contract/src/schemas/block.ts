import { z } from 'zod';
import { Id, JsonObject, ours, Page, Stored } from './common.ts';
import { NotificationTest } from './notification.ts';

/** A kind of block. */
export const BlockType = z
  .object({
    ...Stored,
    name: z.string(),
    /** "slack-webhook" */
    slug: z.string(),
    logo_url: z.string().nullable(),
    documentation_url: z.string().nullable(),
    description: z.string().nullable(),
    code_example: z.string().nullable(),
    is_protected: z.boolean(),
  })
  .meta({ id: 'BlockType' });

/** What a block of a type holds. */
export const BlockSchema = z
  .object({
    ...Stored,
    checksum: z.string(),
    /** JSON Schema of an object; `secret_fields` names the secrets, which have `writeOnly` as well. */
    fields: JsonObject,
    block_type_id: Id,
    block_type: BlockType.nullable(),
    /** "notify": a notification rule can send to it, and it can be tested. */
    capabilities: z.array(z.string()),
    version: z.string(),
  })
  .meta({ id: 'BlockSchema' });

/** A block: typed configuration under a name, "slack-webhook/ops". */
export const BlockDocument = z
  .object({
    ...Stored,
    name: z.string(),
    /** Secrets as "********". */
    data: JsonObject,
    block_schema_id: Id,
    block_schema: BlockSchema.nullable(),
    block_type_id: Id,
    block_type_name: z.string(),
    block_type: BlockType,
    block_document_references: z.record(z.string(), JsonObject),
    is_anonymous: z.boolean(),
    /** While there is any, it can't be deleted. */
    used_by: ours(z.array(z.object({ kind: z.enum(['notification_rule']), id: Id, name: z.string() }))),
  })
  .meta({ id: 'BlockDocument' });

export const BlockTypeQuery = z
  .object({
    ...Page,
    block_types: z.object({ slug: z.object({ any_: z.array(z.string()).nullish() }).nullish() }).nullish(),
  })
  .meta({ id: 'BlockTypeQuery' });

export const BlockSchemaQuery = z
  .object({
    ...Page,
    block_schemas: z.object({ block_type_id: z.object({ any_: z.array(Id).nullish() }).nullish() }).nullish(),
  })
  .meta({ id: 'BlockSchemaQuery' });

export const BlockDocumentQuery = z
  .object({
    ...Page,
    block_types: z.object({ slug: z.object({ any_: z.array(z.string()).nullish() }).nullish() }).nullish(),
  })
  .meta({ id: 'BlockDocumentQuery' });

export const BlockDocumentCreate = z
  .object({ name: z.string(), data: JsonObject, block_type_id: Id })
  .meta({ id: 'BlockDocumentCreate' });

/** A secret that is given as "********" stays; null takes an optional field away. */
export const BlockDocumentUpdate = z
  .object({
    data: JsonObject,
    /** Whether what is not given stays. */
    merge_existing_data: z.boolean().default(true),
  })
  .meta({ id: 'BlockDocumentUpdate' });

/** What came of a test; it leaves no record. */
export const BlockTest = NotificationTest.omit({ delivery_id: true }).meta({ id: 'BlockTest' });
