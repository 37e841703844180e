import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ChampionError, type Retry, toErrorRecord } from '@champion/core';
import { type AddressPolicy, checkHost, guardedLookup } from './address.ts';

export interface PostOptions {
  readonly policy: AddressPolicy;
  /** For all of it: the name, the connection, the request and what of the answer is read. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** What became of a request. */
export type Posted =
  | { readonly delivered: true; readonly status: number }
  | {
      readonly delivered: false;
      /** Null: there was no answer. */
      readonly status: number | null;
      readonly error: string;
      readonly retry: Retry;
    };

/** Of an answer no more is read: enough for what Slack says, too little to be a burden. */
const ANSWER_BYTES = 4_096;
const EXCERPT_CHARS = 300;
/** Statuses that say "later" or "my fault". */
const LATER = [408, 425, 429];

/**
 * Posts a body, and gives what came of it instead of throwing. Redirects are not followed: a target says where alerts go,
 * and the guard of addresses has looked at that alone.
 * @throws what `options.signal` was aborted with
 */
export async function post(
  address: string,
  payload: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  options: PostOptions,
): Promise<Posted> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([timeout, options.signal]);
  try {
    const url = new URL(address);
    checkHost(url, options.policy);
    const answer = await send(url, payload, options.policy, signal);
    try {
      return await judge(answer, signal);
    } finally {
      answer.destroy();
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (timeout.aborted) {
      const error = `no answer within ${options.timeoutMs / 1_000} s`;
      return { delivered: false, status: null, error, retry: 'backoff' };
    }
    const { message } = toErrorRecord(error);
    // What the guard refuses stays refused; a name that is not found may be found later.
    const retry = error instanceof ChampionError ? error.retry : 'backoff';
    return { delivered: false, status: null, error: message, retry };
  }
}

function send(
  url: URL,
  { body, headers }: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  policy: AddressPolicy,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        lookup: guardedLookup(policy),
        // A connection of its own: one that was kept alive was not looked at.
        agent: false,
        signal,
      },
      resolve,
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function judge(answer: IncomingMessage, signal: AbortSignal): Promise<Posted> {
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return { delivered: true, status };
  if (status >= 300 && status < 400) {
    const error = `it answered ${status}, a redirect${whither(answer)}, and redirects are not followed`;
    return { delivered: false, status, error, retry: 'never' };
  }
  const said = await excerpt(answer, signal);
  const later = LATER.includes(status) || status >= 500;
  return {
    delivered: false,
    status,
    error: `it answered ${status}${said === '' ? '' : `: ${said}`}`,
    retry: later ? (retryAfter(answer) ?? 'backoff') : 'never',
  };
}

/** The host alone: the rest of an address may be a secret. */
function whither({ headers: { location = '' } }: IncomingMessage): string {
  return URL.canParse(location) ? ` to ${new URL(location).host}` : '';
}

function retryAfter({ headers }: IncomingMessage): Retry | undefined {
  const seconds = Number(headers['retry-after']);
  return headers['retry-after'] !== undefined && Number.isFinite(seconds) && seconds >= 0
    ? { after: seconds * 1_000 }
    : undefined;
}

/** The beginning of what it says; the status alone tells enough when that does not come. */
async function excerpt(answer: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= ANSWER_BYTES || signal.aborted) break;
    }
  } catch {
    // It broke off; what came so far is shown.
  }
  const text = Buffer.concat(chunks).subarray(0, ANSWER_BYTES).toString();
  return text.replace(/\s+/g, ' ').trim().slice(0, EXCERPT_CHARS);
}
