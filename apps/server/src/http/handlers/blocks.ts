import type { HandlersOf } from '@champion/contract';
import { type BlockRow, type BlockSlug, blockSlug, referenceOf } from '@champion/engine';
import type { Plane } from '../parts.ts';
import { BLOCK_SLUGS, slugOfTypeId, wireBlock, wireBlockSchema, wireBlockTest, wireBlockType } from '../wire/block.ts';
import { missing } from './find.ts';

const LIST = 'champion block ls';

interface Page {
  readonly limit?: number | null | undefined;
  readonly offset?: number | null | undefined;
}

export function blockHandlers({
  plane: { blocks, notifications },
}: {
  readonly plane: Pick<Plane, 'blocks' | 'notifications'>;
}): HandlersOf<'blocks'> {
  const find = async (id: string): Promise<BlockRow> => (await blocks.find(id)) ?? missing('block', id, LIST);
  return {
    filterBlockTypes: async ({ body }) => page(slugsOf(body.block_types?.slug?.any_), body).map(wireBlockType),
    readBlockType: async ({ params }) => wireBlockType(blockSlug(params.slug)),
    readBlockTypeDocuments: async ({ params }) =>
      (await blocks.list({ types: [blockSlug(params.slug)] })).map(wireBlock),
    readBlockDocumentByName: async ({ params }) => {
      const reference = { type: blockSlug(params.slug), name: params.name };
      const block = await blocks.findByName(reference);
      if (block !== undefined) return wireBlock(block);
      const known = (await blocks.list()).map(referenceOf);
      return missing('block', referenceOf(reference), LIST, known);
    },
    filterBlockSchemas: async ({ body }) => {
      const ids = body.block_schemas?.block_type_id?.any_;
      const slugs = ids == null ? BLOCK_SLUGS : ids.flatMap((id) => slugOfTypeId(id) ?? []);
      return page(slugs, body).map(wireBlockSchema);
    },
    filterBlockDocuments: async ({ body }) => {
      const { limit, offset } = body;
      const slugs = body.block_types?.slug?.any_;
      const rows = await blocks.list({
        ...(slugs == null ? {} : { types: slugsOf(slugs) }),
        ...(limit == null ? {} : { limit }),
        ...(offset == null ? {} : { offset }),
      });
      return rows.map(wireBlock);
    },
    createBlockDocument: async ({ body: { name, data, block_type_id } }) => {
      const type =
        slugOfTypeId(block_type_id) ?? missing('block type', block_type_id, 'champion block types', BLOCK_SLUGS);
      return wireBlock(await blocks.create({ type, name, data }));
    },
    readBlockDocument: async ({ params }) => wireBlock(await find(params.id)),
    updateBlockDocument: async ({ params, body }) => {
      await blocks.update(params.id, body.data, { replace: !body.merge_existing_data });
    },
    deleteBlockDocument: ({ params }) => blocks.delete(params.id),
    testBlockDocument: async ({ params }) => wireBlockTest(await notifications.testBlock(await find(params.id))),
  };
}

/** Those that there are of the ones asked for; every one when none is. */
function slugsOf(asked: readonly string[] | null | undefined): BlockSlug[] {
  return asked == null ? BLOCK_SLUGS : BLOCK_SLUGS.filter((slug) => asked.includes(slug));
}

function page<T>(items: readonly T[], { limit, offset }: Page): T[] {
  const from = offset ?? 0;
  return items.slice(from, limit == null ? undefined : from + limit);
}
