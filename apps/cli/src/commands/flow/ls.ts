import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { renderTable } from '../../output/table.ts';
import { printable } from '../../output/text.ts';
import { allFlows } from '../../remote/lists.ts';

export function flowLsCommand(parent: Command, cli: Cli): void {
  parent
    .command('ls')
    .description('list the flows')
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText('after', '\nExamples:\n  champion flow ls\n  champion flow ls -o json')
    .action(async ({ output }: { output: 'table' | 'json' }, command: Command) => {
      const server = await cli.server(command);
      const flows = server === undefined ? (await import('../../flows.gen.ts')).flows : await allFlows(server.client);
      await cli.print(
        output === 'json'
          ? `${JSON.stringify(flows, null, 2)}\n`
          : renderTable(
              [{ header: 'flow' }, { header: 'description', flexible: true }],
              flows.map(({ name, description }) => [name, printable(description ?? '')]),
              cli.out,
              cli.width,
            ),
      );
    });
}
