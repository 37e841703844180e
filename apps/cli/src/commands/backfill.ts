import { type BusinessDate, plural } from '@champion/core';
import type { BackfillReport, BackfillSelection } from '@champion/server';
import { type Command, Option } from 'commander';
import { type Cli, championFor, homeOf } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { resolveFlowName } from '../flow-name.ts';
import { dateOption, outputOption, wholeNumber } from '../options.ts';
import { printable } from '../output/text.ts';
import { follow } from '../runs/follow.ts';
import { createMeter } from './backfill-progress.ts';
import { backfillThere } from './backfill-there.ts';
import { renderGaps } from './coverage-gaps.ts';

export interface BackfillOptions {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  readonly only: BackfillSelection;
  readonly concurrency: number;
  readonly output: 'text' | 'json';
}

/** What the report is made with. */
interface Scene {
  readonly sessions: readonly BusinessDate[];
  /** Years whose holidays are unknown: there, a missing session may have been one. */
  readonly unknownYears: readonly string[];
  /** The command that goes on with it. */
  readonly again: string;
}

export function backfillCommand(parent: Command, cli: Cli): void {
  parent
    .command('backfill')
    .description("run a dataset's flow for every session of a span that is not there")
    .argument('<flow>', 'its name')
    .addOption(dateOption('--from <date>', 'first day').makeOptionMandatory())
    .addOption(dateOption('--to <date>', 'last day').makeOptionMandatory())
    .addOption(
      new Option('--only <which>', 'missing: what is not loaded; failed: of that, what was tried; all: everything')
        .choices(['missing', 'failed', 'all'])
        .default('missing'),
    )
    .option('--concurrency <n>', 'sessions at the same time', wholeNumber(1, 16), 2)
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `
Only sessions of the calendar are asked for, one request a second at most. However it ends, the same command again goes
on with what is left. Exit code 1: something that was asked for is not there.

Examples:
  champion backfill nse-bhavcopy-etl --from 2024-01-01 --to 2024-12-31
  champion backfill nse-bhavcopy-etl --from 2024-01-01 --to 2024-12-31 --only failed`,
    )
    .action(async (given: string, options: BackfillOptions, command: Command) => {
      const there = await cli.server(command);
      if (there !== undefined) return backfillThere(cli, there.client, given, options, command);
      const server = await import('@champion/server');
      const config = server.patient(await cli.config(command));
      const flows = server.datasets.map(({ flow }) => flow.name);
      const flowName = resolveFlowName(given, flows);
      const dataset = server.datasets.find(({ flow }) => flow.name === flowName);
      if (!dataset) return;
      const { from, to, only, concurrency, output } = options;
      await cli.withStack(config, async (stack, interruption) => {
        const engine = await stack.engine();
        const { calendar } = stack.services;
        const report = await follow(cli, engine, { detail: undefined, interruption }, async () => {
          const meter = output === 'json' ? undefined : createMeter(cli.stderr, cli.err);
          try {
            return await server.backfill(stack.services, engine, {
              ...{ dataset, from, to, only, concurrency },
              signal: interruption.signal,
              onProgress: (progress) => meter?.update(progress),
            });
          } finally {
            meter?.stop();
          }
        });
        if (report.state !== 'completed') cli.exitCode = EXIT.runFailed;
        if (output === 'json') return cli.print(`${JSON.stringify(report, null, 2)}\n`);
        const scene = {
          sessions: calendar.sessions(from, to),
          unknownYears: [
            ...new Set(
              report.gaps
                .filter(({ trade_date }) => !calendar.holidaysKnown(trade_date))
                .map(({ trade_date }) => trade_date.slice(0, 4)),
            ),
          ],
          again: `${championFor(homeOf(command))} backfill ${flowName} --from ${from} --to ${to} --only ${only}`,
        };
        return cli.print(render(report, scene, cli));
      });
    });
}

function render(report: BackfillReport, scene: Scene, cli: Cli): string {
  const { bold, green, red, yellow } = cli.out;
  const { gaps, sessions, ran, not_published, last_published, never_tried } = report;
  const away = new Set(gaps.map(({ trade_date }) => trade_date)).size;
  const ending = {
    completed: green('everything that was asked for is there'),
    incomplete: red(`${plural(away, 'session')} not there`),
    paused: yellow(`paused, ${plural(away, 'session')} not there yet`),
    running: '',
  }[report.state];
  const lines = [`${bold(plural(sessions, 'session'))} in the span, ${ran} run now: ${ending}`];
  if (not_published > 0) {
    lines.push(`${plural(not_published, 'session')} after ${last_published}, the last published one: not asked for`);
  }
  if (never_tried > 0) lines.push(`${plural(never_tried, 'session')} never tried: --only missing asks for them too`);
  lines.push(...gapLines(gaps, scene.sessions, cli));
  if (scene.unknownYears.length > 0) {
    lines.push(
      '',
      `The calendar has no holidays of ${scene.unknownYears.join(', ')}: a session missing there may be one.`,
    );
  }
  lines.push(...goOnLines(report, scene.again, cli));
  return `${lines.join('\n')}\n`;
}

/** A slice of a session that is not there. */
interface Missing {
  readonly trade_date: string;
  readonly slice: string;
  readonly outcome: string;
  readonly message: string | null;
  readonly flow_run_id: string | null;
}

/** What is not there, and why. */
export function gapLines(gaps: readonly Missing[], sessions: readonly string[], cli: Cli): string[] {
  if (gaps.length === 0) return [];
  const states = gaps.map((gap) => ({
    ...gap,
    message: gap.message ?? '',
    state: gap.flow_run_id === null ? 'NEVER_TRIED' : gap.outcome,
  }));
  return ['', renderGaps(states, sessions, cli.out).trimEnd()];
}

/** Why it ended early, and how to go on. */
export function goOnLines(report: Pick<BackfillReport, 'state' | 'message'>, again: string, cli: Cli): string[] {
  return [
    ...(report.message === null ? [] : ['', `${cli.out.yellow('paused:')} ${printable(report.message)}`]),
    ...(report.state === 'completed' ? [] : [`${cli.out.cyan('go on:')}  ${again}`]),
  ];
}
