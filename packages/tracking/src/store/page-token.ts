import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from '../refusal.ts';

/** A value of the last row's sort key. JSON has no NaN and no infinities; they travel as text in an object. */
export type KeyValue = string | number | null;

const Stored = z.union([
  z.string(),
  z.number(),
  z.null(),
  z.strictObject({ n: z.enum(['NaN', 'Infinity', '-Infinity']) }),
]);
const Token = z.strictObject({ of: z.string(), after: z.array(Stored) });

/** What makes two requests pages of the same list, in a few characters. */
export function listDigest(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
}

/** A page token: after which row the next page starts. Opaque to clients. */
export function pageToken(digest: string, after: readonly KeyValue[]): string {
  const stored = after.map((value) =>
    typeof value === 'number' && !Number.isFinite(value) ? { n: String(value) } : value,
  );
  return Buffer.from(JSON.stringify({ of: digest, after: stored })).toString('base64url');
}

/**
 * The sort key after which a page starts; undefined for the first page.
 * @throws ChampionError INVALID_INPUT for a token that is not one of this list's
 */
export function startOf(token: string | undefined, digest: string, columns: number): readonly KeyValue[] | undefined {
  if (token === undefined || token === '') return undefined;
  const parsed = Token.safeParse(parsedJson(Buffer.from(token, 'base64url').toString('utf8')));
  const usable = parsed.success && parsed.data.of === digest && parsed.data.after.length === columns;
  if (!usable) {
    throw invalid(
      'Invalid page token: it is not from this search',
      'Send the token together with the same experiments, filter, order and view; or start at the first page.',
    );
  }
  return parsed.data.after.map((value) => (typeof value === 'object' && value !== null ? Number(value.n) : value));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
