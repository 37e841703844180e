import type { Client } from '@champion/contract';
import { type Command, InvalidArgumentError } from 'commander';
import type { Cli } from '../../cli.ts';
import { wholeNumber } from '../../options.ts';
import { findQueue, queueName } from '../../remote/find.ts';
import { describe } from './ls.ts';

interface Rate {
  readonly runs: number;
  readonly per_seconds: number;
}

interface CreateOptions {
  readonly pool?: string;
  readonly limit?: number;
  readonly priority?: number;
  readonly rate?: Rate;
  readonly description?: string;
}

const priority = wholeNumber(1, 1_000_000);

export function workQueueCreateCommand(parent: Command, cli: Cli): void {
  parent
    .command('create')
    .description('make a work queue')
    .argument('<name>', 'its name')
    .option('-p, --pool <pool>', 'the pool that it is in', 'default')
    .option('-l, --limit <n>', 'most of its runs at once', wholeNumber(0, 1_000_000))
    .option('-q, --priority <n>', '1 is served first', priority)
    .option('--rate <n/time>', 'most runs in a time: 10/minute, 5/30s', rateOf)
    .option('--description <text>', 'what it is for')
    .addHelpText('after', '\nExample:\n  champion work-queue create heavy --limit 2 --priority 5')
    .action(async (name: string, { pool = 'default', limit, rate, ...rest }: CreateOptions, command: Command) => {
      const client = await cli.api(command);
      const body = {
        name,
        ...rest,
        ...(limit === undefined ? {} : { concurrency_limit: limit }),
        ...(rate === undefined ? {} : { rate_limit: rate }),
      };
      const queue = await client.createPoolQueue({ params: { pool }, body });
      await cli.print(`Created work queue ${describe(queue, cli)}`);
    });
}

export function workQueueChangeCommands(parent: Command, cli: Cli): void {
  change(parent, cli, 'pause', 'hand out no more runs; those at work go on').action(
    update(cli, () => ({ is_paused: true })),
  );
  change(parent, cli, 'resume', 'hand out runs again').action(update(cli, () => ({ is_paused: false })));
  change(parent, cli, 'set-limit', 'let at most so many of its runs be at work at once')
    .alias('set-concurrency-limit')
    .argument('<n>', 'a number, or none', numberOrNone)
    .addHelpText(
      'after',
      '\nExamples:\n  champion work-queue set-limit default 4\n  champion work-queue set-limit default none',
    )
    .action(update(cli, (limit) => ({ concurrency_limit: limit as number | null })));
  change(parent, cli, 'clear-concurrency-limit', 'let any number of its runs be at work at once').action(
    update(cli, () => ({ concurrency_limit: null })),
  );
  change(parent, cli, 'set-rate', 'hand out at most so many runs in a time')
    .argument('<n/time>', '10/minute, 5/30s, or none', (text: string) => (text === 'none' ? null : rateOf(text)))
    .addHelpText(
      'after',
      '\nExamples:\n  champion work-queue set-rate default 10/minute\n  champion work-queue set-rate default none',
    )
    .action(update(cli, (rate) => ({ rate_limit: rate as Rate | null })));
  change(parent, cli, 'set-priority', 'serve it before those of a higher number')
    .argument('<n>', '1 is served first', priority)
    .action(update(cli, (number) => ({ priority: number as number })));
}

export function workQueueDeleteCommand(parent: Command, cli: Cli): void {
  change(parent, cli, 'delete', 'delete a work queue')
    .addHelpText('after', '\nExample:\n  champion work-queue delete heavy')
    .action(async (given: string, { pool }: { pool?: string }, command: Command) => {
      const client = await cli.api(command);
      const queue = await findQueue(client, given, pool);
      await client.deleteWorkQueue({ params: { id: queue.id } });
      await cli.print(`Deleted work queue ${queueName(queue)}\n`);
    });
}

function change(parent: Command, _: Cli, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .argument('<queue>', 'its name, or pool/queue')
    .option('--pool <pool>', 'the pool that it is in');
}

type Update = NonNullable<Parameters<Client['updateWorkQueue']>[0]['body']>;

/** The action of a command whose arguments are a queue and, for some, a value. */
function update(cli: Cli, bodyOf: (value: unknown) => Update) {
  return async (given: string, ...rest: readonly unknown[]): Promise<void> => {
    const command = rest.at(-1) as Command;
    const { pool } = command.opts<{ pool?: string }>();
    const client = await cli.api(command);
    const { id } = await findQueue(client, given, pool);
    await client.updateWorkQueue({ params: { id }, body: bodyOf(rest[0]) });
    await cli.print(describe(await client.readWorkQueue({ params: { id } }), cli));
  };
}

function numberOrNone(text: string): number | null {
  return text === 'none' ? null : wholeNumber(0, 1_000_000)(text);
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, second: 1, m: 60, minute: 60, h: 3600, hour: 3600 };

/** "10/minute", "5/30s". */
function rateOf(text: string): Rate {
  const [, runs, many = '1', unit = ''] = /^(\d+)\s*\/\s*(\d+)?\s*(s|second|m|minute|h|hour)s?$/.exec(text) ?? [];
  const rate = { runs: Number(runs), per_seconds: Number(many) * (SECONDS[unit] ?? 0) };
  if (rate.runs > 0 && rate.per_seconds > 0) return rate;
  throw new InvalidArgumentError('Expected runs and a time, such as 10/minute or 5/30s.');
}
