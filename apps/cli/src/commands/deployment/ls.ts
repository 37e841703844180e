import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { scheduleWords } from '../../output/schedule.ts';
import { renderTable } from '../../output/table.ts';
import { fullName } from '../../remote/find.ts';
import { allDeployments } from '../../remote/lists.ts';

interface Options {
  readonly name?: string;
  readonly flowName?: string;
  readonly output: 'table' | 'json';
}

export function deploymentLsCommand(parent: Command, cli: Cli): void {
  parent
    .command('ls')
    .description('list the deployments')
    .option('--name <name>', 'only of this name, or flow/name')
    .option('--flow-name <flow>', 'only of this flow')
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText(
      'after',
      `
Examples:
  champion deployment ls
  champion deployment ls --name nse-bhavcopy-daily -o json | jq -r '.[0].id'`,
    )
    .action(async ({ name, flowName, output }: Options, command: Command) => {
      const client = await cli.api(command);
      const deployments = (await allDeployments(client)).filter(
        (each) =>
          (name === undefined || each.name === name || fullName(each) === name) &&
          (flowName === undefined || each.flow_name === flowName),
      );
      if (output === 'json') return cli.print(`${JSON.stringify(deployments, null, 2)}\n`);
      const rows = deployments.map((deployment) => [
        fullName(deployment),
        deployment.schedules.map(scheduleWords).join('; ') || 'none',
        deployment.paused ? cli.out.yellow('paused') : cli.out.green('active'),
        deployment.work_queue_name ?? '',
        deployment.id.slice(0, 8),
      ]);
      const columns = [
        { header: 'deployment' },
        { header: 'schedules', flexible: true },
        { header: 'state' },
        { header: 'queue', spare: true },
        { header: 'id', spare: true },
      ];
      return cli.print(renderTable(columns, rows, cli.out, cli.width));
    });
}
