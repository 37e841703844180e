import { hostname } from 'node:os';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { wholeNumber } from '../../options.ts';
import { printable } from '../../output/text.ts';
import { collect } from '../../parameters.ts';
import { isOver } from '../../progress/tracker.ts';
import { runChange } from '../../remote/watch-runs.ts';
import { VERSION } from '../../version.ts';

interface Options {
  readonly workQueue?: readonly string[];
  readonly pool?: string;
  readonly limit: number;
  readonly name?: string;
  readonly drain: number;
}

export function workerStartCommand(parent: Command, cli: Cli): void {
  parent
    .command('start')
    .description('take runs from work queues and execute them, until Ctrl-C')
    .option('-q, --work-queue <queue>', 'a queue to take runs from; repeatable (default: default)', collect)
    .option('-p, --pool <pool>', 'the pool that the queues are in')
    .option('-l, --limit <n>', 'runs at once', wholeNumber(1, 1_000), 5)
    .option('-n, --name <name>', 'no other worker may have it (default: host and process)')
    .option(
      '--drain <seconds>',
      'what runs may take to end at Ctrl-C; another worker goes on with the rest',
      wholeNumber(0, 86_400),
      10,
    )
    .addHelpText(
      'after',
      `
It works beside the server of this home, or, with DATABASE_URL and CLICKHOUSE_URL, beside one anywhere. The first Ctrl-C
lets its runs end, the second leaves at once; either way another worker goes on with what it leaves.

Examples:
  champion worker start -q default
  champion worker start -q default -q heavy --limit 2 --name night-1`,
    )
    .action(async (options: Options, command: Command) => {
      const config = await cli.config(command);
      const { startWorker } = await import('@champion/server');
      const { workQueue = ['default'], pool, limit, drain } = options;
      const name = options.name ?? `${hostname()}-${process.pid}`;
      await cli.interruptible(async (interruption) => {
        const worker = await startWorker(config, {
          name,
          workQueues: workQueue,
          concurrency: limit,
          version: VERSION,
          onInternalLog: (level, message) => {
            if (level === 'warn' || level === 'error')
              void cli.note(`${cli.err.yellow(level)}  ${printable(message)}\n`);
          },
          ...(pool === undefined ? {} : { workPool: pool }),
        });
        try {
          const engine = await worker.stack.engine();
          const children = new Set<string>();
          engine.events.subscribe((event) => {
            if (event.type !== 'flow_run') return;
            // A child's end is part of its parent's.
            if (event.parentFlowRunId !== undefined) children.add(event.flowRunId);
            if (!isOver(event.state) || children.delete(event.flowRunId)) return;
            const { flowRunId: flow_run_id, name: run_name, at } = event;
            const state = { ...event.state, message: event.state.message ?? null };
            void cli.print(runChange({ flow_run_id, run_name, at: at.toISOString(), state }, cli));
          });
          const queues = workQueue.map((queue) => (pool === undefined ? queue : `${pool}/${queue}`)).join(', ');
          await cli.print(
            `${cli.out.bold(`Worker ${name}`)} takes runs from ${queues}, ${limit} at once. Ctrl-C stops it.\n`,
          );
          await new Promise<void>((resolve) =>
            interruption.signal.addEventListener('abort', () => resolve(), { once: true }),
          );
        } finally {
          await worker.stop(drain * 1000);
        }
      });
      // To be stopped is how it ends.
      cli.exitCode = 0;
    });
}
