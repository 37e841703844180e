import { ChampionError, type Clock, type ErrorCode, type Retry } from '@champion/core';
import type { Accepts } from './endpoints.ts';
import type { HttpAnswer } from './http/client.ts';
import { MAX_PAUSE_MS } from './pacing/pacer.ts';

const DEFAULT_RETRY_AFTER_MS = 60_000;
const FIRST_BYTES = 120;

const HINTS = {
  block: 'Wait about ten minutes and run it again; or download the file in a browser and use `champion import FILE`.',
  busy: 'Nothing to do: it is asked again after that time. If it happens often, run fewer downloads at a time.',
  down: 'Run it again later; `champion doctor` tests each host.',
  missing: 'Check the date: the exchange may not have published the file yet, or there was no session.',
  moved: 'The exchange may have moved or changed this endpoint; replace it in the endpoint table.',
  proxy: 'A proxy or a login page may stand between this machine and the exchange.',
} as const;

/**
 * Judges an answer by its status, its content type and its first bytes, before anybody parses it.
 * @param accept what the endpoint serves
 * @returns what is wrong with the answer, or undefined when it is what the endpoint serves
 */
export function classify(answer: HttpAnswer, accept: Accepts, clock: Clock): ChampionError | undefined {
  const { status } = answer;
  const fileName = decodeURIComponentSafely(answer.url.pathname.split('/').at(-1) ?? '');
  const fail = (code: ErrorCode, message: string, hint: string, retry: Retry = 'never') =>
    new ChampionError(message, { code, retry, hint, context: evidenceOf(answer) });
  const host = answer.url.host;

  if (status === 429) {
    const after = retryAfterMs(answer, clock) ?? DEFAULT_RETRY_AFTER_MS;
    return fail(
      'BLOCKED',
      `${host} answered 429 for ${fileName}: too many requests, next try in ${Math.ceil(after / 1000)} s`,
      HINTS.busy,
      { after },
    );
  }
  if (status === 404 || status === 410) {
    return fail('NOT_FOUND', `${host} answered ${status}: there is no ${fileName}`, HINTS.missing);
  }
  if (status === 401 || status === 403 || status === 421 || status === 451) {
    return fail('BLOCKED', `${host} answered ${status} for ${fileName}: it blocks this machine`, HINTS.block);
  }
  if (status >= 500 || status === 408) {
    const after = retryAfterMs(answer, clock);
    const retry = after === undefined ? 'backoff' : { after };
    return fail('UNREACHABLE', `${host} answered ${status} for ${fileName}: it is out of order`, HINTS.down, retry);
  }
  if (status >= 300 && status < 400 && answer.headers.location !== undefined) {
    const message = `${host} answered ${status} for ${fileName}: a redirect to ${answer.headers.location}, not followed`;
    return fail('CORRUPT', message, `${HINTS.moved} ${HINTS.proxy}`);
  }
  if (status !== 200) {
    return fail('CORRUPT', `${host} answered ${status} for ${fileName} instead of 200 with a ${accept}`, HINTS.moved);
  }

  const fault = contentFault(answer, accept);
  if (fault === undefined) return undefined;
  if (fault === 'html') {
    const message = `${host} answered 200 with an HTML page instead of a ${accept} for ${fileName}: it blocks this machine`;
    return fail('BLOCKED', message, HINTS.block);
  }
  const message = `${host} answered 200 for ${fileName}, but the content is not a ${accept}: ${fault}`;
  return fail('CORRUPT', message, `${HINTS.moved} ${HINTS.proxy}`);
}

/** How long the exchange asks to be left alone, in milliseconds from now, bounded; undefined when it does not say. */
function retryAfterMs(answer: Pick<HttpAnswer, 'headers'>, clock: Clock): number | undefined {
  const text = answer.headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - clock.now().getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_PAUSE_MS);
}

/** The evidence that goes with an error: enough to recognise a page without the page. */
function evidenceOf(answer: HttpAnswer): Record<string, unknown> {
  return {
    url: answer.url.href,
    status: answer.status,
    contentType: answer.headers['content-type'] ?? null,
    firstBytes: printable(answer.bytes),
    bytes: answer.bytes.length,
    ...(answer.headers.location === undefined ? {} : { location: answer.headers.location }),
  };
}

function printable(bytes: Uint8Array): string {
  // Latin-1 keeps one character per byte; anything a terminal might act on becomes a dot.
  return beginning(bytes, FIRST_BYTES).replace(/[^\x20-\x7e]/g, '.');
}

function beginning(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, length)).toString('latin1');
}

function isHtml(text: string): boolean {
  return /^<(!doctype\s+html|!--|html|head|body|title|meta|script)\b/i.test(text) || /^<!--/.test(text);
}

/** 'html' for a page, a sentence for other content that the endpoint does not serve, undefined for the right one. */
function contentFault(answer: HttpAnswer, accept: Accepts): string | undefined {
  const { bytes } = answer;
  const start = beginning(bytes, 4096);
  const text = start.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  const saysHtml = /^\s*(text\/html|application\/xhtml)/i.test(answer.headers['content-type'] ?? '');

  if (accept === 'zip') {
    // The second mark is that of a zip without members: a zip all the same, judged by its reader.
    if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return undefined;
    if (isHtml(text) || saysHtml) return 'html';
    return bytes.length === 0 ? 'it is empty' : 'it does not start with the mark of a zip (PK)';
  }
  if (isHtml(text)) return 'html';
  if (accept === 'csv') {
    // Nothing marks a csv as such, so the declared type decides where the bytes do not.
    if (saysHtml) return 'html';
    if (text === '') return 'it is empty';
    if (text.includes('\x00') || text.startsWith('PK\x03\x04')) return 'it is binary';
    if (/^[<{[]/.test(text)) return `it starts with "${text[0]}"`;
    return text.split('\n', 1)[0]?.includes(',') ? undefined : 'its first line has no comma';
  }
  if (text === '') return saysHtml ? 'html' : 'it is empty';
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value !== 'object' || value === null) return 'it is neither an object nor a list';
    // The exchange says {} where it means no: it is never an empty result.
    return Array.isArray(value) || Object.keys(value).length > 0 ? undefined : 'it is an empty object ({})';
  } catch (error) {
    if (saysHtml) return 'html';
    return error instanceof Error ? error.message.replace(/[^\x20-\x7e]/g, '.').slice(0, 160) : 'it cannot be parsed';
  }
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
