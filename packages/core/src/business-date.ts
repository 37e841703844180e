import type { Clock } from './clock.ts';
import { ChampionError } from './errors.ts';

/**
 * A calendar day on the exchange (IST, UTC+05:30, no daylight saving), written YYYY-MM-DD. It is not an instant and
 * never passes through a local `Date`.
 */
export type BusinessDate = string & { readonly __brand: 'BusinessDate' };

const DAY_MS = 86_400_000;
const IST_OFFSET_MS = 5.5 * 3_600_000;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

function epochDay(year: number, month: number, day: number): number | undefined {
  const ms = Date.UTC(year, month - 1, day);
  const back = new Date(ms);
  const same = back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
  return same ? ms / DAY_MS : undefined;
}

function fromEpochDay(days: number): BusinessDate {
  const instant = new Date(days * DAY_MS);
  const year = instant.getUTCFullYear();
  // Beyond four digits of year the text would no longer sort or parse.
  if (!(year >= 100 && year <= 9999)) {
    throw new ChampionError(`day ${days} since 1970-01-01 is outside the years 0100 to 9999`, {
      code: 'INVALID_INPUT',
      hint: 'Use dates within the life of the exchange.',
    });
  }
  return instant.toISOString().slice(0, 10) as BusinessDate;
}

function toEpochDay(date: BusinessDate): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** Reads YYYY-MM-DD; undefined when the text is anything else or no such day exists. */
export function parseIsoDate(text: string): BusinessDate | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return undefined;
  return epochDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) === undefined
    ? undefined
    : (text as BusinessDate);
}

/** Reads the exchange's day-month-year forms: 03-JUL-2024, 3-Jul-2024, 03-Jul-24 (a two-digit year is of this century). */
export function parseExchangeDate(text: string): BusinessDate | undefined {
  const parts = /^(\d{1,2})-([A-Za-z]{3})-(\d{4}|\d{2})$/.exec(text);
  if (!parts) return undefined;
  const month = MONTHS.indexOf((parts[2] ?? '').toUpperCase() as (typeof MONTHS)[number]) + 1;
  const yearText = parts[3] ?? '';
  const year = yearText.length === 2 ? 2000 + Number(yearText) : Number(yearText);
  const days = month === 0 ? undefined : epochDay(year, month, Number(parts[1]));
  return days === undefined ? undefined : fromEpochDay(days);
}

/** Reads YYYY-MM-DD or throws INVALID_INPUT. */
export function businessDate(text: string): BusinessDate {
  const date = parseIsoDate(text);
  if (date) return date;
  throw new ChampionError(`"${text}" is not a business date`, {
    code: 'INVALID_INPUT',
    hint: 'Write it as YYYY-MM-DD, for example 2024-07-10.',
  });
}

/** The date `days` calendar days later (negative: earlier). Throws INVALID_INPUT outside the years 0100 to 9999. */
export function addDays(date: BusinessDate, days: number): BusinessDate {
  return fromEpochDay(toEpochDay(date) + days);
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: BusinessDate, to: BusinessDate): number {
  return toEpochDay(to) - toEpochDay(from);
}

export function weekday(date: BusinessDate): Weekday {
  // 1970-01-01 was a Thursday.
  return WEEKDAYS[(((toEpochDay(date) + 4) % 7) + 7) % 7] ?? 'Sunday';
}

export function isWeekend(date: BusinessDate): boolean {
  const day = weekday(date);
  return day === 'Saturday' || day === 'Sunday';
}

/** The exchange's day at an instant. */
export function businessDateAt(instant: Date): BusinessDate {
  return new Date(instant.getTime() + IST_OFFSET_MS).toISOString().slice(0, 10) as BusinessDate;
}

/** Today on the exchange. */
export function today(clock: Clock): BusinessDate {
  return businessDateAt(clock.now());
}

/** The instant of a wall-clock time ("HH:MM", 00:00 to 23:59, IST) on a business date. Throws INVALID_INPUT on other text. */
export function instantAt(date: BusinessDate, time: string): Date {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) {
    throw new ChampionError(`"${time}" is not a time of day`, {
      code: 'INVALID_INPUT',
      hint: 'Write it as HH:MM on the 24-hour clock, Indian time, for example 18:00.',
    });
  }
  return new Date(`${date}T${time}:00+05:30`);
}

/** Spellings of a date in the exchange's file names and query strings. */
export const dateForms = {
  /** 20240703 */
  compact: (date: BusinessDate): string => date.replaceAll('-', ''),
  /** 03072024 */
  dayFirst: (date: BusinessDate): string => `${date.slice(8, 10)}${date.slice(5, 7)}${date.slice(0, 4)}`,
  year: (date: BusinessDate): string => date.slice(0, 4),
  /** 07 */
  monthNumber: (date: BusinessDate): string => date.slice(5, 7),
  /** JUL */
  month: (date: BusinessDate): string => MONTHS[Number(date.slice(5, 7)) - 1] ?? '',
  /** 03 */
  day: (date: BusinessDate): string => date.slice(8, 10),
  /** 03-JUL-2024 */
  exchange: (date: BusinessDate): string => `${date.slice(8, 10)}-${dateForms.month(date)}-${date.slice(0, 4)}`,
};
