import { ChampionError, systemClock, today } from '@champion/core';
import type { DataQuality } from '@champion/server';
import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../cli.ts';
import { dateOption, outputOption, wholeNumber } from '../options.ts';
import type { Style } from '../output/style.ts';
import { renderTable } from '../output/table.ts';
import { count } from '../output/text.ts';
import { withQueries } from '../remote/queries.ts';
import { resolveSubject } from './coverage-subject.ts';

type Server = typeof import('@champion/server');

interface Options {
  readonly from?: DataQuality['trade_date'];
  readonly to?: DataQuality['trade_date'];
  readonly limit: number;
  readonly output: 'table' | 'json';
}

/** The beginning of a run's id, long enough to be no word. */
const RUN_ID = /^(?=.*\d)[0-9a-f][0-9a-f-]{3,35}$/i;

export function qualityCommand(parent: Command, cli: Cli): void {
  parent
    .command('quality')
    .description('how good the loaded data is: of one run, or session by session')
    .argument('<run-id|slice>', 'a run (its id or the beginning of it), a slice, or the flow of a dataset')
    .addOption(dateOption('--from <date>', 'first day'))
    .addOption(dateOption('--to <date>', 'last day'))
    .option('-l, --limit <n>', 'at most so many, the latest', wholeNumber(1, 10_000), 30)
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText(
      'after',
      `
The same is in the warehouse's table data_quality.

Examples:
  champion quality 3f2a91c0
  champion quality bhavcopy --from 2024-07-01 --to 2024-07-31`,
    )
    .action(async (given: string, { from, to, limit, output }: Options, command: Command) => {
      const server = await import('@champion/server');
      const ofRun = RUN_ID.test(given);
      const wanted = ofRun
        ? { run: given.toLowerCase() }
        : { slices: slicesOf(server, given, to ?? today(systemClock)) };
      const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const qualities = await withQueries(cli, command, (warehouse) =>
        warehouse.query(server.dataQuality, { ...wanted, ...span, limit }),
      );
      if (ofRun) requireOneRun(given, qualities, championFor(homeOf(command)));
      if (output === 'json') return cli.print(`${JSON.stringify(qualities, null, 2)}\n`);
      return cli.print(ofRun ? reportOf(qualities, server) : tableOf(qualities, server, cli.out));
    });
}

function slicesOf(server: Server, given: string, on: DataQuality['trade_date']): string[] {
  const { dataset, slice } = resolveSubject(server, given, on);
  return slice === undefined ? server.slicesOn(dataset, on) : [slice];
}

function requireOneRun(given: string, qualities: readonly DataQuality[], champion: string): void {
  const runs = [...new Set(qualities.map(({ flow_run_id }) => flow_run_id))];
  if (runs.length === 1) return;
  if (runs.length === 0) {
    throw new ChampionError(`there is no record of the quality of a run ${given}`, {
      code: 'NOT_FOUND',
      hint: `It is written when a run loads the warehouse. What became of the run: ${champion} flow-run inspect ${given}`,
    });
  }
  throw new ChampionError(`${runs.length} runs begin with ${given}`, {
    code: 'INVALID_INPUT',
    hint: `Give more of the id: ${runs.slice(0, 5).join(', ')}`,
  });
}

function reportOf(qualities: readonly DataQuality[], { qualityLines }: Server): string {
  return qualities
    .flatMap(qualityLines)
    .map((line) => `${line}\n`)
    .join('');
}

function tableOf(qualities: readonly DataQuality[], { passRate }: Server, style: Style): string {
  const rules = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([rule, many]) => `${rule} ${count(many)}`)
      .join(', ');
  const numbers = ['rows', 'expected', 'loaded', 'quarantined', 'valid', 'anomalies'];
  return renderTable(
    [
      { header: 'session' },
      { header: 'slice' },
      ...numbers.map((header) => ({ header, align: 'right' }) as const),
      { header: 'rules' },
      { header: 'run' },
    ],
    [...qualities]
      .reverse()
      .map((quality) => [
        quality.trade_date,
        quality.slice,
        count(quality.rows_processed),
        quality.rows_expected === null ? '' : count(quality.rows_expected),
        count(quality.rows_loaded),
        count(quality.rows_filtered),
        passRate(quality),
        count(quality.anomalies_detected),
        [rules(quality.hard_rules), rules(quality.soft_rules)].filter((text) => text !== '').join('; '),
        quality.flow_run_id.slice(0, 8),
      ]),
    style,
  );
}
