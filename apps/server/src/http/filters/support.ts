import { ChampionError } from '@champion/core';
import type { TimeWindow } from '@champion/engine';

/** A condition of a client: nested objects whose leaves are values. Null says nothing. */
type Given = object | null | undefined;

/** Whether it says anything at all. */
export function says(given: Given): boolean {
  return leavesOf(given).length > 0;
}

/**
 * Refuses what Champion can't select by. To leave a condition out would give more than was asked for.
 * @param leaves what it can, for example "id.any_"
 * @throws ChampionError INVALID_INPUT
 */
export function supportOnly(where: string, given: Given, leaves: readonly string[]): void {
  const said = leavesOf(given);
  const other = said.find((leaf) => !leaves.includes(leaf));
  if (other !== undefined) {
    throw unsupported(`${where}.${other}`, leaves.length === 0 ? 'Leave it out.' : `It can by ${leaves.join(', ')}.`);
  }
  const or = said.length > 1 && operators(given).includes('or_');
  if (or) throw unsupported(`${where}.operator "or_"`, 'Ask once for each condition.');
}

/** Refuses a whole part of a filter. */
export function supportNothing(where: string, given: Given): void {
  supportOnly(where, given, []);
}

export function window(
  span:
    | { readonly before_?: string | null | undefined; readonly after_?: string | null | undefined }
    | null
    | undefined,
): TimeWindow | undefined {
  if (span?.after_ == null && span?.before_ == null) return undefined;
  return {
    ...(span.after_ == null ? {} : { from: new Date(span.after_) }),
    ...(span.before_ == null ? {} : { to: new Date(span.before_) }),
  };
}

/** What is in both lists; undefined is every value. */
export function both<T>(one: readonly T[] | null | undefined, other: readonly T[] | null | undefined): T[] | undefined {
  if (one == null) return other == null ? undefined : [...other];
  return other == null ? [...one] : one.filter((value) => other.includes(value));
}

/** An object without what is undefined, as optional properties want it. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function leavesOf(value: Given, path = ''): string[] {
  if (value === null || value === undefined) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (inner === null || inner === undefined || key === 'operator') return [];
    const here = path === '' ? key : `${path}.${key}`;
    return typeof inner === 'object' && !Array.isArray(inner) ? leavesOf(inner, here) : [here];
  });
}

function operators(value: Given): unknown[] {
  if (value === null || value === undefined) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === 'operator' ? [inner] : typeof inner === 'object' && !Array.isArray(inner) ? operators(inner) : [],
  );
}

function unsupported(what: string, hint: string): ChampionError {
  return new ChampionError(`Champion does not select by ${what}`, {
    code: 'INVALID_INPUT',
    hint,
    context: { issues: [{ loc: ['body', ...what.split('.')], msg: 'not supported', type: 'unsupported' }] },
  });
}
