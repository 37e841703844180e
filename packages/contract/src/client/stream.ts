import { ChampionError, retryOf } from '@champion/core';
import { HEARTBEAT_MS } from '../events/format.ts';
import { ServerSentEventParser } from '../events/parser.ts';
import type { HttpRequest, Transport } from './transport.ts';

/** How a broken stream is taken up again. */
export interface ReconnectOptions {
  /** Failures one after the other, without an event between, before the stream gives up; 20 unless said otherwise. */
  readonly attempts?: number;
  /** The first pause; it doubles with each failure. 500 unless said otherwise, or what the server asks for. */
  readonly delayMs?: number;
  /** A connection on which nothing comes for so long, not even a heartbeat, is taken for dead. */
  readonly silenceMs?: number;
}

const MAX_DELAY_MS = 10_000;

/**
 * The data of a stream's events, over as many connections as it takes: each goes on after the last event of the one
 * before. Ends when the server says so or `signal` aborts.
 * @throws ChampionError UNREACHABLE when there is no server at first, or none for `attempts` tries; what the server said
 *   when it refuses
 */
export async function* readStream(
  transport: Transport,
  request: Omit<HttpRequest, 'signal' | 'accept' | 'body'>,
  signal: AbortSignal | undefined,
  reconnect: ReconnectOptions,
): AsyncGenerator<unknown, void, undefined> {
  const { attempts = 20, silenceMs = 3 * HEARTBEAT_MS } = reconnect;
  let { delayMs = 500 } = reconnect;
  let lastId = '';
  let connected = false;
  for (let failures = 0; !signal?.aborted; ) {
    const connection = new AbortController();
    const stop = () => connection.abort();
    signal?.addEventListener('abort', stop, { once: true });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(timer);
      timer = setTimeout(stop, silenceMs);
    };
    let failure: unknown = new Error('the server closed the connection');
    try {
      listen();
      const response = await transport.send({
        ...request,
        body: undefined,
        accept: 'text/event-stream',
        headers: lastId === '' ? {} : { 'last-event-id': lastId },
        signal: connection.signal,
      });
      connected = true;
      if (response.status === 204 || response.body === null) return;
      const parser = new ServerSentEventParser(lastId);
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        listen();
        const { done, value } = await reader.read();
        if (done) break;
        for (const event of parser.push(decoder.decode(value, { stream: true }))) {
          failures = 0;
          lastId = event.id;
          if (event.event === 'end') return;
          if (event.event !== 'message') continue;
          // While the events are looked at nobody listens, and nobody can be silent.
          clearTimeout(timer);
          yield dataOf(event.data);
        }
        delayMs = parser.retryMs ?? delayMs;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof ChampionError && (!connected || retryOf(error) === 'never')) throw error;
      if (!connected && connection.signal.aborted) throw transport.unreachable(new Error('it stays silent'));
      failure = error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      // Also when the reader of the events has enough.
      connection.abort();
    }
    failures++;
    if (failures >= attempts) throw failure instanceof ChampionError ? failure : transport.unreachable(failure);
    await pause(Math.min(delayMs * 2 ** (failures - 1), MAX_DELAY_MS), signal);
  }
}

function dataOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ChampionError('an event of the stream is not JSON', {
      code: 'CORRUPT',
      hint: 'Is the address that of a Champion server?',
      context: { data: text.slice(0, 200) },
      cause,
    });
  }
}

/** Waits, or until `signal` aborts. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done, { once: true });
  });
}
