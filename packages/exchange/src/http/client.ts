import type { IncomingHttpHeaders } from 'node:http';
import { ChampionError } from '@champion/core';
import { Agent } from 'undici';
import { BodyTooLargeError, readBody } from './body.ts';
import { type Attempt, DeadlineError, isProtocolError, transportError } from './transport-error.ts';

/** All in milliseconds. */
export interface Timeouts {
  /** To open a connection, name look-up and TLS included. */
  readonly connectMs: number;
  /** From the open connection to the end of the answer's headers. */
  readonly headersMs: number;
  /** Of silence between two pieces of a body. */
  readonly idleMs: number;
  /** For a whole body, however steadily it drips. */
  readonly bodyMs: number;
}

export const defaultTimeouts: Timeouts = { connectMs: 10_000, headersMs: 20_000, idleMs: 15_000, bodyMs: 120_000 };

export interface HttpAnswer {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The decoded body; of an answer other than 200 no more than its beginning. */
  readonly bytes: Uint8Array;
}

export interface HttpClient {
  /**
   * One GET: no redirect, no retry. Any status is an answer.
   * @throws ChampionError UNREACHABLE, TIMEOUT, CORRUPT (too large, undecodable) or CANCELLED
   */
  get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer>;
  /** Later requests open new connections; those under way end on theirs. */
  dropConnections(): void;
  /** Ends all connections. Callers cancel the requests under way first. */
  close(): Promise<void>;
}

/** Enough of an error page to recognise it. */
const EVIDENCE_BYTES = 64 * 1024;
const CONNECTIONS_PER_HOST = 8;

export function createHttpClient(options: { timeouts: Timeouts; maxBodyBytes: number }): HttpClient {
  const { timeouts, maxBodyBytes } = options;
  const dropped = new Set<Promise<void>>();
  const newAgent = () =>
    new Agent({
      connect: { timeout: timeouts.connectMs },
      connections: CONNECTIONS_PER_HOST,
      // The deadlines below replace these two, whose clock ticks only about once a second.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  let agent = newAgent();

  function dropConnections(): void {
    const old = agent;
    agent = newAgent();
    const closed = old.close().finally(() => dropped.delete(closed));
    dropped.add(closed);
  }

  async function get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    const attempt: { -readonly [K in keyof Attempt]: Attempt[K] } = { url: url.href, host: url.host, bytes: 0 };
    const abort = new AbortController();
    const stop = () => abort.abort();
    const deadline = (ms: number, what: string) =>
      setTimeout(() => abort.abort(new DeadlineError(`${what} ${ms / 1000} s`)), ms);
    signal.addEventListener('abort', stop, { once: true });
    const timers = [deadline(timeouts.connectMs + timeouts.headersMs, 'did not answer within')];

    try {
      signal.throwIfAborted();
      const response = await agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'GET',
        headers,
        signal: abort.signal,
      });
      clearTimeout(timers.pop());
      attempt.status = response.statusCode;
      attempt.contentType = textOf(response.headers['content-type']);
      const announced = Number(response.headers['content-length'] ?? Number.NaN);
      if (Number.isFinite(announced)) attempt.expected = announced;
      const idle = deadline(timeouts.idleMs, 'stopped sending for');
      timers.push(idle, deadline(timeouts.bodyMs, 'had not sent its whole answer within'));

      const ok = response.statusCode === 200;
      if (ok && announced > maxBodyBytes) {
        response.body.on('error', () => {}).destroy();
        throw new BodyTooLargeError(`${announced} bytes are announced, the limit is ${maxBodyBytes}`);
      }
      const body = await readBody(response.body, {
        encoding: textOf(response.headers['content-encoding']),
        maxBytes: ok ? maxBodyBytes : EVIDENCE_BYTES,
        onChunk: (bytes) => {
          attempt.bytes += bytes;
          idle.refresh();
        },
      });
      // Of an error page the beginning is enough: a broken end must not hide the status.
      if ('error' in body && (ok || signal.aborted)) throw body.error;
      return { url, status: response.statusCode, headers: response.headers, bytes: body.bytes };
    } catch (error) {
      if (signal.aborted) {
        throw new ChampionError(`cancelled while asking ${url.host}`, {
          code: 'CANCELLED',
          context: { url: url.href },
          cause: signal.reason,
        });
      }
      if (isProtocolError(error)) dropConnections();
      throw transportError(abort.signal.aborted ? abort.signal.reason : error, attempt);
    } finally {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  return {
    get,
    dropConnections,
    async close() {
      await Promise.all([agent.destroy(), ...dropped]);
    },
  };
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
