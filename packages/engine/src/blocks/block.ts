import { runOfTask } from '../flow-run.ts';
import type { BlockData, BlockSlug } from './types.ts';

/**
 * What a block holds, its secrets included: `const { value } = await block('secret/exchange-token')`. Only in a task: what
 * a flow's function is given must be the same each time it runs, and would be recorded. The secrets are kept out of the
 * run's log and errors, and a result with one in it fails the task.
 * @throws ChampionError INVALID_INPUT outside a task, NOT_FOUND, CONFIG for a missing or wrong key
 */
export async function block<Slug extends BlockSlug>(reference: `${Slug}/${string}`): Promise<BlockData<Slug>> {
  const run = runOfTask(`The block ${reference}`);
  const { data, secrets } = await run.host.openBlock(reference);
  run.redaction.add(secrets);
  // The type in the reference is the one that was looked for.
  return data as BlockData<Slug>;
}
