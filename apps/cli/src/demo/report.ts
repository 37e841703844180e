import { type BusinessDate, crore, plural, weekday } from '@champion/core';
import type { Cli } from '../cli.ts';
import { renderTable } from '../output/table.ts';
import { count, duration } from '../output/text.ts';
import { combinedResult, type RunOutcome, renderOutcome, succeeded } from '../runs/outcome.ts';

/** A row of the query `sessions_loaded`. */
export interface SessionLoaded {
  readonly trade_date: BusinessDate;
  readonly rows: number;
  readonly source_format: string;
  /** Rupees, four places. */
  readonly turnover: string;
}

/** A session's run of all flows combined. */
export interface Session {
  readonly date: BusinessDate;
  readonly name: string;
  readonly outcome: RunOutcome;
  /** An earlier demo in the same home had loaded it. */
  readonly earlier?: boolean;
}

/** The market of the last session, then what every session came to. */
export function renderReport(
  sessions: readonly Session[],
  loaded: readonly SessionLoaded[],
  champion: string,
  ms: number,
  cli: Cli,
): string {
  const { yellow } = cli.out;
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
  const earlier = sessions.filter((session) => session.earlier).length;
  const total = sessions.reduce((sum, { outcome }) => sum + (combinedResult(outcome)?.rows_loaded ?? 0), 0);
  const last = sessions.at(-1);
  // A session that failed tells its report with its error, below.
  const market = last && succeeded(last.outcome) ? (combinedResult(last.outcome)?.report ?? '') : '';
  return `
${yellow('Simulated data')}: a made-up market in the exchange's formats. No row of it is real.

${market}
${table}
${plural(total, 'row')} of ${plural(loaded.length, 'session')} in ${duration(ms)}, start to finish${earlier === 0 ? '' : `; ${earlier} of them were loaded before`}.
${failures.map(({ name, outcome }) => `\n${renderOutcome(name, outcome, champion, cli.out)}`).join('')}
`;
}

/** What to type after a demo, from its heading to its last line. */
export function whereToLookNext(champion: string, cli: Cli): string {
  const { bold, dim } = cli.out;
  return `${bold('Where to look next')}
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
