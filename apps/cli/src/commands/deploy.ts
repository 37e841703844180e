import type { DeployReport } from '@champion/contract';
import { plural } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { outputOption } from '../options.ts';
import { printable, truncate } from '../output/text.ts';

interface Options {
  readonly dryRun?: true;
  readonly output: 'text' | 'json';
}

type Change = DeployReport['changes'][number];

const WIDEST_VALUE = 100;

export function deployCommand(parent: Command, cli: Cli): void {
  parent
    .command('deploy')
    .description('register the deployments of the code, and say what that changes')
    .option('--dry-run', 'only say what would change')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText('after', '\nExamples:\n  champion deploy --dry-run\n  champion deploy')
    .action(async ({ dryRun, output }: Options, command: Command) => {
      const client = await cli.api(command);
      const report = await client.deploy({ body: { apply: dryRun !== true } });
      await cli.print(output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : render(report, cli));
    });
}

function render({ changes, applied }: DeployReport, cli: Cli): string {
  const { bold, green, red, yellow, dim } = cli.out;
  const signs = { create: green('+'), update: yellow('~'), delete: red('-'), unchanged: dim('=') };
  const names = [...new Set(changes.map(({ deployment }) => deployment))];
  const lines = names.flatMap((name) => {
    const own = changes.filter(({ deployment }) => deployment === name);
    const kind = own.find((change) => change.kind !== 'unchanged')?.kind ?? 'unchanged';
    const what = own.filter((change) => change.kind === 'update' && change.field !== null);
    return [`${signs[kind]} ${bold(name)}  ${dim(kind)}`, ...what.map((change) => `    ${fieldLine(change, cli)}`)];
  });
  const changed = new Set(changes.filter(({ kind }) => kind !== 'unchanged').map(({ deployment }) => deployment)).size;
  const unchanged = names.length - changed;
  const done = applied ? `${plural(changed, 'deployment')} changed` : `${plural(changed, 'deployment')} would change`;
  const end = changed === 0 ? 'Nothing to change' : done;
  return `${lines.map((line) => `${line}\n`).join('')}${end}, ${unchanged} as ${unchanged === 1 ? 'it is' : 'they are'}.\n`;
}

function fieldLine({ field, from, to }: Change, cli: Cli): string {
  const word = (value: unknown) =>
    truncate(printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')), WIDEST_VALUE);
  return `${field}: ${cli.out.red(word(from))} → ${cli.out.green(word(to))}`;
}
