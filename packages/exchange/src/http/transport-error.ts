import { ChampionError } from '@champion/core';
import { errors } from 'undici';
import { BodyTooLargeError, UnknownEncodingError } from './body.ts';

/** The clock that ran out while an answer was awaited. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** What is known of a request that did not bring a whole answer. */
export interface Attempt {
  readonly url: string;
  readonly host: string;
  readonly status?: number | undefined;
  readonly contentType?: string | undefined;
  /** Bytes of body that had come, as sent. */
  readonly bytes: number;
  /** Bytes of body that were announced. */
  readonly expected?: number | undefined;
}

const REACH_HINT = 'Check the network, a proxy or a firewall, then run it again; `champion doctor` tests each host.';
const SIZE_HINT = 'If the file is really that large, raise the limit (maxBodyBytes).';

/** Says what stopped a request: the network, a deadline, a limit, or an answer that is not HTTP. */
export function transportError(error: unknown, attempt: Attempt): ChampionError {
  const { host } = attempt;
  const context = {
    url: attempt.url,
    ...(attempt.status === undefined ? {} : { status: attempt.status }),
    ...(attempt.contentType === undefined ? {} : { contentType: attempt.contentType }),
    bytes: attempt.bytes,
    ...(attempt.expected === undefined ? {} : { expected: attempt.expected }),
  };
  const code = codeOf(error);
  const progress = progressOf(attempt);
  const unreachable = (message: string, hint = REACH_HINT) =>
    new ChampionError(message, { code: 'UNREACHABLE', retry: 'backoff', hint, context, cause: error });
  const timeout = (message: string) =>
    new ChampionError(message, { code: 'TIMEOUT', retry: 'backoff', hint: REACH_HINT, context, cause: error });
  const corrupt = (message: string, hint: string) =>
    new ChampionError(message, { code: 'CORRUPT', retry: 'never', hint, context, cause: error });

  if (error instanceof DeadlineError) {
    return timeout(`${host} ${error.message}${attempt.status === undefined ? '' : progress}`);
  }
  if (error instanceof BodyTooLargeError) {
    return corrupt(`the answer of ${attempt.url} is too large: ${error.message}`, SIZE_HINT);
  }
  if (error instanceof UnknownEncodingError) {
    return corrupt(`the answer of ${attempt.url} cannot be decoded: ${error.message}`, 'A proxy may have changed it.');
  }

  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return timeout(`${host} did not accept a connection in time`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable(
        `the name of ${host} cannot be resolved (${code})`,
        'Check the network and the configured URL of the exchange; `champion doctor` tests each host.',
      );
    case 'ECONNREFUSED':
      return unreachable(`${host} refused the connection: nothing listens there`);
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
      return unreachable(`${host} broke the connection${progress}`);
    // zlib's word for input that stops before its end mark.
    case 'Z_BUF_ERROR':
      return unreachable(`the compressed answer of ${host} stops before its end${progress}`);
    default:
  }
  if (isProtocolError(error)) {
    // A chunked body that stops before its last chunk is reported as a break of protocol too.
    return attempt.status === undefined
      ? unreachable(`${host} answered with something that is not HTTP`)
      : unreachable(`${host} broke the connection or the rules of HTTP${progress}`);
  }
  if (/^(Z_|ERR_BROTLI|ERR__ERROR_)/.test(code)) {
    return corrupt(`the compressed answer of ${attempt.url} is damaged (${code})`, 'A proxy may have changed it.');
  }
  return unreachable(`${host} cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
}

/** True when the peer broke the rules of HTTP, so that neither the connection nor its cookies deserve trust. */
export function isProtocolError(error: unknown): boolean {
  if (error instanceof errors.HTTPParserError) return true;
  return codeOf(error) === 'UND_ERR_HEADERS_OVERFLOW';
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function progressOf(attempt: Attempt): string {
  if (attempt.status === undefined) return ' before it answered';
  const of = attempt.expected === undefined ? '' : ` of ${attempt.expected}`;
  return ` after ${attempt.bytes}${of} bytes`;
}
