import type { Deployment, Slot } from '@champion/contract';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { scheduleWords, slotWords } from '../../output/schedule.ts';
import { findDeployment, fullName } from '../../remote/find.ts';
import { fields } from '../../runs/outcome.ts';

const UPCOMING = 5;

export function deploymentInspectCommand(parent: Command, cli: Cli): void {
  parent
    .command('inspect')
    .description('show one deployment and when it runs next')
    .argument('<deployment>', 'flow/deployment, or its own name')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText('after', "\nExample:\n  champion deployment inspect 'nse-bhavcopy-etl/nse-bhavcopy-daily'")
    .action(async (given: string, { output }: { output: 'text' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const deployment = await findDeployment(client, given);
      if (output === 'json') return cli.print(`${JSON.stringify(deployment, null, 2)}\n`);
      const upcoming = await client.readUpcoming({ params: { id: deployment.id }, query: { limit: UPCOMING } });
      return cli.print(describe(deployment, upcoming, cli));
    });
}

function describe(deployment: Deployment, upcoming: readonly Slot[], cli: Cli): string {
  const { schedules, parameters, paused } = deployment;
  return `${cli.out.bold(fullName(deployment))}  ${paused ? cli.out.yellow('paused') : cli.out.green('active')}\n${fields(
    {
      id: deployment.id,
      description: deployment.description,
      version: deployment.version,
      tags: deployment.tags.length === 0 ? undefined : deployment.tags.join(', '),
      ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`-p ${key}`, value])),
      queue: `${deployment.work_queue_name ?? 'default'} of the pool ${deployment.work_pool_name ?? 'default'}`,
      workers: deployment.status === 'READY' ? 'at work' : 'none takes from its queue',
      limit: deployment.concurrency_limit === null ? undefined : `${deployment.concurrency_limit} runs at once`,
      schedules: schedules.map((schedule) => `${scheduleWords(schedule)}  ${schedule.slug ?? schedule.id}`),
      next: upcoming.map(slotWords),
    },
    cli.out,
  )}`;
}
