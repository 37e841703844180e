import { ChampionError } from '@champion/core';
import type { Statements } from '../deployments/transaction.ts';
import { unseal } from './seal.ts';
import type { Key, SecretKey } from './secret-key.ts';
import * as sql from './statements.ts';
import { type StoredBlock, unknownBlock } from './stored-block.ts';
import { type BlockSlug, parseReference, referenceOf } from './types.ts';

/** A block with its secrets. */
export interface OpenBlock {
  readonly type: BlockSlug;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The values in `data` that may not be written anywhere. */
  readonly secrets: readonly string[];
}

/**
 * Reads a block and decrypts its secrets.
 * @param text "slack-webhook/ops"
 * @throws ChampionError NOT_FOUND, INVALID_INPUT; CONFIG for a missing or wrong key; CORRUPT
 */
export async function openBlock(database: Statements, key: SecretKey | undefined, text: string): Promise<OpenBlock> {
  const reference = parseReference(text);
  const [row] = await database.run<StoredBlock>(sql.FIND_BLOCK_BY_NAME, [reference.type, reference.name]);
  if (row === undefined) throw unknownBlock(text);
  const secrets = await secretsOf(row, key);
  return { ...reference, data: { ...row.data, ...secrets }, secrets: Object.values(secrets) };
}

/** @throws ChampionError CONFIG, CORRUPT */
export async function secretsOf(
  row: StoredBlock,
  secretKey: SecretKey | undefined,
): Promise<Readonly<Record<string, string>>> {
  if (row.sealed === null || row.keyId === null) return {};
  if (secretKey === undefined) throw noKeyHere();
  const key = await secretKey.find();
  if (key?.id !== row.keyId) throw wrongKey(referenceOf(row), row.keyId, key, secretKey.place);
  return unseal(row.sealed, referenceOf(row), key);
}

/** Said before anything is decrypted: with another key nothing but an error could come of it. */
export function wrongKey(block: string, keyId: string, present: Key | undefined, place: string): ChampionError {
  const what =
    present === undefined ? `and there is no key in ${place}` : `and the one in ${place} is another (${present.id})`;
  return new ChampionError(`The secrets of the block ${block} are encrypted with the key ${keyId}, ${what}`, {
    code: 'CONFIG',
    hint: 'Put the right key there, or in CHAMPION_SECRET_KEY. If it is lost, the blocks with secrets have to be deleted and made anew.',
    context: { block, keyId, place },
  });
}

export function noKeyHere(): ChampionError {
  return new ChampionError('This process has no key for secrets', {
    code: 'CONFIG',
    hint: 'It is given by whoever starts the engine: see docs/how-to/blocks.md.',
  });
}
