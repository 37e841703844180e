import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { watchRun } from '../../remote/begun.ts';
import { findRunId } from '../../remote/find.ts';

export function flowRunWatchCommand(parent: Command, cli: Cli): void {
  parent
    .command('watch')
    .description('show a run until it has ended; Ctrl-C only stops watching')
    .argument('<run-id>', 'its id, or the beginning of it')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText('after', '\nExample:\n  champion flow-run watch 8c3fdc3f')
    .action(async (given: string, { output }: { output: 'text' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const run = await client.readFlowRun({ params: { id: await findRunId(client, given) } });
      await cli.interruptible((interruption) =>
        watchRun(cli, client, run, { output, interruption, cancel: false }, championFor(homeOf(command))),
      );
    });
}
