import { ChampionError } from '@champion/core';
import type { BlockSlug } from './types.ts';

/** What keeps a block from being deleted. */
export interface BlockUse {
  readonly kind: 'notification_rule';
  readonly id: string;
  readonly name: string;
}

/** A block as it is kept. It does not leave this folder. */
export interface StoredBlock {
  readonly id: string;
  readonly type: BlockSlug;
  readonly name: string;
  /** The fields that are no secrets. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly secretFields: readonly string[];
  readonly sealed: string | null;
  readonly keyId: string | null;
  readonly usedBy: readonly BlockUse[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function unknownBlock(which: string): ChampionError {
  return new ChampionError(`There is no block ${which}`, {
    code: 'NOT_FOUND',
    hint: 'List them with: champion block ls',
    context: { block: which },
  });
}
