import { toErrorRecord } from '@champion/core';

/** NUL and lone surrogates are legal in a JavaScript string; PostgreSQL refuses both. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

/** Text as PostgreSQL can store it. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD');
}

/** A value as JSON text for a jsonb column. Errors become their record, big integers strings, and nothing becomes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, replacer) ?? 'null';
}

/** A value as it will read after a trip through JSON, so that a live result and a stored one are alike. */
export function throughJson(value: unknown): unknown {
  return JSON.parse(toJson(value));
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return toErrorRecord(value);
  return value;
}
