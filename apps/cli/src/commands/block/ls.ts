import type { BlockDocument, BlockSchema } from '@champion/contract';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { renderTable } from '../../output/table.ts';
import { localTime } from '../../output/time.ts';
import { findBlock, referenceOf } from '../../remote/find-block.ts';
import { fields } from '../../runs/outcome.ts';
import { fieldsOf } from './fields.ts';

export function blockLsCommand(parent: Command, cli: Cli): void {
  parent
    .command('ls')
    .description('list the blocks; secrets are not shown')
    .option('--type <type>', 'only of this type')
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText('after', '\nExamples:\n  champion block ls\n  champion block ls --type slack-webhook -o json')
    .action(async ({ type, output }: { type?: string; output: 'table' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const blocks =
        type === undefined
          ? await client.filterBlockDocuments({ body: {} })
          : await client.readBlockTypeDocuments({ params: { slug: type } });
      if (output === 'json') return cli.print(`${JSON.stringify(blocks, null, 2)}\n`);
      const rows = blocks.map((block) => [referenceOf(block), localTime(new Date(block.updated)), usesOf(block)]);
      const columns = [{ header: 'block' }, { header: 'changed' }, { header: 'used by', flexible: true }];
      return cli.print(renderTable(columns, rows, cli.out, cli.width));
    });
}

export function blockInspectCommand(parent: Command, cli: Cli): void {
  parent
    .command('inspect')
    .description('show one block; secrets are not shown')
    .argument('<block>', 'type/name')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText('after', '\nExample:\n  champion block inspect slack-webhook/ops')
    .action(async (given: string, { output }: { output: 'text' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const block = await findBlock(client, given);
      if (output === 'json') return cli.print(`${JSON.stringify(block, null, 2)}\n`);
      return cli.print(describe(block, cli));
    });
}

export function blockTypesCommand(parent: Command, cli: Cli): void {
  parent
    .command('types')
    .alias('type')
    .description('list the types of blocks, and what each holds')
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText('after', '\nExample:\n  champion block types')
    .action(async ({ output }: { output: 'table' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const schemas = await client.filterBlockSchemas({ body: {} });
      if (output === 'json') return cli.print(`${JSON.stringify(schemas, null, 2)}\n`);
      const rows = schemas.map((schema) => [
        schema.block_type?.slug ?? '',
        fieldWords(schema),
        schema.block_type?.description ?? '',
      ]);
      const columns = [{ header: 'type' }, { header: 'holds' }, { header: 'description', flexible: true }];
      return cli.print(renderTable(columns, rows, cli.out, cli.width));
    });
}

/** A block in a few lines. */
function describe(block: BlockDocument, cli: Cli): string {
  const data = Object.entries(block.data).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return `${cli.out.bold(referenceOf(block))}\n${fields(
    {
      id: block.id,
      type: block.block_type_name,
      changed: localTime(new Date(block.updated)),
      'used by': usesOf(block) || 'nothing that is known',
      ...Object.fromEntries(data),
    },
    cli.out,
  )}`;
}

function usesOf({ used_by }: BlockDocument): string {
  return used_by.map(({ name }) => `rule ${name}`).join(', ');
}

/** "url (secret), secret (secret, optional)" */
function fieldWords(schema: BlockSchema): string {
  return fieldsOf(schema)
    .map(({ name, secret, required }) => {
      const words = [...(secret ? ['secret'] : []), ...(required ? [] : ['optional'])];
      return words.length === 0 ? name : `${name} (${words.join(', ')})`;
    })
    .join(', ');
}
