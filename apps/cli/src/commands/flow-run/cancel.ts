import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { markOf, wordOf } from '../../progress/marks.ts';
import { findRunId } from '../../remote/find.ts';

export function flowRunCancelCommand(parent: Command, cli: Cli): void {
  parent
    .command('cancel')
    .description('end runs and their children; one that has ended stays as it is')
    .argument('<run-id...>', 'ids, or the beginnings of them')
    .option('--reason <text>', 'why, for those who look at the run')
    .addHelpText('after', "\nExample:\n  champion flow-run cancel 8c3fdc3f --reason 'wrong date'")
    .action(async (ids: readonly string[], { reason }: { reason?: string }, command: Command) => {
      const client = await cli.api(command);
      for (const given of ids) {
        const id = await findRunId(client, given);
        const run = await client.cancelFlowRun({ params: { id }, body: reason === undefined ? {} : { reason } });
        const state = { type: run.state_type ?? '', name: run.state_name ?? '' };
        await cli.print(`${markOf(state, cli.out)} ${cli.out.bold(run.name)}  ${wordOf(state, cli.out)}\n`);
      }
    });
}
