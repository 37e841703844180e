import type { Worker } from '@champion/contract';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { renderTable } from '../../output/table.ts';
import { localTime } from '../../output/time.ts';

/** `worker ls` and, as older clients call it, `agent status`. */
export function workerLsCommand(parent: Command, cli: Cli): void {
  parent
    .command('status')
    .alias('ls')
    .description('list the workers, those at work first')
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText('after', '\nExamples:\n  champion worker status\n  champion worker ls -o json')
    .action(async ({ output }: { output: 'table' | 'json' }, command: Command) => {
      const client = await cli.api(command);
      const workers = await client.listWorkers();
      if (output === 'json') return cli.print(`${JSON.stringify(workers, null, 2)}\n`);
      const rows = workers.map((worker) => [
        worker.name,
        statusOf(worker, cli),
        worker.work_queues.join(', '),
        `${worker.running}/${worker.concurrency}`,
        String(worker.pid),
        localTime(new Date(worker.last_heartbeat_at)),
      ]);
      const columns = [
        { header: 'worker', flexible: true },
        { header: 'state' },
        { header: 'queues', flexible: true },
        { header: 'runs', align: 'right' } as const,
        { header: 'pid', align: 'right' } as const,
        { header: 'last heard of' },
      ];
      await cli.print(renderTable(columns, rows, cli.out, cli.width));
      if (!workers.some(({ status }) => status === 'online')) {
        await cli.note('No worker is at work: start one with champion worker start -q default\n');
      }
    });
}

function statusOf({ status }: Worker, cli: Cli): string {
  const look = { online: cli.out.green, draining: cli.out.yellow, offline: cli.out.dim }[status];
  return look(status);
}
