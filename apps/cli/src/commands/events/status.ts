import type { EventsStatus } from '@champion/server';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { renderTable } from '../../output/table.ts';
import { localTime } from '../../output/time.ts';

export function eventsStatusCommand(parent: Command, cli: Cli): void {
  parent
    .command('status')
    .description('what waits to be sent to Kafka, what was sent last, and what went wrong')
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText(
      'after',
      `
It looks into the outbox of this home, or of DATABASE_URL.

Examples:
  champion events status
  champion events status -o json`,
    )
    .action(async ({ output }: { output: 'table' | 'json' }, command: Command) => {
      const { eventsStatus, waitingText } = await import('@champion/server');
      const status = await eventsStatus(await cli.config(command));
      if (output === 'json') return cli.print(`${JSON.stringify(jsonOf(status), null, 2)}\n`);
      await cli.print(tableOf(status, cli));
      const { brokers, failing } = status;
      const where = brokers.length === 0 ? 'KAFKA_BROKERS is not set: nothing is sent' : brokers.join(', ');
      await cli.note(`${where}; ${waitingText(status)}\n`);
      if (failing !== null) await cli.note(`${cli.err.red('The last try failed:')} ${failing}\n`);
    });
}

/** In the names that the API's answers have. */
function jsonOf({ brokers, waiting, waitingRows, oldest, lastSentAt, failing, topics }: EventsStatus) {
  return {
    brokers,
    waiting_files: waiting,
    waiting_rows: waitingRows,
    waiting_since: oldest,
    last_sent_at: lastSentAt,
    failing,
    topics: topics.map((topic) => ({
      topic: topic.topic,
      waiting_files: topic.waiting,
      waiting_rows: topic.waitingRows,
      waiting_since: topic.oldest,
      sent_rows: topic.sentRows,
      last_sent_at: topic.lastSentAt,
      failures: topic.failures,
      last_error: topic.lastError,
      last_error_at: topic.lastErrorAt,
    })),
  };
}

function tableOf({ topics }: EventsStatus, cli: Cli): string {
  const number = (count: number) => count.toLocaleString('en-US');
  const time = (at: Date | null) => (at === null ? '' : localTime(at));
  const rows = topics.map((topic) => [
    topic.topic,
    number(topic.waiting),
    number(topic.waitingRows),
    number(topic.sentRows),
    time(topic.lastSentAt),
    number(topic.failures),
    time(topic.lastErrorAt),
  ]);
  const columns = [
    { header: 'topic', flexible: true },
    { header: 'files waiting', align: 'right' } as const,
    { header: 'rows waiting', align: 'right' } as const,
    { header: 'rows sent', align: 'right' } as const,
    { header: 'last sent' },
    { header: 'failures', align: 'right' } as const,
    { header: 'last failure', spare: true },
  ];
  return renderTable(columns, rows, cli.out, cli.width);
}
