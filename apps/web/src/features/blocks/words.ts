import type { BlockDocument, BlockSchema } from '@champion/contract';
import { toErrorRecord } from '@champion/core';

/** "slack-webhook/ops": how a block is named everywhere. */
export function referenceOf({ block_type, name }: Pick<BlockDocument, 'block_type' | 'name'>): string {
  return `${block_type.slug}/${name}`;
}

/** Whether rules can send to it, and it can be tested. */
export function canNotify(schema: Pick<BlockSchema, 'capabilities'> | null): boolean {
  return schema?.capabilities.includes('notify') === true;
}

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** What is wrong with the name of a new block; undefined: nothing. */
export function nameError(name: string, type: string, blocks: readonly BlockDocument[]): string | undefined {
  if (name === '') return 'It needs a name';
  if (!NAME.test(name) || name.length > 100) return 'Small letters, digits and single dashes: ops-alerts';
  const isTaken = blocks.some((block) => referenceOf(block) === `${type}/${name}`);
  return isTaken ? `There is a block ${type}/${name} already` : undefined;
}

/** What the server said of each field of a block. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  const { issues } = toErrorRecord(error).context;
  if (!Array.isArray(issues)) return {};
  return Object.fromEntries(
    (issues as readonly { readonly loc: readonly unknown[]; readonly msg: string }[]).flatMap(({ loc, msg }) =>
      loc[1] === 'data' && typeof loc[2] === 'string' ? [[loc[2], msg]] : [],
    ),
  );
}
