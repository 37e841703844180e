import { ChampionError, closest } from '@champion/core';
import { datasets } from '@champion/datasets';
import { type TailedEvent, type TopicStatus, tail } from '@champion/events';
import type { Config } from '../config.ts';
import { readStores } from '../home-files.ts';
import { openStack } from '../stack.ts';
import { Events } from './events.ts';
import { type EventsSummary, summaryOf } from './summary.ts';

/** A topic that a dataset's rows are sent to, and of whose rows it consists. */
interface EventTopic {
  readonly topic: string;
  readonly dataset: string;
}

const eventTopics: readonly EventTopic[] = datasets.flatMap(({ name, topics }) =>
  [topics.rows, ...(topics.published === undefined ? [] : [topics.published.topic])].map((topic) => ({
    topic,
    dataset: name,
  })),
);

export interface EventsStatus extends EventsSummary {
  readonly brokers: readonly string[];
  readonly topics: readonly TopicStatus[];
}

/**
 * Follows what is sent to a topic, to a dataset's topics, or to all of them.
 * @param config as far as it goes; a server of the same home knows where Kafka is, too
 * @param which topic or dataset
 * @throws ChampionError CONFIG when nobody says where Kafka is, INVALID_INPUT for a name that is neither
 */
export async function* followEvents(
  config: Config,
  options: {
    readonly which: string | undefined;
    readonly fromBeginning: boolean;
    readonly limit?: number;
    readonly signal: AbortSignal;
    readonly onReady?: () => void;
  },
): AsyncGenerator<TailedEvent> {
  const { which, ...rest } = options;
  const topics = topicsOf(which);
  const brokers = await brokersOf(config);
  if (brokers === undefined) throw noBrokers();
  yield* tail({ brokers, topics, ...rest });
}

/**
 * What waits, what was sent and what went wrong, by the outbox of the database.
 * @throws ChampionError CONFIG when nobody says where Kafka is, and nothing waits
 */
export async function eventsStatus(config: Config): Promise<EventsStatus> {
  const brokers = await brokersOf(config);
  const databaseUrl = config.databaseUrl ?? (await readStores(config.home))?.databaseUrl;
  const topics = databaseUrl === undefined ? await readOwn(config) : await read(databaseUrl);
  const summary = summaryOf(topics);
  if (brokers === undefined && summary.waiting === 0) throw noBrokers();
  return { brokers: brokers ?? [], topics, ...summary };
}

/** Without a server the stores are ours to open. */
async function readOwn(config: Config): Promise<TopicStatus[]> {
  // Only looked at: nothing is sent at the end.
  const stack = await openStack({ ...config, kafkaBrokers: undefined });
  try {
    return await read(await stack.databaseUrl());
  } finally {
    await stack.close();
  }
}

async function read(databaseUrl: string): Promise<TopicStatus[]> {
  const events = new Events({
    brokers: undefined,
    databaseUrl: async () => databaseUrl,
    lakeRoot: async () => '',
    flushes: false,
    log: () => undefined,
  });
  try {
    return await (await events.outbox()).status();
  } finally {
    await events.close();
  }
}

async function brokersOf(config: Config): Promise<readonly string[] | undefined> {
  return config.kafkaBrokers ?? (await readStores(config.home))?.kafkaBrokers;
}

function topicsOf(which: string | undefined): readonly string[] {
  const found = eventTopics.filter(({ topic, dataset }) => which === undefined || which === topic || which === dataset);
  if (found.length > 0) return found.map(({ topic }) => topic);
  const known = eventTopics.flatMap(({ topic, dataset }) => [topic, dataset]);
  const meant = closest(which ?? '', known);
  throw new ChampionError(`${which} is neither a topic nor a dataset`, {
    code: 'INVALID_INPUT',
    hint:
      meant === undefined
        ? `The topics are ${eventTopics.map(({ topic }) => topic).join(', ')}.`
        : `Did you mean ${meant}?`,
    context: { given: which },
  });
}

function noBrokers(): ChampionError {
  return new ChampionError('events are not sent anywhere: KAFKA_BROKERS is not set', {
    code: 'CONFIG',
    hint: 'Set KAFKA_BROKERS=host:port to where Kafka answers, for the server as well; see docs/how-to/events.md.',
    context: { missing: 'KAFKA_BROKERS' },
  });
}
