import { type BusinessDate, ChampionError, parseExchangeDate } from '@champion/core';

const IST_AHEAD_MS = 5.5 * 3_600_000;

/** When the exchange's site says that its answer was true. */
export interface SiteTime {
  readonly date: BusinessDate;
  /** "14:34:42", Indian time. */
  readonly time: string;
  readonly instant: Date;
}

/** An instant, in milliseconds since 1970, as "2026-05-20T14:34:42+05:30". */
export function indianTime(instant: number): string {
  return `${new Date(instant + IST_AHEAD_MS).toISOString().slice(0, 19)}+05:30`;
}

/** Reads "20-May-2026 14:34:42", Indian time; undefined when it is anything else. */
export function parseSiteTime(text: string): SiteTime | undefined {
  const parts = /^(\d{1,2}-[A-Za-z]{3}-\d{4}) (([01]\d|2[0-3]):[0-5]\d:[0-5]\d)$/.exec(text);
  const date = parts ? parseExchangeDate(parts[1] ?? '') : undefined;
  if (!parts || !date) return undefined;
  const time = parts[2] ?? '';
  return { date, time, instant: new Date(`${date}T${time}+05:30`) };
}

/**
 * The site answers with what it has, whatever the day asked for: another day's must never pass for it.
 * @param stamp the answer's own time
 * @throws ChampionError CORRUPT when there is none or it is of another day
 */
export function siteTimeOn(stamp: string | undefined, asked: BusinessDate, fileName: string): SiteTime {
  const found = stamp === undefined ? undefined : parseSiteTime(stamp);
  if (found?.date === asked) return found;
  const says = stamp === undefined ? 'does not say of when it is' : `is of "${stamp}"`;
  throw new ChampionError(`${fileName} was asked for as ${asked} but ${says}`, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded. The site only has the latest: ask on the day itself, after the opening, or import a file of that day.',
    context: { file: fileName, asked, timestamp: stamp ?? null },
  });
}
