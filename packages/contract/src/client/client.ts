import { ChampionError } from '@champion/core';
import { operations } from '../operations.gen.ts';
import type { Answer, Event, OperationId, Request, StreamId } from '../routes.ts';
import { fileOf } from './file.ts';
import { type ReconnectOptions, readStream } from './stream.ts';
import { type FetchLike, type HttpRequest, Transport } from './transport.ts';

export interface ClientOptions {
  /** Where the server is: "http://127.0.0.1:4200"; "" for the one that a page came from. A "/api" at its end may stand. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** Default: the global fetch. */
  readonly fetch?: FetchLike | undefined;
  /** A request takes no longer; 30,000 unless said otherwise. Streams have no end. */
  readonly timeoutMs?: number | undefined;
  /** Holds every answer against the contract: for development and tests, for it loads the schemas. */
  readonly validate?: boolean | undefined;
  readonly reconnect?: ReconnectOptions | undefined;
}

/** Without anything required, the argument may be left out. */
type Call<Sent, Result> = Record<never, never> extends Sent ? (request?: Sent) => Result : (request: Sent) => Result;

/**
 * A method for each operation. It takes `{ params, query, body, signal }`, as far as the route has them, and gives the
 * answer's body; a stream's gives its events to `for await`, and a file's the file, which ends by `signal` alone.
 * @throws ChampionError what the server said, with its code and hint; UNREACHABLE, TIMEOUT, or CANCELLED by the signal
 */
export type Client = {
  readonly [Op in OperationId]: Op extends StreamId
    ? Call<Request<Op>, AsyncGenerator<Event<Op>, void, undefined>>
    : Call<Request<Op>, Promise<Answer<Op>>>;
};

interface AnyRequest {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** The typed client of the API. It needs no schemas, so that a command starts quickly. */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, apiKey, timeoutMs = 30_000, validate = false, reconnect = {} } = options;
  const transport = new Transport({ baseUrl, apiKey, fetch: options.fetch ?? ((url, init) => fetch(url, init)) });

  async function call(operationId: OperationId, request: AnyRequest): Promise<unknown> {
    const { method, path, file } = operations[operationId];
    // A file comes for as long as it takes.
    const deadline = file ? new AbortController().signal : AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
    const sent: HttpRequest = {
      ...filledIn(path, request),
      method,
      // A body that may be left out is sent all the same: some servers refuse a request that has none.
      body: method === 'GET' || method === 'DELETE' ? undefined : (request.body ?? {}),
      accept: file ? '*/*' : 'application/json',
      signal,
    };
    try {
      const response = await transport.send(sent);
      if (file) return fileOf(response);
      const text = await response.text();
      const body = text === '' ? undefined : readJson(text, response, transport.url(sent));
      if (validate) (await import('./validate.ts')).checkAnswer(operationId, response.status, body);
      return body;
    } catch (error) {
      if (error instanceof ChampionError) throw error;
      if (request.signal?.aborted) throw cancelled(operationId, error);
      if (deadline.aborted) throw timedOut(transport.url(sent), timeoutMs, error);
      throw transport.unreachable(error);
    }
  }

  async function* stream(operationId: OperationId, request: AnyRequest): AsyncGenerator<unknown, void, undefined> {
    const { method, path } = operations[operationId];
    const sent = { ...filledIn(path, request), method };
    for await (const data of readStream(transport, sent, request.signal, reconnect)) {
      if (validate) (await import('./validate.ts')).checkAnswer(operationId, 'event', data);
      yield data;
    }
  }

  const methods = Object.entries(operations).map(([operationId, { streams }]) => {
    const method = streams ? stream : call;
    return [operationId, (request: AnyRequest = {}) => method(operationId as OperationId, request)] as const;
  });
  // What each method takes and gives is the route table's to say; the loop over all of them cannot.
  return Object.fromEntries(methods) as unknown as Client;
}

function filledIn(path: string, { params = {}, query = {} }: AnyRequest): Pick<HttpRequest, 'path' | 'query'> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value !== undefined && value !== '') return encodeURIComponent(String(value));
    throw new ChampionError(`${name} is empty, and ${path} needs it`, { code: 'INVALID_INPUT', context: { path } });
  });
  return { path: filled, query };
}

function readJson(text: string, response: Response, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ChampionError(`${url} answered with something that is not JSON`, {
      code: 'CONFIG',
      hint: 'Is CHAMPION_API_URL the address of a Champion server?',
      context: { url, content_type: response.headers.get('content-type'), first_characters: text.slice(0, 80) },
      cause,
    });
  }
}

function cancelled(operationId: OperationId, cause: unknown): ChampionError {
  return new ChampionError(`${operationId} was cancelled`, { code: 'CANCELLED', cause });
}

function timedOut(url: string, timeoutMs: number, cause: unknown): ChampionError {
  return new ChampionError(`${url} took longer than ${timeoutMs / 1000} s`, {
    code: 'TIMEOUT',
    retry: 'backoff',
    hint: 'The server is busy: try again, or ask for less.',
    cause,
  });
}
