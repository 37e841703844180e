import { z } from 'zod';
import type { RouteTable } from '../route.ts';
import {
  BlockDocument,
  BlockDocumentCreate,
  BlockDocumentQuery,
  BlockDocumentUpdate,
  BlockSchema,
  BlockSchemaQuery,
  BlockTest,
  BlockType,
  BlockTypeQuery,
} from '../schemas/block.ts';
import { Id } from '../schemas/common.ts';

const byId = z.object({ id: Id });
const bySlug = z.object({ slug: z.string() });

export const blockRoutes = {
  filterBlockTypes: {
    method: 'POST',
    path: '/block_types/filter',
    tag: 'blocks',
    summary: 'List the kinds of blocks',
    body: BlockTypeQuery,
    responses: { 200: z.array(BlockType) },
  },
  readBlockType: {
    method: 'GET',
    path: '/block_types/slug/{slug}',
    tag: 'blocks',
    summary: 'One kind of block',
    params: bySlug,
    responses: { 200: BlockType },
  },
  readBlockTypeDocuments: {
    method: 'GET',
    path: '/block_types/slug/{slug}/block_documents',
    tag: 'blocks',
    summary: 'The blocks of a kind, by name; secrets are not shown',
    params: bySlug,
    responses: { 200: z.array(BlockDocument) },
  },
  readBlockDocumentByName: {
    method: 'GET',
    path: '/block_types/slug/{slug}/block_documents/name/{name}',
    tag: 'blocks',
    summary: 'One block, by its kind and name; secrets are not shown',
    params: z.object({ slug: z.string(), name: z.string() }),
    responses: { 200: BlockDocument },
  },
  filterBlockSchemas: {
    method: 'POST',
    path: '/block_schemas/filter',
    tag: 'blocks',
    summary: 'What blocks of each kind hold, as JSON schemas',
    body: BlockSchemaQuery,
    responses: { 200: z.array(BlockSchema) },
  },
  filterBlockDocuments: {
    method: 'POST',
    path: '/block_documents/filter',
    tag: 'blocks',
    summary: 'List blocks, by kind and name; secrets are not shown, whatever is asked for',
    body: BlockDocumentQuery,
    responses: { 200: z.array(BlockDocument) },
  },
  createBlockDocument: {
    method: 'POST',
    path: '/block_documents',
    tag: 'blocks',
    summary: 'Make a block',
    body: BlockDocumentCreate,
    secretBody: true,
    responses: { 201: BlockDocument },
  },
  readBlockDocument: {
    method: 'GET',
    path: '/block_documents/{id}',
    tag: 'blocks',
    summary: 'One block; secrets are not shown, whatever is asked for',
    params: byId,
    responses: { 200: BlockDocument },
  },
  updateBlockDocument: {
    method: 'PATCH',
    path: '/block_documents/{id}',
    tag: 'blocks',
    summary: 'Change what a block holds; a secret that comes back as its mask stays',
    params: byId,
    body: BlockDocumentUpdate,
    secretBody: true,
    responses: { 204: null },
  },
  deleteBlockDocument: {
    method: 'DELETE',
    path: '/block_documents/{id}',
    tag: 'blocks',
    summary: 'Delete a block that nothing uses',
    params: byId,
    responses: { 204: null },
  },
  testBlockDocument: {
    method: 'POST',
    path: '/block_documents/{id}/test',
    tag: 'blocks',
    summary: 'Send a test to a webhook at once, and say what happened',
    params: byId,
    responses: { 200: BlockTest },
  },
} as const satisfies RouteTable;
