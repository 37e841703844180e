import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { findRunId } from '../../remote/find.ts';

export function flowRunDeleteCommand(parent: Command, cli: Cli): void {
  parent
    .command('delete')
    .description('delete the records of runs that have ended; the data stays')
    .argument('<run-id...>', 'ids, or the beginnings of them')
    .addHelpText('after', '\nExample:\n  champion flow-run delete 8c3fdc3f')
    .action(async (ids: readonly string[], _: unknown, command: Command) => {
      const client = await cli.api(command);
      for (const given of ids) {
        const id = await findRunId(client, given);
        await client.deleteFlowRun({ params: { id } });
        await cli.print(`Deleted flow run ${id}\n`);
      }
    });
}
