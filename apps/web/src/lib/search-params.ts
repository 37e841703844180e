import { type BusinessDate, parseIsoDate } from '@champion/core';

// The URL says what a page shows, in text that people can read and change: ?state=failed,crashed&from=2026-01-12. What
// cannot be read is left out rather than an error: a link from yesterday should still open.

export type RawSearch = Readonly<Record<string, unknown>>;

/** For the router: every parameter is text. */
export function parseSearch(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/** For the router: lists are joined by commas; what is undefined, false or empty is left out. */
export function stringifySearch(search: RawSearch): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    const text = Array.isArray(value)
      ? value.join(',')
      : value === undefined || value === null || value === false
        ? ''
        : String(value);
    if (text !== '') parameters.set(name, text);
  }
  // Commas and colons may stand as they are, and are read more easily so.
  const query = parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return query === '' ? '' : `?${query}`;
}

export function readText(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.join(',') : value === undefined || value === null ? '' : String(value);
  return text === '' ? undefined : text.slice(0, 1000);
}

export function readChoice<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === value);
}

/** A list of texts, each once; undefined when there are none. */
export function readList(value: unknown): string[] | undefined {
  const items = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : [];
  const known = [...new Set(items.filter((item) => item !== ''))];
  return known.length === 0 ? undefined : known;
}

/** Those of a list that are known; undefined when there are none. */
export function readChoices<T extends string>(value: unknown, choices: readonly T[]): T[] | undefined {
  const items = readList(value) ?? [];
  const known = choices.filter((choice) => items.includes(choice));
  return known.length === 0 ? undefined : known;
}

export function readDay(value: unknown): BusinessDate | undefined {
  return typeof value === 'string' ? parseIsoDate(value) : undefined;
}

/** A whole number from 0 on. */
export function readCount(value: unknown): number | undefined {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : -1;
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/**
 * The fields that are there. Types of search parameters have optional fields rather than undefined ones, and a link that
 * says less is shorter.
 */
export function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
