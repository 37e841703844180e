import { basename } from 'node:path';
import { type BusinessDate, businessDate, ChampionError, plural, toErrorRecord } from '@champion/core';
import type { ImportJob } from '@champion/server';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import type { Interruption } from '../interruption.ts';
import { renderTable } from '../output/table.ts';
import { count, duration, printable } from '../output/text.ts';
import { markOf } from '../progress/marks.ts';
import type { Server } from '../remote/connect.ts';
import { followRun } from '../remote/follow.ts';
import { follow, runToEnd } from '../runs/follow.ts';
import { loadedResult, type RunOutcome, succeeded } from '../runs/outcome.ts';

interface Done {
  readonly path: string;
  readonly session: string | undefined;
  /** Undefined when the file did not get as far as a run. */
  readonly outcome: RunOutcome | undefined;
  readonly error: { readonly message: string; readonly hint?: string } | undefined;
}

export function importCommand(parent: Command, cli: Cli): void {
  parent
    .command('import')
    .description("load the exchange's files that are already on this machine")
    .argument('<file...>', 'files as the exchange names them, zipped or not')
    .option('--date <date>', 'the session they are of, when their name does not say it (YYYY-MM-DD)')
    .addHelpText(
      'after',
      `
Each file goes through the flow of its dataset: the same checks, lake and warehouse as one fetched.

Examples:
  champion import BhavCopy_NSE_CM_0_0_0_20240710_F_0000.csv.zip
  champion import ~/Downloads/cm*bhav.csv.zip`,
    )
    .action(async (paths: readonly string[], options: { date?: string }, command: Command) => {
      const date = options.date === undefined ? undefined : businessDate(options.date);
      const server = await cli.server(command);
      const done =
        server === undefined
          ? await cli.withStack(await cli.config(command), async (stack, interruption) => {
              const engine = await stack.engine();
              return follow(cli, engine, { detail: 'runs', interruption }, () =>
                loadAll(paths, date, interruption, async ({ flow, parameters }) => {
                  const { outcome } = await runToEnd(engine, flow, parameters, interruption);
                  return outcome;
                }),
              );
            })
          : await loadThere(cli, server, paths, date);
      await cli.print(report(byFile(done), cli));
      if (cli.exitCode === EXIT.done && done.some(failed)) cli.exitCode = EXIT.runFailed;
    });
}

/** Runs the jobs of each file, one after the other; a file that can't be loaded does not keep the others from it. */
async function loadAll(
  paths: readonly string[],
  date: BusinessDate | undefined,
  interruption: Interruption,
  run: (job: ImportJob) => Promise<RunOutcome>,
): Promise<Done[]> {
  const { importJobs } = await import('@champion/server');
  const results: Done[] = [];
  for (const path of paths) {
    if (interruption.happened) break;
    try {
      for (const job of await importJobs(path, date)) {
        if (interruption.happened) break;
        const outcome = await run(job);
        results.push({ path, session: job.parameters.trade_date, outcome, error: outcome.error });
      }
    } catch (error) {
      results.push({ path, session: undefined, outcome: undefined, error: toErrorRecord(error) });
    }
  }
  return results;
}

/** The server reads the files itself, so that they must be its files too. */
async function loadThere(
  cli: Cli,
  { client, url, local }: Server,
  paths: readonly string[],
  date: BusinessDate | undefined,
): Promise<Done[]> {
  if (!local && !/^(localhost|127\.|\[::1\])/.test(new URL(url).hostname)) {
    throw new ChampionError(`the server at ${url} cannot read the files of this machine`, {
      code: 'INVALID_INPUT',
      hint: 'Run champion import on the machine of the server.',
    });
  }
  return cli.interruptible((interruption) =>
    loadAll(paths, date, interruption, async ({ flow, parameters }) => {
      const run = await client.runFlow({ params: { name: flow }, body: { parameters } });
      return followRun(cli, client, run, { detail: 'runs', interruption, cancel: true });
    }),
  );
}

/** A line for each file and one for each failure: a file may hold a year of sessions. */
interface Line extends Done {
  readonly rows: number;
  readonly quarantined: number;
  readonly ms: number;
}

function byFile(done: readonly Done[]): Line[] {
  const lines: Line[] = [];
  for (const path of new Set(done.map((item) => item.path))) {
    const all = done.filter((item) => item.path === path);
    const good = all.filter((item) => !failed(item));
    const bad = all.filter(failed);
    const [first] = good;
    const span = good.length > 1 ? `${first?.session} to ${good.at(-1)?.session}` : first?.session;
    const message = good.length > 1 ? `${plural(good.length, 'session')} loaded` : (first?.outcome?.message ?? '');
    if (first) lines.push({ ...first, session: span, ...sums(good), error: { message } });
    lines.push(...bad.map((item) => ({ ...item, ...sums([item]) })));
  }
  return lines;
}

function sums(items: readonly Done[]): Pick<Line, 'rows' | 'quarantined' | 'ms'> {
  const total = (value: (item: Done) => number | undefined) => items.reduce((sum, item) => sum + (value(item) ?? 0), 0);
  return {
    rows: total(({ outcome }) => loadedResult(outcome)?.rows_loaded),
    quarantined: total(({ outcome }) => loadedResult(outcome)?.rows_quarantined),
    ms: total(({ outcome }) => outcome?.durationMs),
  };
}

function failed({ outcome }: Done): boolean {
  return outcome === undefined || !succeeded(outcome);
}

function report(done: readonly Line[], cli: Cli): string {
  const rows = done.map((item): string[] => {
    const { path, session, outcome, error, rows, quarantined, ms } = item;
    const mark = markOf({ type: failed(item) ? 'FAILED' : 'COMPLETED', name: '' }, cli.out);
    const loaded = loadedResult(outcome) !== undefined;
    return [
      `${mark} ${basename(path)}`,
      session ?? '',
      loaded ? count(rows) : '',
      loaded ? count(quarantined) : '',
      outcome === undefined ? '' : duration(ms),
      printable(error?.message ?? outcome?.message ?? '').slice(0, 200),
    ];
  });
  const table = renderTable(
    [
      { header: 'file' },
      { header: 'session' },
      { header: 'rows', align: 'right' },
      { header: 'quarantined', align: 'right' },
      { header: 'duration', align: 'right' },
      { header: 'outcome' },
    ],
    rows,
    cli.out,
  );
  const hints = [...new Set(done.map(({ error }) => error?.hint).filter((hint) => hint !== undefined))];
  return `${table}${hints.map((hint) => `${cli.out.cyan('hint:')}  ${printable(hint)}\n`).join('')}`;
}
