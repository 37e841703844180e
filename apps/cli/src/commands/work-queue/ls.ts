import type { WorkQueue } from '@champion/contract';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { renderTable } from '../../output/table.ts';
import { count } from '../../output/text.ts';
import { findQueue, queueName } from '../../remote/find.ts';
import { fields } from '../../runs/outcome.ts';

export function workQueueLsCommand(parent: Command, cli: Cli): void {
  parent
    .command('ls')
    .description('list the work queues and what waits in them')
    .option('--pool <pool>', 'only of this pool')
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText('after', '\nExamples:\n  champion work-queue ls\n  champion work-queue ls -o json')
    .action(async ({ pool, output }: { pool?: string; output: 'table' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const queues =
        pool === undefined
          ? await client.filterWorkQueues({ body: {} })
          : await client.filterPoolQueues({ params: { pool }, body: {} });
      if (output === 'json') return cli.print(`${JSON.stringify(queues, null, 2)}\n`);
      const rows = queues.map((queue) => [
        queueName(queue),
        stateOf(queue, cli),
        String(queue.priority),
        queue.concurrency_limit === null ? '∞' : count(queue.concurrency_limit),
        rateWords(queue) ?? '∞',
        count(queue.counts?.scheduled ?? 0),
        count(queue.counts?.late ?? 0),
        count(queue.counts?.running ?? 0),
      ]);
      const numbers = ['priority', 'limit', 'rate', 'waiting', 'late', 'running'];
      const columns = [
        { header: 'queue' },
        { header: 'state' },
        ...numbers.map((header) => ({ header, align: 'right' }) as const),
      ];
      return cli.print(renderTable(columns, rows, cli.out, cli.width));
    });
}

export function workQueueInspectCommand(parent: Command, cli: Cli): void {
  parent
    .command('inspect')
    .description('show one work queue')
    .argument('<queue>', 'its name, or pool/queue')
    .option('--pool <pool>', 'the pool that it is in')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText('after', '\nExample:\n  champion work-queue inspect default')
    .action(async (name: string, { pool, output }: { pool?: string; output: 'text' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const queue = await findQueue(client, name, pool);
      if (output === 'json') return cli.print(`${JSON.stringify(queue, null, 2)}\n`);
      return cli.print(describe(queue, cli));
    });
}

/** A queue in a few lines. */
export function describe(queue: WorkQueue, cli: Cli): string {
  const { scheduled = 0, late = 0, running = 0 } = queue.counts ?? {};
  return `${cli.out.bold(queueName(queue))}  ${stateOf(queue, cli)}\n${fields(
    {
      id: queue.id,
      description: queue.description,
      pool: queue.work_pool_name,
      priority: queue.priority,
      limit: queue.concurrency_limit === null ? 'none' : `${queue.concurrency_limit} runs at once`,
      rate: rateWords(queue) ?? 'none',
      waiting: late === 0 ? scheduled : `${scheduled}, ${late} of them late`,
      running,
    },
    cli.out,
  )}`;
}

function stateOf({ is_paused, status }: WorkQueue, cli: Cli): string {
  if (is_paused) return cli.out.yellow('paused');
  return status === 'NOT_READY' ? cli.out.dim('no worker') : cli.out.green('ready');
}

function rateWords({ rate_limit }: WorkQueue): string | undefined {
  return rate_limit ? `${rate_limit.runs}/${rate_limit.per_seconds}s` : undefined;
}
