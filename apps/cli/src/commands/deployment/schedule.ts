import type { Client, Deployment, Schedule } from '@champion/contract';
import { ChampionError, plural } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { scheduleWords } from '../../output/schedule.ts';
import { renderTable } from '../../output/table.ts';
import { findDeployment, fullName } from '../../remote/find.ts';
import { type CronOptions, scheduleOf, withCron } from './set-schedule.ts';

const DEPLOYMENT = ['<deployment>', 'flow/deployment, or its own name'] as const;

export function deploymentScheduleCommands(parent: Command, cli: Cli): void {
  parent
    .command('ls')
    .description("list a deployment's schedules")
    .argument(...DEPLOYMENT)
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText('after', '\nExample:\n  champion deployment schedule ls nse-bhavcopy-daily')
    .action(async (given: string, { output }: { output: 'table' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const { id } = await findDeployment(client, given);
      const schedules = await client.listSchedules({ params: { id } });
      if (output === 'json') return cli.print(`${JSON.stringify(schedules, null, 2)}\n`);
      const rows = schedules.map((schedule) => [
        schedule.id,
        schedule.slug ?? '',
        scheduleWords(schedule),
        schedule.catch_up ?? '',
      ]);
      const columns = [
        { header: 'id' },
        { header: 'name' },
        { header: 'schedule', flexible: true },
        { header: 'catch up' },
      ];
      return cli.print(renderTable(columns, rows, cli.out, cli.width));
    });

  withCron(
    parent
      .command('create')
      .description('give a deployment one more schedule')
      .argument(...DEPLOYMENT)
      .option('--name <name>', 'names it within its deployment'),
  )
    .addHelpText(
      'after',
      "\nExample:\n  champion deployment schedule create nse-bhavcopy-daily --cron '0 20 * * *' --timezone Asia/Kolkata",
    )
    .action(async (given: string, { name, ...options }: CronOptions & { name?: string }, command: Command) => {
      const client = await cli.api(command);
      const deployment = await findDeployment(client, given);
      const body = [{ ...scheduleOf(options), ...(name === undefined ? {} : { slug: name }) }];
      const created = await client.createSchedules({ params: { id: deployment.id }, body });
      for (const schedule of created) {
        await cli.print(`Created schedule ${schedule.id} of ${fullName(deployment)}: ${scheduleWords(schedule)}\n`);
      }
    });

  change(parent, cli, {
    name: 'pause',
    description: 'let schedules rest',
    done: 'Paused',
    apply: (client, params) => client.updateSchedule({ params, body: { active: false } }),
  });
  change(parent, cli, {
    name: 'resume',
    description: 'let schedules go on',
    done: 'Resumed',
    apply: (client, params) => client.updateSchedule({ params, body: { active: true } }),
  });
  change(parent, cli, {
    name: 'delete',
    description: 'delete schedules',
    done: 'Deleted',
    apply: (client, params) => client.deleteSchedule({ params }),
  });
}

interface Change {
  readonly name: string;
  readonly description: string;
  readonly done: string;
  apply(client: Client, params: { id: string; schedule_id: string }): Promise<unknown>;
}

function change(parent: Command, cli: Cli, { name, description, done, apply }: Change): void {
  parent
    .command(name)
    .description(description)
    .argument(...DEPLOYMENT)
    .argument('[schedule]', 'its id or name; not needed where there is only one')
    .option('--all', 'every schedule of the deployment')
    .option('-y, --accept-yes', 'ask nothing, which is what happens anyway')
    .addHelpText(
      'after',
      `\nExamples:\n  champion deployment schedule ${name} nse-bhavcopy-daily evening\n  champion deployment schedule ${name} nse-bhavcopy-daily --all`,
    )
    .action(async (given: string, wanted: string | undefined, { all }: { all?: true }, command: Command) => {
      const client = await cli.api(command);
      const deployment = await findDeployment(client, given);
      const schedules = await client.listSchedules({ params: { id: deployment.id } });
      const chosen = choose(deployment, schedules, wanted, all === true);
      for (const { id } of chosen) await apply(client, { id: deployment.id, schedule_id: id });
      await cli.print(`${done} ${plural(chosen.length, 'schedule')} of ${fullName(deployment)}\n`);
    });
}

function choose(
  deployment: Deployment,
  schedules: readonly Schedule[],
  wanted: string | undefined,
  all: boolean,
): readonly Schedule[] {
  if (all) return schedules;
  const found =
    wanted === undefined ? schedules : schedules.filter(({ id, slug }) => slug === wanted || id.startsWith(wanted));
  if (found.length === 1) return found;
  const known = schedules.map(({ slug, id }) => slug ?? id).join(', ');
  throw new ChampionError(
    schedules.length === 0
      ? `${fullName(deployment)} has no schedules`
      : wanted === undefined
        ? `${fullName(deployment)} has ${plural(schedules.length, 'schedule')}`
        : `${fullName(deployment)} has no schedule "${wanted}"`,
    {
      code: schedules.length === 0 ? 'NOT_FOUND' : 'INVALID_INPUT',
      hint:
        schedules.length === 0
          ? 'Make one with: champion deployment schedule create'
          : `Name one of: ${known}; or --all.`,
    },
  );
}
