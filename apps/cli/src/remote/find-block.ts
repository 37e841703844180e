import type { BlockDocument, BlockSchema, Client } from '@champion/contract';
import { ChampionError, closest } from '@champion/core';

/** "slack-webhook/ops" */
export function referenceOf({ block_type, name }: Pick<BlockDocument, 'block_type' | 'name'>): string {
  return `${block_type.slug}/${name}`;
}

/** @throws ChampionError INVALID_INPUT for what is no "type/name" */
export function splitReference(given: string): { readonly type: string; readonly name: string } {
  const [type = '', name = '', ...rest] = given.split('/');
  if (type !== '' && name !== '' && rest.length === 0) return { type, name };
  throw new ChampionError(`"${given}" is no block`, {
    code: 'INVALID_INPUT',
    hint: 'A block is named by its type and its name: slack-webhook/ops.',
  });
}

/** @throws ChampionError NOT_FOUND with what may have been meant */
export async function findBlock(client: Client, given: string): Promise<BlockDocument> {
  const { type, name } = splitReference(given);
  return client.readBlockDocumentByName({ params: { slug: type, name } });
}

/** @throws ChampionError NOT_FOUND with what may have been meant */
export async function findBlockSchema(client: Client, type: string): Promise<BlockSchema> {
  const schemas = await client.filterBlockSchemas({ body: {} });
  const found = schemas.find(({ block_type }) => block_type?.slug === type);
  if (found !== undefined) return found;
  const slugs = schemas.flatMap(({ block_type }) => block_type?.slug ?? []);
  const meant = closest(type, slugs);
  throw new ChampionError(`there is no block type "${type}"`, {
    code: 'NOT_FOUND',
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}There are: ${slugs.join(', ')}.`,
  });
}
