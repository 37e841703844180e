import { createHash } from 'node:crypto';
import type { BlockDocument, BlockSchema, BlockTest, BlockType } from '@champion/contract';
import { uuidV5 } from '@champion/core';
import {
  BLOCK_TYPES,
  type BlockRow,
  type BlockSlug,
  secretFieldsOf,
  TARGET_TYPES,
  type TestReport,
} from '@champion/engine';
import { z } from 'zod';
import { instant } from './instant.ts';

/** Types come with the program; Prefect's clients want to know since when. */
const SINCE = '2026-01-01T00:00:00.000Z';
const NAMESPACE = uuidV5('champion blocks');

/** As Prefect's clients show them. */
const EXAMPLES: Readonly<Record<BlockSlug, string>> = {
  'slack-webhook': '"target": { "type": "block", "block": "slack-webhook/ops" }',
  webhook: '"target": { "type": "block", "block": "webhook/desk" }',
  secret: "const { value } = await block('secret/exchange-token');",
  json: "const { value } = await block('json/indices');",
};

export const BLOCK_SLUGS = Object.keys(BLOCK_TYPES) as BlockSlug[];

export function wireBlockType(slug: BlockSlug): BlockType {
  const { name, description } = BLOCK_TYPES[slug];
  return {
    id: typeIdOf(slug),
    created: SINCE,
    updated: SINCE,
    name,
    slug,
    logo_url: null,
    documentation_url: null,
    description,
    code_example: EXAMPLES[slug],
    is_protected: true,
  };
}

export function wireBlockSchema(slug: BlockSlug): BlockSchema {
  const { $schema: _, ...shape } = z.toJSONSchema(BLOCK_TYPES[slug].schema, { io: 'input', unrepresentable: 'any' });
  const fields = {
    ...shape,
    title: BLOCK_TYPES[slug].name,
    block_type_slug: slug,
    secret_fields: [...secretFieldsOf(slug)],
    block_schema_references: {},
  };
  const checksum = `sha256:${createHash('sha256').update(JSON.stringify(fields)).digest('hex')}`;
  return {
    id: uuidV5(checksum, NAMESPACE),
    created: SINCE,
    updated: SINCE,
    checksum,
    fields,
    block_type_id: typeIdOf(slug),
    block_type: wireBlockType(slug),
    capabilities: (TARGET_TYPES as readonly BlockSlug[]).includes(slug) ? ['notify'] : [],
    version: '1.0.0',
  };
}

export function wireBlock(row: BlockRow): BlockDocument {
  const schema = wireBlockSchema(row.type);
  const type = wireBlockType(row.type);
  return {
    id: row.id,
    created: instant(row.createdAt),
    updated: instant(row.updatedAt),
    name: row.name,
    data: { ...row.data },
    block_schema_id: schema.id,
    block_schema: schema,
    block_type_id: type.id,
    block_type_name: type.name,
    block_type: type,
    block_document_references: {},
    is_anonymous: false,
    used_by: row.usedBy.map((use) => ({ ...use })),
  };
}

export function wireBlockTest(report: Omit<TestReport, 'deliveryId'>): BlockTest {
  return {
    delivered: report.delivered,
    response_status: report.status,
    error: report.error,
    duration_ms: report.durationMs,
    text: report.text,
  };
}

/** Undefined for an id of no type. */
export function slugOfTypeId(id: string): BlockSlug | undefined {
  return BLOCK_SLUGS.find((slug) => typeIdOf(slug) === id.toLowerCase());
}

function typeIdOf(slug: BlockSlug): string {
  return uuidV5(`type ${slug}`, NAMESPACE);
}
