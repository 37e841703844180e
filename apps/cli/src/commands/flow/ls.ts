import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { renderTable } from '../../output/table.ts';

export function flowLsCommand(parent: Command, cli: Cli): void {
  parent
    .command('ls')
    .description('list the flows')
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText('after', '\nExample:\n  champion flow ls -o json')
    .action(async ({ output }: { output: 'table' | 'json' }) => {
      const { flows } = await import('@champion/server');
      await cli.print(
        output === 'json'
          ? `${JSON.stringify(flows, null, 2)}\n`
          : renderTable(
              [{ header: 'flow' }, { header: 'description' }],
              flows.map(({ name, description }) => [name, description]),
              cli.out,
            ),
      );
    });
}
