import { type BusinessDate, crore, plural, weekday } from '@champion/core';
import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { wholeNumber } from '../options.ts';
import { renderTable } from '../output/table.ts';
import { count, duration } from '../output/text.ts';
import { follow, runToEnd } from '../runs/follow.ts';
import { combinedResult, type RunOutcome, renderOutcome, succeeded } from '../runs/outcome.ts';
import { SIMULATED_HOME, simulatedSettings } from '../simulated.ts';

/** A row of the query `sessions_loaded`. */
interface SessionLoaded {
  readonly trade_date: BusinessDate;
  readonly rows: number;
  readonly source_format: string;
  /** Rupees, four places. */
  readonly turnover: string;
}

interface Session {
  readonly date: BusinessDate;
  readonly name: string;
  readonly outcome: RunOutcome;
}

export function demoCommand(parent: Command, cli: Cli): void {
  parent
    .command('demo')
    .description('run the platform on a simulated market, end to end')
    .option('--sessions <n>', 'how many of the latest sessions', wholeNumber(1, 250), 5)
    .option('--once', 'exit when the work is done')
    .addHelpText(
      'after',
      `
Everything is kept in ./${SIMULATED_HOME}, or in the folder that --home names. Nothing is asked of the real exchange.

Examples:
  champion demo
  champion demo --sessions 20 --home /tmp/demo`,
    )
    .action(async ({ sessions }: { sessions: number }, command: Command) => {
      const startedAt = performance.now();
      const { COMBINED_FLOW, datasets, latestOfAll, sessionsLoaded, startSimulator } = await import('@champion/server');
      const simulator = await startSimulator({ publishAll: true });
      try {
        const config = await cli.config(command, simulatedSettings(simulator.url, homeOf(command)));
        await cli.note(`Starting PostgreSQL, ClickHouse and a simulated exchange; the data goes to ${config.home}\n`);
        await cli.withStack(config, async (stack, interruption) => {
          const engine = await stack.engine();
          const { calendar, clock } = stack.services;
          const dates = calendar.lastSessions(latestOfAll(datasets, calendar, clock), sessions);
          const finished = await follow(cli, engine, { detail: 'runs', interruption }, async () => {
            const done: Session[] = [];
            // One after the other, for the gold of a session rests on those before it.
            for (const date of dates) {
              if (interruption.happened) break;
              const parameters = { trade_date: date };
              const { handle, outcome } = await runToEnd(engine, COMBINED_FLOW.name, parameters, interruption);
              done.push({ date, name: handle.name, outcome });
            }
            return done;
          });
          const warehouse = await stack.warehouse();
          const loaded = await warehouse.query(sessionsLoaded, { from: dates[0], to: dates.at(-1), limit: sessions });
          await cli.print(report(finished, loaded, championFor(config.home), performance.now() - startedAt, cli));
          if (!finished.every(({ outcome }) => succeeded(outcome))) cli.exitCode = EXIT.runFailed;
        });
      } finally {
        await simulator.close();
      }
    });
}

function report(
  sessions: readonly Session[],
  loaded: readonly SessionLoaded[],
  champion: string,
  ms: number,
  cli: Cli,
): string {
  const { bold, dim, yellow } = cli.out;
  const rows = sessions.map(({ date, outcome }): string[] => {
    const result = combinedResult(outcome);
    const stored = loaded.find(({ trade_date }) => trade_date === date);
    return [
      date,
      weekday(date).slice(0, 3),
      stored ? count(stored.rows) : '',
      result ? count(result.rows_loaded) : '',
      result ? count(result.rows_quarantined) : '',
      result ? count(result.anomalies) : '',
      stored?.source_format ?? '',
      stored ? crore(stored.turnover) : '',
      succeeded(outcome) ? duration(outcome.durationMs) : outcome.stateName,
    ];
  });
  const table = renderTable(
    [
      { header: 'trade_date' },
      { header: 'day' },
      { header: 'bars', align: 'right' },
      { header: 'all rows', align: 'right' },
      { header: 'quarantined', align: 'right' },
      { header: 'anomalies', align: 'right' },
      { header: 'format' },
      { header: 'turnover (₹ crore)', align: 'right' },
      { header: 'duration', align: 'right' },
    ],
    rows,
    cli.out,
  );
  const failures = sessions.filter(({ outcome }) => !succeeded(outcome));
  const total = sessions.reduce((sum, { outcome }) => sum + (combinedResult(outcome)?.rows_loaded ?? 0), 0);
  const last = sessions.at(-1);
  // A session that failed tells its report with its error, below.
  const market = last && succeeded(last.outcome) ? (combinedResult(last.outcome)?.report ?? '') : '';
  return `
${yellow('Simulated data')}: a made-up market in the exchange's formats. No row of it is real.

${market}
${table}
${plural(total, 'row')} of ${plural(loaded.length, 'session')} in ${duration(ms)}, start to finish.
${failures.map(({ name, outcome }) => `\n${renderOutcome(name, outcome, champion, cli.out)}`).join('')}
${bold('Where to look next')}
  ${dim('# the largest turnovers')}
  ${champion} sql "SELECT trade_date, symbol, close, turnover FROM equity_ohlc ORDER BY turnover DESC LIMIT 10"
  ${dim('# the market of a session, from gold')}
  ${champion} market
  ${dim('# every run, its state and duration')}
  ${champion} flow-run ls
  ${dim('# is this machine ready for real data?')}
  npx champion doctor
  ${dim('# how it works, and how to use real files')}
  README.md and docs/
`;
}
