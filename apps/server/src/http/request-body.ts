import { ChampionError } from '@champion/core';
import { MASK } from '@champion/engine';

/** More than any request of the API needs. */
export const MOST_BODY_BYTES = 4 * 1024 * 1024;

/** A body that is larger than it may be. */
export class TooLarge extends ChampionError {
  constructor() {
    super(`The request's body is larger than ${MOST_BODY_BYTES / 1024 / 1024} MiB`, {
      code: 'INVALID_INPUT',
      hint: 'Send less at once.',
    });
  }
}

/**
 * The JSON of a request; undefined when there is none. What is wrong with one that holds secrets is said without its text.
 * @throws TooLarge before more than the limit is held
 * @throws ChampionError INVALID_INPUT for what is not JSON
 */
export async function readBody(request: Request, { secret = false } = {}): Promise<unknown> {
  const { body } = request;
  if (body === null) return undefined;
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BODY_BYTES) throw new TooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Left in the middle, the rest is not read.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MOST_BODY_BYTES) throw new TooLarge();
    chunks.push(chunk);
  }
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (secret) throw invalid("The request's body is not JSON", 'json_invalid');
    throw invalid(`The request's body is not JSON: ${(cause as Error).message}`, 'json_invalid', cause);
  }
  // PostgreSQL has no place for it in text.
  if (/\\u0000/i.test(text)) throw invalid("The request's body has a NUL character in it", 'nul_character');
  return value;
}

/** What a body is like, without any text or number of it: secrets may stand where they should not. */
export function withoutTexts(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number') return MASK;
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutTexts(inner)]));
}

/** @throws ChampionError INVALID_INPUT for a path or query with a NUL character, or one that cannot be decoded */
export function checkUrl(url: URL): void {
  let text: string;
  try {
    text = decodeURIComponent(url.pathname);
  } catch (cause) {
    throw invalid('The path is not well encoded', 'url_invalid', cause);
  }
  if (text.includes('\0') || [...url.searchParams].flat().some((part) => part.includes('\0'))) {
    throw invalid('The address has a NUL character in it', 'nul_character');
  }
}

function invalid(message: string, type: string, cause?: unknown): ChampionError {
  return new ChampionError(message, {
    code: 'INVALID_INPUT',
    hint: 'The document /api/openapi.json says what each route takes.',
    context: { issues: [{ loc: ['body'], msg: message, type }] },
    cause,
  });
}
