import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { wholeNumber } from '../options.ts';
import { SIMULATED_HOME } from '../simulated.ts';

/** About two months. */
const SESSIONS = 42;
const SESSIONS_ONCE = 5;

interface Options {
  readonly sessions?: number;
  readonly once?: true;
}

export function demoCommand(parent: Command, cli: Cli): void {
  parent
    .command('demo')
    .description('run the platform on a simulated market, with two months of sessions in it, until Ctrl-C')
    .option(
      '--sessions <n>',
      `how many of the latest sessions (default: ${SESSIONS}, with --once ${SESSIONS_ONCE})`,
      wholeNumber(1, 250),
    )
    .option('--once', 'load and print them without the web app, and exit when the work is done')
    .addHelpText(
      'after',
      `
Everything is kept in ./${SIMULATED_HOME}, or in the folder that --home names, and a demo that starts again there goes on
with it. Nothing is asked of the real exchange.

Examples:
  champion demo
  champion demo --sessions 120
  champion demo --once --home /tmp/demo`,
    )
    .action(async ({ sessions, once }: Options, command: Command) => {
      if (once === true) {
        const { demoOnce } = await import('../demo/once.ts');
        return demoOnce(sessions ?? SESSIONS_ONCE, command, cli);
      }
      const { demoToStay } = await import('../demo/stay.ts');
      return demoToStay(sessions ?? SESSIONS, command, cli);
    });
}
