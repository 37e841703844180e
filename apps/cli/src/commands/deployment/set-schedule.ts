import type { ScheduleCreate } from '@champion/contract';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { scheduleWords, slotWords } from '../../output/schedule.ts';
import { findDeployment, fullName } from '../../remote/find.ts';
import { fields } from '../../runs/outcome.ts';

export interface CronOptions {
  readonly cron: string;
  readonly timezone?: string;
  readonly everyDay?: true;
  readonly sessionsOnly?: true;
  readonly catchUp?: 'all' | 'latest' | 'none';
}

const UPCOMING = 3;

export function deploymentSetScheduleCommand(parent: Command, cli: Cli): void {
  withCron(
    parent
      .command('set-schedule')
      .description('give a deployment this schedule in place of those that it has')
      .argument('<deployment>', 'flow/deployment, or its own name'),
  )
    .addHelpText(
      'after',
      `
Whether it follows the exchange's sessions stays as it was, unless --every-day or --sessions-only says otherwise.

Examples:
  champion deployment set-schedule 'nse-bhavcopy-etl/nse-bhavcopy-daily' --cron '30 12 * * 1-5'
  champion deployment set-schedule nse-bhavcopy-daily --cron '0 18 * * 1-5' --timezone Asia/Kolkata`,
    )
    .action(async (given: string, options: CronOptions, command: Command) => {
      const client = await cli.api(command);
      const before = await findDeployment(client, given);
      const params = { id: before.id };
      const [first] = before.schedules;
      const kept = {
        ...(first?.calendar ? { calendar: first.calendar } : {}),
        ...(first?.catch_up === undefined ? {} : { catch_up: first.catch_up }),
        ...(first?.slug == null ? {} : { slug: first.slug }),
      };
      await client.updateDeployment({ params, body: { schedules: [{ ...kept, ...scheduleOf(options) }] } });
      const [after, upcoming] = await Promise.all([
        client.readDeployment({ params }),
        client.readUpcoming({ params, query: { limit: UPCOMING } }),
      ]);
      const about = fields({ now: after.schedules.map(scheduleWords), next: upcoming.map(slotWords) }, cli.out);
      await cli.print(`Schedule of ${cli.out.bold(fullName(after))} set\n${about}`);
    });
}

/** The options that describe a schedule. */
export function withCron(command: Command): Command {
  return command
    .requiredOption('--cron <expression>', 'minute hour day-of-month month day-of-week')
    .option('--timezone <zone>', 'IANA name, for example Asia/Kolkata (default: UTC)')
    .option('--sessions-only', 'only on days with a session of the exchange')
    .option('--every-day', 'on every day that the expression names')
    .addOption(
      command
        .createOption('--catch-up <which>', 'slots that passed while nobody was there')
        .choices(['all', 'latest', 'none']),
    );
}

export function scheduleOf({ cron, timezone, everyDay, sessionsOnly, catchUp }: CronOptions): ScheduleCreate {
  return {
    schedule: { cron, timezone: timezone ?? 'UTC' },
    active: true,
    ...(everyDay ? { calendar: null } : sessionsOnly ? { calendar: { sessions: 'only' } } : {}),
    ...(catchUp === undefined ? {} : { catch_up: catchUp }),
  };
}
