import { ChampionError, type ErrorCode } from '@champion/core';
import { readApiKey } from '../../app/api-key.ts';
import { setConnection } from '../../app/connection.ts';

/** Where MLflow's own pages ask. */
const PREFIX = '/ajax-api/2.0';
const WITHIN_MS = 30_000;

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'INVALID_INPUT',
  401: 'CONFIG',
  403: 'CONFIG',
  404: 'NOT_FOUND',
  503: 'UNREACHABLE',
};

export interface Asked {
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  /** Sent by POST, as JSON. */
  readonly body?: object;
  readonly signal: AbortSignal;
}

/**
 * Asks the server that the page came from.
 * @param path below the prefix: "/mlflow/runs/get"
 * @throws ChampionError with the server's words; of a filter that cannot be read `position` is in the context
 */
export async function ask<T>(path: string, { query = {}, body, signal }: Asked): Promise<T> {
  const key = readApiKey();
  const init: RequestInit = {
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]),
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  };
  let response: Response;
  try {
    response = await fetch(`${PREFIX}${path}${queryText(query)}`, init);
  } catch (cause) {
    // A request that we broke off ourselves says nothing of the server.
    if (signal.aborted) throw cause;
    setConnection('down');
    throw new ChampionError('The tracking server does not answer', { code: 'UNREACHABLE', retry: 'backoff', cause });
  }
  setConnection(response.status === 401 ? 'locked' : 'up');
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refused(response.status, answer, path);
  return answer as T;
}

function queryText(query: NonNullable<Asked['query']>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) parameters.append(name, String(one));
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

interface Refused {
  readonly error_code?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly position?: number;
  readonly expected?: string;
  readonly found?: string;
}

function refused(status: number, answer: unknown, path: string): ChampionError {
  const { message = `It answered ${status}`, hint, ...rest } = (answer ?? {}) as Refused;
  // For clients that show nothing else the hint is in the message too.
  const alone = hint !== undefined && message.endsWith(hint) ? message.slice(0, -hint.length).trim() : message;
  return new ChampionError(alone, {
    code: CODES[status] ?? 'INTERNAL',
    retry: status >= 500 ? 'backoff' : 'never',
    context: { status, path, ...rest },
    ...(hint === undefined ? {} : { hint }),
  });
}
