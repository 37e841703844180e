import { ChampionError } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { collect } from '../../parameters.ts';
import { findBlock, findBlockSchema, referenceOf, splitReference } from '../../remote/find-block.ts';
import { type BlockField, fieldsOf, jsonOrText } from './fields.ts';
import { readSecrets } from './read-secrets.ts';

export function blockSetCommand(parent: Command, cli: Cli): void {
  parent
    .command('set')
    .description('make a block, or change what it holds')
    .argument('<block>', 'type/name')
    .option('-f, --field <field=value>', 'a field that is no secret; may be repeated', collect)
    .addHelpText(
      'after',
      `
Secrets are asked for, or read from standard input: never from the command line, where others can see them. What is not
given stays as it is. A type with several fields takes them from standard input as JSON: {"url": "…", "secret": "…"}.

Examples:
  champion block set slack-webhook/ops
  pass show nse/slack | champion block set slack-webhook/ops
  champion block set json/indices -f 'value=["NIFTY 50","NIFTY BANK"]'`,
    )
    .action(async (given: string, { field: pairs = [] }: { field?: readonly string[] }, command: Command) => {
      const client = await cli.api(command);
      const { type, name } = splitReference(given);
      const schema = await findBlockSchema(client, type);
      const fields = fieldsOf(schema);
      const plain = plainFields(pairs, fields);
      const [existing] = (await client.readBlockTypeDocuments({ params: { slug: type } })).filter(
        (block) => block.name === name,
      );
      const wanted = fields.filter((field) => !(field.name in plain) && (field.secret || pairs.length === 0));
      const data = { ...plain, ...(await readSecrets(wanted, existing !== undefined, cli)) };
      if (existing === undefined) {
        await client.createBlockDocument({ body: { name, data, block_type_id: schema.block_type_id } });
      } else {
        if (Object.keys(data).length === 0) throw nothing(given);
        await client.updateBlockDocument({ params: { id: existing.id }, body: { data } });
      }
      await cli.print(`${existing === undefined ? 'Created' : 'Changed'} block ${type}/${name}\n`);
    });
}

export function blockDeleteCommand(parent: Command, cli: Cli): void {
  parent
    .command('delete')
    .description('delete a block that nothing uses')
    .argument('<block>', 'type/name')
    .addHelpText('after', '\nExample:\n  champion block delete slack-webhook/ops')
    .action(async (given: string, _: object, command: Command) => {
      const client = await cli.api(command);
      const block = await findBlock(client, given);
      await client.deleteBlockDocument({ params: { id: block.id } });
      await cli.print(`Deleted block ${referenceOf(block)}\n`);
    });
}

export function blockTestCommand(parent: Command, cli: Cli): void {
  parent
    .command('test')
    .description('send a test to a webhook at once')
    .argument('<block>', 'type/name')
    .addHelpText('after', '\nExample:\n  champion block test slack-webhook/ops')
    .action(async (given: string, _: object, command: Command) => {
      const client = await cli.api(command);
      const block = await findBlock(client, given);
      const test = await client.testBlockDocument({ params: { id: block.id } });
      if (test.delivered) {
        await cli.print(`Delivered: it answered ${test.response_status} after ${test.duration_ms} ms\n`);
        return;
      }
      throw new ChampionError(`the test of ${referenceOf(block)} was not delivered: ${test.error}`, {
        code: 'MISSING',
        hint: 'Look at the address: champion block set changes it.',
      });
    });
}

/** @throws ChampionError INVALID_INPUT for an unknown field, and for a secret */
function plainFields(pairs: readonly string[], fields: readonly BlockField[]): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, at)).trim();
    const field = fields.find((each) => each.name === name);
    // What was given may be a secret, so it is not repeated.
    if (field === undefined) {
      throw new ChampionError('a field of -f is none of the type', {
        code: 'INVALID_INPUT',
        hint: `Write it as field=value. The fields: ${fields.map((each) => each.name).join(', ')}.`,
      });
    }
    if (field.secret) {
      throw new ChampionError(`${name} is a secret, and a command line can be seen by others`, {
        code: 'INVALID_INPUT',
        hint: 'Leave it out and it is asked for, or hand it over by standard input. The one that was given should be replaced.',
      });
    }
    data[name] = jsonOrText(pair.slice(at + 1));
  }
  return data;
}

function nothing(given: string): ChampionError {
  return new ChampionError(`nothing was given for ${given}`, {
    code: 'INVALID_INPUT',
    hint: 'Hand the secret over by standard input, or run this in a terminal to be asked for it.',
  });
}
