import { basename, resolve } from 'node:path';
import { businessDate, ChampionError, toErrorRecord } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { renderTable } from '../output/table.ts';
import { count, duration, printable } from '../output/text.ts';
import { markOf } from '../progress/marks.ts';
import { follow, runToEnd } from '../runs/follow.ts';
import { loadedResult, type RunOutcome, succeeded } from '../runs/outcome.ts';

type Server = typeof import('@champion/server');

interface Job {
  readonly flow: string;
  readonly parameters: { readonly trade_date: string; readonly file: string };
}

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
      const config = await cli.config(command);
      const server = await import('@champion/server');
      const date = options.date === undefined ? undefined : businessDate(options.date);
      const done = await cli.withStack(config, async (stack, interruption) => {
        const engine = await stack.engine();
        return follow(cli, engine, { detail: 'runs', interruption }, async () => {
          const results: Done[] = [];
          for (const path of paths) {
            if (interruption.happened) break;
            let session: string | undefined;
            try {
              const { flow, parameters } = recognise(server, path, date);
              session = parameters.trade_date;
              const { outcome } = await runToEnd(engine, flow, parameters, interruption);
              results.push({ path, session, outcome, error: outcome.error });
            } catch (error) {
              results.push({ path, session, outcome: undefined, error: toErrorRecord(error) });
            }
          }
          return results;
        });
      });
      await cli.print(report(done, cli));
      if (cli.exitCode === EXIT.done && done.some(failed)) cli.exitCode = EXIT.runFailed;
    });
}

/**
 * Finds the dataset a file is of, by its name.
 * @throws ChampionError INVALID_INPUT when it is of none, or its session is unknown
 */
function recognise({ datasets }: Server, path: string, date: string | undefined): Job {
  const fileName = basename(path);
  for (const dataset of datasets) {
    const found = dataset.recognise(fileName);
    if (!found) continue;
    const tradeDate = date ?? found.date;
    if (tradeDate === undefined) {
      throw new ChampionError(`the name ${fileName} does not say its session`, {
        code: 'INVALID_INPUT',
        hint: 'Give it: champion import --date YYYY-MM-DD FILE',
      });
    }
    return { flow: dataset.flow.name, parameters: { trade_date: tradeDate, file: resolve(path) } };
  }
  throw new ChampionError(`${fileName} is not a file of any dataset`, {
    code: 'INVALID_INPUT',
    hint: `Keep the exchange's file name. Known: ${datasets.map(({ title }) => title).join(', ')}.`,
  });
}

function failed({ outcome }: Done): boolean {
  return outcome === undefined || !succeeded(outcome);
}

function report(done: readonly Done[], cli: Cli): string {
  const rows = done.map((item): string[] => {
    const { path, session, outcome, error } = item;
    const loaded = loadedResult(outcome);
    const mark = markOf({ type: failed(item) ? 'FAILED' : 'COMPLETED', name: '' }, cli.out);
    return [
      `${mark} ${basename(path)}`,
      session ?? '',
      loaded ? count(loaded.rows_loaded) : '',
      loaded ? count(loaded.rows_quarantined) : '',
      outcome === undefined ? '' : duration(outcome.durationMs),
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
