import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption, wholeNumber } from '../../options.ts';
import { localClock } from '../../output/time.ts';

interface Options {
  readonly fromBeginning: boolean;
  readonly limit?: number;
  readonly output: 'text' | 'json';
}

export function eventsTailCommand(parent: Command, cli: Cli): void {
  parent
    .command('tail')
    .description('follow what is sent to Kafka')
    .argument('[topic|dataset]', 'whose events; all of them when not given')
    .option('--from-beginning', 'begin with the oldest that Kafka has, not with the next', false)
    .option('--limit <n>', 'end after so many', wholeNumber(1, 1_000_000_000))
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `
Where Kafka is, KAFKA_BROKERS says, or the server of this home. JSON is one event a line. Ctrl-C ends it.

Examples:
  champion events tail bhavcopy
  champion events tail reference.nse.trading_calendar --from-beginning --limit 10
  champion events tail option-chain -o json | jq .value.last`,
    )
    .action(async (which: string | undefined, options: Options, command: Command) => {
      const config = await cli.config(command);
      const { followEvents } = await import('@champion/server');
      const { output, fromBeginning, limit } = options;
      await cli.interruptible(async ({ signal }) => {
        const events = followEvents(config, {
          which,
          fromBeginning,
          signal,
          ...(limit === undefined ? {} : { limit }),
          onReady: () => {
            if (output === 'text' && !fromBeginning) void cli.note('waiting for events… (Ctrl-C ends this)\n');
          },
        });
        for await (const event of events) {
          const { topic, key, timestamp, value } = event;
          const line =
            output === 'json'
              ? JSON.stringify(event)
              : `${cli.out.dim(localClock(timestamp))} ${cli.out.cyan(topic)} ${cli.out.bold(key)} ${JSON.stringify(value)}`;
          await cli.print(`${line}\n`);
        }
      });
    });
}
