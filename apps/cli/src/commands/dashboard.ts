import { ChampionError } from '@champion/core';
import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../cli.ts';
import type { Source } from '../dashboard/panel.ts';
import { wholeNumber } from '../options.ts';
import { noServer, type Server } from '../remote/connect.ts';

const PANELS = 8;
const ALL = Array.from({ length: PANELS }, (_, i) => i + 1);

interface Options {
  readonly once?: true;
  readonly panel?: number | 'all';
  readonly interval: number;
}

export function dashboardCommand(parent: Command, cli: Cli): void {
  parent
    .command('dashboard')
    .description('watch the server in the terminal: pipeline, flows, lineage, tasks, data, metrics, stack, guide')
    .option('--once', 'print the panels as plain text and exit; so it does where there is no terminal')
    .option('--panel <n>', `panel to begin with, 1 to ${PANELS}; with --once the one to print, or all`, panelNumber)
    .option('--interval <seconds>', 'ask again after so long, even if nothing happened', wholeNumber(1, 3600), 5)
    .addHelpText(
      'after',
      `
Keys: 1 to 8, tab and arrows change the panel; j and k scroll; r asks again; ? lists all; q leaves.

Examples:
  champion dashboard
  champion dashboard --panel 4
  champion dashboard --once --panel 6`,
    )
    .action(async ({ once, panel, interval }: Options, command: Command) => {
      const server = await cli.server(command);
      if (server === undefined) throw noServer(cli.settings(command).home);
      const source = sourceOf(server, command, cli);
      const { stdin, stdout } = cli;
      if (once === true || stdout.isTTY !== true || !isTerminal(stdin)) {
        const { printOnce } = await import('../dashboard/once.ts');
        const signal = new AbortController().signal;
        return printOnce({ ...source, signal }, panel === undefined || panel === 'all' ? ALL : [panel], cli);
      }
      if (panel === 'all') {
        throw new ChampionError('all panels at once are printed, not shown', {
          code: 'INVALID_INPUT',
          hint: 'Add --once, or name one panel.',
        });
      }
      // Asked before the screen is taken: who finds no server should read that on the screen as it was.
      const { loadHead } = await import('../dashboard/head.ts');
      const head = await loadHead(source.client);
      const [{ Dashboard }, { showOn }] = await Promise.all([
        import('../dashboard/dashboard.ts'),
        import('../dashboard/terminal.ts'),
      ]);
      const dashboard = new Dashboard({
        source,
        head,
        panel: (panel ?? 1) - 1,
        intervalMs: interval * 1000,
        findAgain: async () => {
          const found = await cli.server(command);
          return found === undefined ? undefined : sourceOf(found, command, cli);
        },
      });
      await cli.interruptible(async ({ signal }) => {
        signal.addEventListener('abort', () => dashboard.close(), { once: true });
        await showOn({ stdin, stdout, style: cli.out }, dashboard);
      });
      // To leave is how it ends.
      cli.exitCode = 0;
    });
}

function sourceOf({ url, client, local }: Server, command: Command, cli: Cli): Omit<Source, 'signal'> {
  const champion = local ? championFor(homeOf(command)) : `npx champion --api-url ${url}`;
  return { client, url, apiKey: cli.settings(command).apiKey, champion };
}

/** Keys can be read one by one. */
function isTerminal(stdin: unknown): stdin is NodeJS.ReadStream {
  return (stdin as Partial<NodeJS.ReadStream>).isTTY === true;
}

function panelNumber(text: string): number | 'all' {
  return text === 'all' ? text : wholeNumber(1, PANELS)(text);
}
