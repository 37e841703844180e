import { ChampionError, toErrorRecord } from '@champion/core';

/** A service that somebody else runs, to which things are forwarded. */
export interface Service {
  /** In messages: "The MLflow server". */
  readonly name: string;
  /** Without user and password; `path` of a request is put behind it. */
  readonly url: string;
  /** The whole header; a secret. */
  readonly authorization: string | undefined;
}

export interface Question {
  readonly method: 'GET' | 'POST';
  /** With its query, beginning with a slash. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/** What it answered, whichever way. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

const WITHIN_MS = 15_000;
/** No answer that is of use is longer; what goes beyond it is not read. */
const ANSWER_BYTES = 1_000_000;
const EXCERPT_CHARS = 300;
/** What says that the thing sent is wrong, and will be wrong again. Anything else can be mended where it is sent to. */
const FINAL = [400, 413, 415, 422];

/**
 * Asks a service, and gives its answer whatever the status. Redirects are not followed: they would turn a POST into a GET.
 * @throws ChampionError UNREACHABLE, TIMEOUT; and what `signal` was aborted with
 */
export async function ask(service: Service, { method, path, body, signal }: Question): Promise<Answer> {
  const timeout = AbortSignal.timeout(WITHIN_MS);
  try {
    const response = await fetch(`${service.url}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([timeout, signal]),
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(service.authorization === undefined ? {} : { authorization: service.authorization }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await beginningOf(response) };
  } catch (error) {
    signal.throwIfAborted();
    const code = timeout.aborted ? 'TIMEOUT' : 'UNREACHABLE';
    const said = timeout.aborted ? `no answer within ${WITHIN_MS / 1_000} s` : reasonOf(error);
    throw new ChampionError(`${service.name} at ${service.url} can't be reached: ${said}`, {
      code,
      retry: 'backoff',
      hint: 'It is tried again until it answers; nothing is lost meanwhile.',
      context: { url: service.url },
      cause: error,
    });
  }
}

/** The error for an answer that is none of those one can go on with. */
export function refusedBy({ name, url }: Service, path: string, { status, text }: Answer): ChampionError {
  const said = text.replace(/\s+/g, ' ').trim().slice(0, EXCERPT_CHARS);
  const final = FINAL.includes(status);
  return new ChampionError(`${name} at ${url} answered ${status}${said === '' ? '' : `: ${said}`}`, {
    code: final ? 'INVALID_INPUT' : 'BUSY',
    retry: final ? 'never' : 'backoff',
    hint: final ? 'It will not take this; what comes after is sent all the same.' : 'Look at its address, key and log.',
    context: { url: `${url}${path}`, status },
  });
}

/**
 * A service by an address that may have user and password in it.
 * @param authorization goes before them
 */
export function serviceAt(name: string, address: string, authorization: string | undefined): Service {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const inUrl = username === '' ? undefined : basic(decodeURIComponent(username), decodeURIComponent(password));
  return { name, url: url.href.replace(/\/+$/, ''), authorization: authorization ?? inUrl };
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return toErrorRecord(inner).message;
}

async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop ends the connection.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}
