import { ChampionError } from '@champion/core';
import { errorOfAnswer } from '../problem.ts';
import { API_PREFIX } from '../words.ts';

/** `fetch`, or something like it: `(url, init) => app.request(url, init)` talks to a server in this process. */
export type FetchLike = (url: string, init: RequestInit) => Response | Promise<Response>;

export interface TransportOptions {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly fetch: FetchLike;
}

export interface HttpRequest {
  readonly method: string;
  /** Below /api, filled in. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly accept: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Sends requests; what is not a success is thrown. */
export class Transport {
  readonly #root: string;
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    // Prefect's setting of the same kind ends in /api; both are understood.
    this.#root = options.baseUrl.replace(/\/+$/, '').replace(/\/api$/, '') + API_PREFIX;
    this.#options = options;
  }

  /** @throws ChampionError what the server said, or UNREACHABLE; an abort is thrown as it is */
  async send(request: HttpRequest): Promise<Response> {
    const { method, body, accept, signal } = request;
    const url = this.url(request);
    const { apiKey } = this.#options;
    let response: Response;
    try {
      response = await this.#options.fetch(url, {
        method,
        signal,
        headers: {
          accept,
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      throw this.unreachable(error);
    }
    if (response.ok) return response;
    const text = await response.text();
    throw errorOfAnswer(
      { status: response.status, retryAfter: response.headers.get('retry-after'), text },
      { method, url },
    );
  }

  url({ path, query }: Pick<HttpRequest, 'path' | 'query'>): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined || value === null) continue;
      parameters.set(name, Array.isArray(value) ? value.join(',') : String(value));
    }
    const text = parameters.toString();
    return `${this.#root}${path}${text === '' ? '' : `?${text}`}`;
  }

  unreachable(cause: unknown): ChampionError {
    const server = this.#root.slice(0, -API_PREFIX.length) || 'the server';
    return new ChampionError(`no answer from ${server}`, {
      code: 'UNREACHABLE',
      retry: 'backoff',
      hint: 'Start the server with: champion up. If it runs elsewhere, set CHAMPION_API_URL to its address.',
      context: { url: this.#root, reason: reasonOf(cause) },
      cause,
    });
  }
}

/** fetch says only "fetch failed"; why stands in the cause. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : undefined;
  return (inner instanceof Error && inner.message !== '' ? inner.message : code) ?? String(error);
}
