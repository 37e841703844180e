import { ChampionError, type Clock, type ErrorCode, type SourceRequest, systemClock } from '@champion/core';
import { classify } from './classify.ts';
import { type CookieSession, createCookieSession } from './cookies/cookie-session.ts';
import { type Accepts, baseUrl, type Endpoint, endpointOf, endpointUrl, type HostName } from './endpoints.ts';
import { ACCEPT_ENCODING } from './http/body.ts';
import { createHttpClient, defaultTimeouts, type HttpAnswer, type Timeouts } from './http/client.ts';
import { linkSignals } from './http/link-signals.ts';
import { isProtocolError } from './http/transport-error.ts';
import { createPacer, type Pacer } from './pacing/pacer.ts';

export interface ExchangeOptions {
  /** Base URL of the host that serves files. */
  readonly archivesUrl: string;
  /** Base URL of the host that serves pages and the API (under its /api). */
  readonly siteUrl: string;
  readonly clock?: Clock | undefined;
  /** Per host; Infinity for no limit. Default 3, which the exchange tolerates. */
  readonly requestsPerSecond?: number | undefined;
  /** Replaces the pacing of this process, for example by a lease that several processes share. */
  readonly pacer?: Pacer | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Limit on an answer's bytes, as sent and again as decoded. Default 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Endpoints that replace or extend the table, by name. */
  readonly endpoints?: Readonly<Record<string, Endpoint>> | undefined;
  /** Called once for each HTTP request, when it has ended. */
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
}

export interface RequestEvent {
  /** Name in the endpoint table; "home" for the visit that brings the cookies, "probe" for a test. */
  readonly endpoint: string;
  readonly url: string;
  readonly host: string;
  readonly outcome: 'OK' | 'REDIRECT' | ErrorCode;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  /** From sending the request to the end of its answer; waiting for a turn is not in it. */
  readonly ms: number;
  /** Bytes of the decoded body. */
  readonly bytes: number;
}

/** What the exchange answered, judged to be what the endpoint serves. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  /** Lower-case names; without cookies. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly fetchedAt: Date;
}

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told about what a person who waits would want to know: pauses, renewed cookies. */
  readonly log?: ((message: string) => void) | undefined;
}

export interface ProbeResult {
  readonly name: HostName;
  readonly url: string;
  /** The host gave an HTTP answer, whichever. */
  readonly reachable: boolean;
  /** It answered, but in the way it turns machines away. */
  readonly blocked: boolean;
  readonly status: number | undefined;
  readonly ms: number;
  readonly message: string;
}

export interface Exchange {
  /**
   * Asks once: no retry, which is the caller's decision by `ChampionError.retry`.
   * @throws ChampionError NOT_FOUND, BLOCKED, CORRUPT, UNREACHABLE, TIMEOUT, CANCELLED, BUSY or INVALID_INPUT, with the
   * evidence (url, status, contentType, firstBytes, bytes) in its context
   */
  fetch(request: SourceRequest, options?: FetchOptions): Promise<Answer>;
  /** Tests whether each host can be reached. Failures are results. */
  probe(options?: FetchOptions): Promise<ProbeResult[]>;
  /** Cancels what is under way and ends the connections. */
  close(): Promise<void>;
}

interface Question {
  readonly endpoint: string;
  readonly url: URL;
  readonly accept: Accepts | 'html';
  /** Send the session's cookies and keep those that come back. */
  readonly cookies: boolean;
  readonly judge: (answer: HttpAnswer) => ChampionError | undefined;
}

const MAX_REDIRECTS = 3;
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const TURNED_AWAY = new Set([401, 403, 421, 429]);

const ACCEPT: Readonly<Record<Question['accept'], string>> = {
  zip: '*/*',
  csv: 'text/csv, */*;q=0.8',
  json: 'application/json, */*;q=0.8',
  html: 'text/html, */*;q=0.8',
};

