import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { collect, parseParameters } from '../../parameters.ts';
import { type BegunOptions, tellBegun } from '../../remote/begun.ts';
import { findRunId } from '../../remote/find.ts';

/** What retry, restart and clone share: a new run made of an old one. */
function again(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .argument('<run-id>', 'its id, or the beginning of it')
    .option('--watch', 'show the new run until it has ended')
    .addOption(outputOption(['text', 'json'], 'text'));
}

export function flowRunRetryCommand(parent: Command, cli: Cli): void {
  again(parent, 'retry', 'run an ended run again as it was: a new run')
    .addHelpText('after', '\nExample:\n  champion flow-run retry 8c3fdc3f --watch')
    .action(async (given: string, options: BegunOptions, command: Command) => {
      const client = await cli.api(command);
      const id = await findRunId(client, given);
      await tellBegun(cli, client, await client.retryFlowRun({ params: { id } }), options, command);
    });
}

export function flowRunRestartCommand(parent: Command, cli: Cli): void {
  again(parent, 'restart', 'run an ended run again from a task on, with the results of those before: a new run')
    .requiredOption('--from <task>', 'the first task that runs again: its name or key (parse_polars_raw-0)')
    .addHelpText('after', '\nExample:\n  champion flow-run restart 8c3fdc3f --from parse_polars_raw --watch')
    .action(async (given: string, { from, ...options }: BegunOptions & { from: string }, command: Command) => {
      const client = await cli.api(command);
      const id = await findRunId(client, given);
      const tasks = await client.listFlowRunTasks({ params: { id } });
      // People know a task by its name; the first call of it is meant.
      const key = tasks.find(({ name, task_key }) => task_key === from || name === from)?.task_key ?? from;
      await tellBegun(
        cli,
        client,
        await client.restartFlowRun({ params: { id }, body: { from: key } }),
        options,
        command,
      );
    });
}

export function flowRunCloneCommand(parent: Command, cli: Cli): void {
  again(parent, 'clone', 'run it again with other parameters: a new run')
    .option('-p, --param <key=value>', 'in place of what it had; null takes it away; repeatable', collect)
    .option('--name <name>', 'of the new run')
    .addHelpText('after', '\nExample:\n  champion flow-run clone 8c3fdc3f -p trade_date=2024-07-11')
    .action(
      async (
        given: string,
        { param = [], name, ...options }: BegunOptions & { param?: readonly string[]; name?: string },
        command: Command,
      ) => {
        const parameters = parseParameters(param);
        const client = await cli.api(command);
        const id = await findRunId(client, given);
        const body = { parameters, ...(name === undefined ? {} : { name }) };
        await tellBegun(cli, client, await client.cloneFlowRun({ params: { id }, body }), options, command);
      },
    );
}
