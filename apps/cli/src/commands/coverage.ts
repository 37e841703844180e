import { type BusinessDate, plural, today } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { dateOption, outputOption } from '../options.ts';
import { count } from '../output/text.ts';
import { type Coverage, renderCalendar } from './coverage-calendar.ts';
import { renderGaps } from './coverage-gaps.ts';
import { stateOf, wordsFor } from './coverage-marks.ts';
import { resolveSubject, resolveThere } from './coverage-subject.ts';

interface Options {
  readonly from?: BusinessDate;
  readonly to?: BusinessDate;
  readonly output: 'table' | 'json';
}

export function coverageCommand(parent: Command, cli: Cli): void {
  parent
    .command('coverage')
    .description('which sessions are there, which are not, and why')
    .argument('<flow|slice>', 'the flow that loads them, or one slice of its dataset')
    .addOption(dateOption('--from <date>', 'first day (default: the first session that was tried)'))
    .addOption(dateOption('--to <date>', 'last day (default: the last published session)'))
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText(
      'after',
      `
Examples:
  champion coverage nse-bhavcopy-etl
  champion coverage bhavcopy --from 2024-01-01 --to 2024-12-31 -o json`,
    )
    .action(async (given: string, { from, to, output }: Options, command: Command) => {
      const found = await read(given, { from, to }, command, cli);
      await cli.print(output === 'json' ? `${JSON.stringify(found, null, 2)}\n` : report(found, cli));
    });
}

async function read(
  given: string,
  { from, to }: { readonly from: Options['from'] | undefined; readonly to: Options['to'] | undefined },
  command: Command,
  cli: Cli,
): Promise<Coverage> {
  const there = await cli.server(command);
  if (there !== undefined) {
    const { dataset, slice } = resolveThere(await there.client.listDatasets(), given);
    const query = { ...(from && { from }), ...(to && { to }), ...(slice && { slice }) };
    return there.client.readCoverage({ params: { name: dataset.name }, query });
  }
  const server = await import('@champion/server');
  return cli.withStack(await cli.config(command), async ({ services }) =>
    server.coverage(services, { ...resolveSubject(server, given, to ?? today(services.clock)), from, to }),
  );
}

function report(found: Coverage, cli: Cli): string {
  const { dataset, from, to, sessions, slices } = found;
  const gaps = slices
    .map((slice) => ({ ...slice, state: stateOf(slice), message: slice.message ?? '' }))
    .filter(({ state }) => state !== 'LOADED');
  const states = new Map<string, number>();
  for (const slice of slices) states.set(stateOf(slice), (states.get(stateOf(slice)) ?? 0) + 1);
  const counts = [...states].map(([state, many]) => `${count(many)} ${wordsFor(state)}`).join(', ');
  const head = `${cli.out.bold(dataset)}  ${from} to ${to}: ${plural(sessions.length, 'session')}${counts === '' ? '' : `; ${counts}`}\n`;
  const list = gaps.length === 0 ? '' : `\n${renderGaps(gaps, sessions, cli.out)}`;
  return `${head}\n${renderCalendar(found, cli.out)}${list}`;
}
