import type { WorkPool } from '@champion/contract';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption, wholeNumber } from '../../options.ts';
import { renderTable } from '../../output/table.ts';
import { count, printable } from '../../output/text.ts';
import { findPool } from '../../remote/find.ts';
import { fields } from '../../runs/outcome.ts';

export function workPoolLsCommand(parent: Command, cli: Cli): void {
  parent
    .command('ls')
    .description('list the work pools')
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText('after', '\nExample:\n  champion work-pool ls')
    .action(async ({ output }: { output: 'table' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const pools = await client.filterWorkPools({ body: {} });
      if (output === 'json') return cli.print(`${JSON.stringify(pools, null, 2)}\n`);
      const rows = pools.map((pool) => [
        pool.name,
        stateOf(pool, cli),
        pool.concurrency_limit === null ? '∞' : count(pool.concurrency_limit),
        count(pool.active_slots ?? 0),
        printable(pool.description ?? ''),
      ]);
      const columns = [
        { header: 'pool' },
        { header: 'state' },
        { header: 'limit', align: 'right' } as const,
        { header: 'running', align: 'right' } as const,
        { header: 'description', flexible: true },
      ];
      return cli.print(renderTable(columns, rows, cli.out, cli.width));
    });
}

export function workPoolInspectCommand(parent: Command, cli: Cli): void {
  parent
    .command('inspect')
    .description('show one work pool')
    .argument('<pool>', 'its name')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText('after', '\nExample:\n  champion work-pool inspect default')
    .action(async (name: string, { output }: { output: 'text' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const pool = await findPool(client, name);
      if (output === 'json') return cli.print(`${JSON.stringify(pool, null, 2)}\n`);
      const queues = await client.filterPoolQueues({ params: { pool: pool.name }, body: {} });
      return cli.print(
        describe(
          pool,
          queues.map((queue) => queue.name),
          cli,
        ),
      );
    });
}

export function workPoolCreateCommand(parent: Command, cli: Cli): void {
  parent
    .command('create')
    .description('make a work pool, with a queue "default"')
    .argument('<name>', 'its name')
    .option('-l, --limit <n>', 'most runs of its queues at once', wholeNumber(0, 1_000_000))
    .option('--description <text>', 'what it is for')
    .option('-t, --type <type>', 'taken for the sake of other clients; every pool is of processes')
    .addHelpText('after', '\nExample:\n  champion work-pool create night --limit 8')
    .action(
      async (
        name: string,
        { limit, ...rest }: { limit?: number; description?: string; type?: string },
        command: Command,
      ) => {
        const client = await cli.api(command);
        const body = { name, ...rest, ...(limit === undefined ? {} : { concurrency_limit: limit }) };
        await cli.print(`Created work pool ${describe(await client.createWorkPool({ body }), undefined, cli)}`);
      },
    );
}

export function workPoolChangeCommands(parent: Command, cli: Cli): void {
  const change = (name: string, description: string, is_paused: boolean, done: string) =>
    parent
      .command(name)
      .description(description)
      .argument('<pool>', 'its name')
      .addHelpText('after', `\nExample:\n  champion work-pool ${name} default`)
      .action(async (given: string, _: unknown, command: Command) => {
        const client = await cli.api(command);
        const pool = await findPool(client, given);
        await client.updateWorkPool({ params: { name: pool.name }, body: { is_paused } });
        await cli.print(`${done} work pool ${pool.name}\n`);
      });
  change('pause', 'hand out no more runs of its queues; those at work go on', true, 'Paused');
  change('resume', 'hand out runs of its queues again', false, 'Resumed');

  parent
    .command('delete')
    .description('delete a work pool and its queues')
    .argument('<pool>', 'its name')
    .addHelpText('after', '\nExample:\n  champion work-pool delete night')
    .action(async (given: string, _: unknown, command: Command) => {
      const client = await cli.api(command);
      const pool = await findPool(client, given);
      await client.deleteWorkPool({ params: { name: pool.name } });
      await cli.print(`Deleted work pool ${pool.name}\n`);
    });
}

function describe(pool: WorkPool, queues: readonly string[] | undefined, cli: Cli): string {
  return `${cli.out.bold(pool.name)}  ${stateOf(pool, cli)}\n${fields(
    {
      id: pool.id,
      description: pool.description,
      limit: pool.concurrency_limit === null ? 'none' : `${pool.concurrency_limit} runs at once`,
      running: pool.active_slots ?? 0,
      queues: queues?.join(', '),
    },
    cli.out,
  )}`;
}

function stateOf({ is_paused, status }: WorkPool, cli: Cli): string {
  if (is_paused) return cli.out.yellow('paused');
  return status === 'NOT_READY' ? cli.out.dim('no worker') : cli.out.green('ready');
}
