import { type BusinessDate, formatDecimal, parseDecimal, plural, weekday } from '@champion/core';
import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { wholeNumber } from '../options.ts';
import { renderTable } from '../output/table.ts';
import { count, duration } from '../output/text.ts';
import { follow, pool, runToEnd } from '../runs/follow.ts';
import { loadedResult, type RunOutcome, renderOutcome, succeeded } from '../runs/outcome.ts';

/** A row of the query `sessions_loaded`. */
interface SessionLoaded {
  readonly trade_date: BusinessDate;
  readonly rows: number;
  readonly quarantined: number;
  readonly source_format: string;
  /** Rupees, four places. */
  readonly turnover: string;
}

/** Simulated rows have a home of their own: among real ones nobody could tell them apart. */
const DEMO_HOME = 'data/demo';
/** Sessions worked on at the same time: one is fetched while another is parsed. */
const AT_ONCE = 2;

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
Everything is kept in ./${DEMO_HOME}, or in the folder that --home names. Nothing is asked of the real exchange.

Examples:
  champion demo
  champion demo --sessions 20 --home /tmp/demo`,
    )
    .action(async ({ sessions }: { sessions: number }, command: Command) => {
      const startedAt = performance.now();
      const { datasets, latestPublished, sessionsLoaded, startSimulator } = await import('@champion/server');
      const [dataset] = datasets;
      if (!dataset) return;
      const simulator = await startSimulator({ publishAll: true });
      try {
        const config = await cli.config(command, {
          CHAMPION_HOME: homeOf(command) ?? DEMO_HOME,
          NSE_ARCHIVES_URL: simulator.url,
          NSE_SITE_URL: simulator.url,
          NSE_REQUESTS_PER_SECOND: '100',
          // The demo's rows must not reach the stores that serve real ones.
          DATABASE_URL: undefined,
          CLICKHOUSE_URL: undefined,
        });
        await cli.note(`Starting PostgreSQL, ClickHouse and a simulated exchange; the data goes to ${config.home}\n`);
        await cli.withStack(config, async (stack, interruption) => {
          const engine = await stack.engine();
          const { calendar, clock } = stack.services;
          const dates = calendar.lastSessions(latestPublished(dataset, calendar, clock), sessions);
          const done = await follow(cli, engine, { detail: 'runs', interruption }, () =>
            pool(dates, AT_ONCE, async (date): Promise<Session | undefined> => {
              if (interruption.happened) return undefined;
              const parameters = { trade_date: date };
              const { handle, outcome } = await runToEnd(engine, dataset.flow.name, parameters, interruption);
              return { date, name: handle.name, outcome };
            }),
          );
          const finished = done.filter((session) => session !== undefined);
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
    const result = loadedResult(outcome);
    const stored = loaded.find(({ trade_date }) => trade_date === date);
    return [
      date,
      weekday(date).slice(0, 3),
      stored ? count(stored.rows) : '',
      stored ? count(stored.quarantined) : '',
      result ? count(result.anomalies.length) : '',
      stored?.source_format ?? '',
      stored ? crore(stored.turnover) : '',
      succeeded(outcome) ? duration(outcome.durationMs) : outcome.stateName,
    ];
  });
  const table = renderTable(
    [
      { header: 'trade_date' },
      { header: 'day' },
      { header: 'rows', align: 'right' },
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
  const total = loaded.reduce((sum, { rows }) => sum + rows, 0);
  return `
${yellow('Simulated data')}: a made-up market in the exchange's formats. No row of it is real.

${table}
${plural(total, 'row')} of ${plural(loaded.length, 'session')} in ${duration(ms)}, start to finish.
${failures.map(({ name, outcome }) => `\n${renderOutcome(name, outcome, champion, cli.out)}`).join('')}
${bold('Where to look next')}
  ${dim('# the largest turnovers')}
  ${champion} sql "SELECT trade_date, symbol, close, turnover FROM equity_ohlc ORDER BY turnover DESC LIMIT 10"
  ${dim('# every run, its state and duration')}
  ${champion} flow-run ls
  ${dim('# is this machine ready for real data?')}
  npx champion doctor
  ${dim('# how it works, and how to use real files')}
  README.md and docs/
`;
}

/** Rupees with four places → crore (ten million rupees) with two, in Indian groups. */
export function crore(turnover: string): string {
  const units = parseDecimal(turnover, 4);
  if (units === undefined) return turnover;
  // Rounded half up, in integers: 10^4 units a rupee, 10^7 rupees a crore, 10^2 hundredths a crore.
  const [whole = '0', fraction = '00'] = formatDecimal((units + 500_000_000n) / 1_000_000_000n, 2).split('.');
  return `${BigInt(whole).toLocaleString('en-IN')}.${fraction}`;
}