/** A connection to the exchange. All callers of one Exchange share its pace, its cookies and its connections. */
export function createExchange(options: ExchangeOptions): Exchange {
  const { clock = systemClock, onRequest, endpoints } = options;
  const archives = baseUrl('archives', options.archivesUrl);
  const site = baseUrl('site', options.siteUrl);
  const pacer = options.pacer ?? createPacer({ requestsPerSecond: options.requestsPerSecond ?? 3, clock });
  const client = createHttpClient({
    timeouts: { ...defaultTimeouts, ...options.timeouts },
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
  });
  const closing = new AbortController();

  const session: CookieSession = createCookieSession({
    homeUrl: site,
    clock,
    visitHome: async () => {
      const judge = (answer: HttpAnswer) => (answer.status === 200 ? undefined : classify(answer, 'json', clock));
      // Shared by all who wait for it: only the end of the exchange cancels it.
      await send({ endpoint: 'home', url: site, accept: 'html', cookies: true, judge }, { signal: closing.signal });
    },
  });

  async function headersFor(question: Question, url: URL): Promise<Record<string, string>> {
    const cookie = question.cookies ? await session.header(url) : '';
    return {
      // Says what it is; the exchange serves no client without the word Mozilla.
      'user-agent': 'Mozilla/5.0 (compatible; Champion/0.1)',
      accept: ACCEPT[question.accept],
      'accept-language': 'en-IN,en;q=0.9',
      'accept-encoding': ACCEPT_ENCODING,
      ...(question.cookies && question.accept !== 'html' ? { referer: site.href } : {}),
      ...(cookie === '' ? {} : { cookie }),
    };
  }

  /** Asks, follows redirects on the same host, and judges the answer. */
  async function send(question: Question, { signal, log }: { signal: AbortSignal; log?: FetchOptions['log'] }) {
    let url = question.url;
    for (let hop = 0; ; hop++) {
      await pacer.acquire(url.host, signal, (until) =>
        log?.(`${url.host} asked for a pause: waiting until ${new Date(until).toISOString()}`),
      );
      const next = await sendOnce(question, url, hop < MAX_REDIRECTS, signal);
      if (!(next instanceof URL)) return next;
      url = next;
    }
  }

  async function sendOnce(
    question: Question,
    url: URL,
    mayRedirect: boolean,
    signal: AbortSignal,
  ): Promise<HttpAnswer | URL> {
    const startedAt = performance.now();
    let answer: HttpAnswer | undefined;
    let outcome: RequestEvent['outcome'] = 'INTERNAL';
    try {
      answer = await client.get(url, await headersFor(question, url), signal);
      if (question.cookies) await session.store(url, listOf(answer.headers['set-cookie']));
      const next = mayRedirect ? redirectOf(answer) : undefined;
      const error = next ? undefined : question.judge(answer);
      if (error) throw error;
      outcome = next ? 'REDIRECT' : 'OK';
      return next ?? answer;
    } catch (error) {
      if (!(error instanceof ChampionError)) throw error;
      outcome = error.code;
      const { retry } = error;
      if (answer?.status === 429 && typeof retry === 'object') {
        await pacer.pause(url.host, clock.now().getTime() + retry.after);
      }
      // The host says that this connection is not the one for it.
      if (answer?.status === 421) client.dropConnections();
      if (question.cookies && isProtocolError(error.cause)) session.drop();
      throw error;
    } finally {
      onRequest?.({
        endpoint: question.endpoint,
        url: url.href,
        host: url.host,
        outcome,
        status: answer?.status,
        ms: performance.now() - startedAt,
        bytes: answer?.bytes.length ?? 0,
      });
    }
  }

  async function sendWithCookies(question: Question, signal: AbortSignal, log: FetchOptions['log']) {
    const generation = await session.ready(question.url, signal);
    try {
      return await send(question, { signal, log });
    } catch (error) {
      const status = error instanceof ChampionError ? error.context.status : undefined;
      if (status !== 401 && status !== 403) throw error;
      log?.(`${question.url.host} answered ${status}: renewing its cookies and asking once more`);
      await session.renew(generation, signal);
      return send(question, { signal, log });
    }
  }

  async function fetch(request: SourceRequest, { signal, log }: FetchOptions = {}): Promise<Answer> {
    const { accept, cookies } = endpointOf(request.endpoint, endpoints);
    const url = endpointUrl(request.endpoint, {
      parameters: request.parameters,
      date: request.date,
      archivesUrl: options.archivesUrl,
      siteUrl: options.siteUrl,
      endpoints,
    });
    const judge = (answer: HttpAnswer) => classify(answer, accept, clock);
    const question = { endpoint: request.endpoint, url, accept, cookies, judge };
    const linked = linkSignals(closing.signal, signal);
    try {
      const answer = cookies
        ? await sendWithCookies(question, linked.signal, log)
        : await send(question, { signal: linked.signal, log });
      return {
        url: answer.url.href,
        status: answer.status,
        headers: plainHeaders(answer),
        bytes: answer.bytes,
        fetchedAt: clock.now(),
      };
    } finally {
      linked.unlink();
    }
  }

  async function probeHost(name: HostName, url: URL, { signal, log }: FetchOptions): Promise<ProbeResult> {
    const linked = linkSignals(closing.signal, signal);
    const startedAt = performance.now();
    const result = { name, url: url.href };
    try {
      const question: Question = { endpoint: 'probe', url, accept: 'html', cookies: false, judge: () => undefined };
      const { status } = await send(question, { signal: linked.signal, log });
      // The root of the file host is no page: any answer there is a good one.
      const blocked = TURNED_AWAY.has(status) && (name === 'site' || status === 429);
      const message = blocked ? `answers ${status}: it blocks this machine` : `answers (status ${status})`;
      return { ...result, reachable: true, blocked, status, ms: performance.now() - startedAt, message };
    } catch (error) {
      if (!(error instanceof ChampionError)) throw error;
      const message = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
      const ms = performance.now() - startedAt;
      return { ...result, reachable: false, blocked: false, status: undefined, ms, message };
    } finally {
      linked.unlink();
    }
  }

  return {
    fetch,
    probe: (options = {}) => Promise.all([probeHost('archives', archives, options), probeHost('site', site, options)]),
    async close() {
      closing.abort(new Error('the exchange client was closed'));
      await client.close();
    },
  };
}

/** Where to ask next, if the answer sends us on within the same host and not to a weaker protocol. */
function redirectOf(answer: HttpAnswer): URL | undefined {
  const { location } = answer.headers;
  if (!REDIRECTS.has(answer.status) || location === undefined || !URL.canParse(location, answer.url.href))
    return undefined;
  const next = new URL(location, answer.url);
  const protocolKept = next.protocol === answer.url.protocol || next.protocol === 'https:';
  return next.host === answer.url.host && protocolKept ? next : undefined;
}

function plainHeaders(answer: HttpAnswer): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    // Cookies are secrets, and these headers are stored beside the file.
    if (value !== undefined && name !== 'set-cookie') plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

/** The HTTP library gives a header that came once as text, whatever its types say. */
function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
