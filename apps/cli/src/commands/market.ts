import { type BusinessDate, ChampionError } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { dateOption, outputOption } from '../options.ts';
import { printable } from '../output/text.ts';
import { withQueries } from '../remote/queries.ts';

interface Options {
  readonly date?: BusinessDate;
  readonly output: 'text' | 'json';
}

export function marketCommand(parent: Command, cli: Cli): void {
  parent
    .command('market')
    .description('show the market snapshot of a session, from gold')
    .addOption(dateOption('--date <date>', 'the session (default: the latest whose gold is there)'))
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `
Examples:
  champion market
  champion market --date 2024-07-10 -o json`,
    )
    .action(async ({ date, output }: Options, command: Command) => {
      const { marketReport, marketSessions, takeSnapshot } = await import('@champion/server');
      const snapshot = await withQueries(cli, command, async (warehouse) => {
        const session = date ?? (await warehouse.query(marketSessions, {}))[0]?.trade_date;
        if (session === undefined) throw noGold('the gold of no session is there');
        const taken = await takeSnapshot(warehouse, session);
        if (taken.summary === null) throw noGold(`there is no gold of ${session}`, session);
        return taken;
      });
      await cli.print(
        output === 'json'
          ? `${JSON.stringify(snapshot, null, 2)}\n`
          : `${marketReport(snapshot).trimEnd().split('\n').map(printable).join('\n')}\n`,
      );
    });
}

function noGold(message: string, session?: BusinessDate): ChampionError {
  const date = session === undefined ? '' : ` -p trade_date=${session}`;
  return new ChampionError(message, {
    code: 'NOT_FOUND',
    hint: `Load it with: champion flow run combined-market-data-etl${date}`,
  });
}
