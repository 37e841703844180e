import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { ChampionError, closest } from '@champion/core';
import { Admin, Consumer, type MessagesStream, stringDeserializers } from '@platformatic/kafka';
import { asked, clientOptions, closed, failure } from './kafka.ts';

/** An event as it stands in Kafka. */
export interface TailedEvent {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** When it was sent. */
  readonly timestamp: Date;
  readonly key: string;
  /** The envelope and the row; text when it is no JSON. */
  readonly value: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TailOptions {
  /** "host:port" each. */
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  /** Otherwise only what is sent from now on. */
  readonly fromBeginning?: boolean;
  /** Ends after so many events; otherwise only with the signal. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  /** Called once, when everything that is sent from then on will be seen. */
  readonly onReady?: () => void;
}

const ANSWER_WITHIN_MS = 15_000;
const MOST_WAITING = 1_000;

type Stream = MessagesStream<string, string, string, string>;

/**
 * Reads topics as they grow. It leaves nothing behind that another reader would notice.
 * @throws ChampionError UNREACHABLE when no broker answers, NOT_FOUND when none of the topics is there
 */
export async function* tailEvents(options: TailOptions): AsyncGenerator<TailedEvent> {
  const { brokers, limit = Number.POSITIVE_INFINITY, signal } = options;
  const topics = await present(brokers, options.topics, signal);
  const groupId = `champion-tail-${randomUUID()}`;
  const consumer = new Consumer({
    ...clientOptions(brokers),
    groupId,
    autocommit: false,
    highWaterMark: MOST_WAITING,
    deserializers: stringDeserializers,
  });
  let stream: Stream | undefined;
  const stop = () => stream?.destroy();
  try {
    stream = await asked(brokers, ANSWER_WITHIN_MS, signal, () =>
      consumer.consume({ topics: [...topics], mode: options.fromBeginning === true ? 'earliest' : 'latest' }),
    );
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) return;
    // Only now does it know where each partition ends.
    if (stream.offsetsToFetch.size === 0) await once(stream, 'offsets', signal === undefined ? {} : { signal });
    options.onReady?.();
    let seen = 0;
    for await (const message of stream) {
      const { topic, partition, offset, timestamp, key, headers } = message;
      yield {
        topic,
        partition,
        offset: String(offset),
        timestamp: new Date(Number(timestamp)),
        key,
        value: parsed(message.value),
        headers: Object.fromEntries(headers),
      };
      seen++;
      if (seen >= limit) return;
    }
  } catch (error) {
    if (signal?.aborted) return;
    throw error instanceof ChampionError ? error : failure(brokers, error);
  } finally {
    signal?.removeEventListener('abort', stop);
    await closed(() => consumer.close(true));
    await forget(brokers, groupId);
  }
}

/** Of the topics those that the cluster has. */
async function present(
  brokers: readonly string[],
  wanted: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const admin = new Admin(clientOptions(brokers));
  try {
    const there = await asked(brokers, ANSWER_WITHIN_MS, signal, () => admin.listTopics());
    const found = wanted.filter((topic) => there.includes(topic));
    if (found.length > 0) return found;
    const [first = ''] = wanted;
    const meant = closest(first, there);
    throw new ChampionError(`Kafka has no topic ${wanted.join(', ')}`, {
      code: 'NOT_FOUND',
      hint: meant === undefined ? 'A topic is made when the first rows are sent to it.' : `Did you mean ${meant}?`,
      context: { brokers, wanted },
    });
  } finally {
    await closed(() => admin.close());
  }
}

async function forget(brokers: readonly string[], groupId: string): Promise<void> {
  const admin = new Admin({ ...clientOptions(brokers), retries: 0 });
  await closed(() => admin.deleteGroups({ groups: [groupId] }));
  await closed(() => admin.close());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
