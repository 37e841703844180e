import { setTimeout as sleep } from 'node:timers/promises';
import { ChampionError } from '@champion/core';
import { type BaseOptions, compatibilityPartitioner, Producer, stringSerializers } from '@platformatic/kafka';
import type { Sender } from './sender.ts';

const CONNECT_WITHIN_MS = 3_000;
const ANSWER_WITHIN_MS = 10_000;
/** Of one batch, repetitions included. */
const SEND_WITHIN_MS = 20_000;
const RETRIES = 3;
const RETRY_DELAY_MS = 200;
const CLOSE_WITHIN_MS = 3_000;

/** What every client of a cluster is made with. @param brokers "host:port" each */
export function clientOptions(brokers: readonly string[]): BaseOptions {
  return {
    clientId: 'champion',
    bootstrapBrokers: [...brokers],
    connectTimeout: CONNECT_WITHIN_MS,
    requestTimeout: ANSWER_WITHIN_MS,
    timeout: ANSWER_WITHIN_MS,
    retries: RETRIES,
    retryDelay: RETRY_DELAY_MS,
  };
}

/**
 * A producer whose retries Kafka recognises, and which is content when all in-sync replicas have a batch. Nothing is asked
 * of the brokers before the first batch.
 */
export function openSender(brokers: readonly string[]): Sender {
  const producer = new Producer({
    ...clientOptions(brokers),
    idempotent: true,
    // Topics that nobody has made come with the broker's defaults, where it allows that.
    autocreateTopics: true,
    // As Kafka's own clients do, so that others may write to the same topics and find the same partitions.
    partitioner: compatibilityPartitioner,
    serializers: stringSerializers,
  });
  return {
    send: async (topic, messages, signal) => {
      await asked(brokers, SEND_WITHIN_MS, signal, () =>
        producer.send({
          messages: messages.map(({ key, value, headers }) => ({ topic, key, value, headers: { ...headers } })),
        }),
      );
    },
    close: () => closed(() => producer.close(true)),
  };
}

/**
 * What a cluster answers, in time.
 * @throws ChampionError UNREACHABLE when none of the brokers does, STORE_FAILED when one refuses
 */
export async function asked<T>(
  brokers: readonly string[],
  withinMs: number,
  signal: AbortSignal | undefined,
  ask: () => Promise<T>,
): Promise<T> {
  const late = AbortSignal.timeout(withinMs);
  const over = signal === undefined ? late : AbortSignal.any([signal, late]);
  let giveUp = (): void => undefined;
  const given = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error(late.aborted ? `no answer within ${withinMs / 1_000} s` : 'it was not waited for'));
    over.addEventListener('abort', giveUp, { once: true });
    if (over.aborted) giveUp();
  });
  try {
    return await Promise.race([ask(), given]);
  } catch (cause) {
    throw failure(brokers, cause);
  } finally {
    over.removeEventListener('abort', giveUp);
  }
}

/** Ends a client; one that does not end in time is left to itself. */
export async function closed(close: () => unknown): Promise<void> {
  const timer = new AbortController();
  const late = sleep(CLOSE_WITHIN_MS, undefined, { signal: timer.signal }).catch(() => undefined);
  // A connection that was lost can't be closed, and that is no loss.
  await Promise.race([(async () => close())().catch(() => undefined), late]);
  timer.abort();
}

/** What a client's error means to who uses it. */
export function failure(brokers: readonly string[], cause: unknown): ChampionError {
  const refusal = refusalIn(cause);
  if (refusal !== undefined) {
    return new ChampionError(`Kafka refuses: ${refusal}`, {
      code: 'STORE_FAILED',
      retry: 'backoff',
      hint: "See the broker's log; a topic may have to be made first, or this client may lack the right to it.",
      context: { brokers },
      cause,
    });
  }
  return new ChampionError(`Kafka at ${brokers.join(', ')} does not answer: ${reasonOf(cause)}`, {
    code: 'UNREACHABLE',
    retry: 'backoff',
    hint: 'Check KAFKA_BROKERS, and that a broker runs there whose advertised address this machine can reach.',
    context: { brokers },
    cause,
  });
}

/** What a broker has answered, if one did: an error of Kafka's protocol. */
function refusalIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { apiId } = error as { apiId?: unknown };
  if (typeof apiId === 'string') return `${apiId}: ${error.message}`;
  const inner = error instanceof AggregateError ? error.errors : [];
  return [...inner, error.cause].map(refusalIn).find((found) => found !== undefined);
}

/** The innermost message: those around it say that something failed. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors.at(-1));
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
