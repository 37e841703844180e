import type { BusinessDate, TradingCalendar } from '@champion/core';
import { companyName, titledName } from '../indices/industry.ts';
import { asOf, type Instrument } from '../market/instrument.ts';
import { dateOfDay, dayNumber, FIRST_SESSION } from '../market/session-line.ts';
import type { Universe } from '../market/universe.ts';

export interface MasterOptions {
  /** Any whole number; another seed is another market. */
  readonly seed: number;
  /** The lists are as of this day; it need not be a session. */
  readonly date: BusinessDate;
  /** Defaults to the exchange's known sessions. */
  readonly calendar?: TradingCalendar;
}

/** One change of symbol, of name, or of both. */
export interface Rename {
  readonly instrument: Instrument;
  readonly before: Instrument;
  readonly after: Instrument;
  /** First session under the new symbol and name. */
  readonly date: BusinessDate;
}

/** An instrument's name as the lists print it: not cut, and not in capitals. */
export function listedName(instrument: Instrument): string {
  const { kind, series, name } = instrument;
  if (kind === 'fund') return `${name.slice(0, name.indexOf('AMC'))} MF - ${name.slice(name.indexOf(' - ') + 3)}`;
  return kind === 'share' && series !== 'IV' ? companyName(instrument, 'Limited') : titledName(name);
}

/** The session on or after a day on which something happens to an instrument. */
export function firstSession(day: number, calendar: TradingCalendar): BusinessDate {
  const date = dateOfDay(day);
  if (date <= FIRST_SESSION) return FIRST_SESSION;
  return calendar.isSession(date) ? date : calendar.nextSession(date);
}

/** The renames up to a day, the oldest first. */
export function renamesUpTo({ all }: Universe, date: BusinessDate, calendar: TradingCalendar): Rename[] {
  const day = dayNumber(date);
  return all
    .flatMap((instrument) =>
      (instrument.former ?? [])
        .filter(({ until }) => until <= day && until > instrument.listed)
        .map(({ until }) => ({
          instrument: asOf(instrument, day),
          before: asOf(instrument, until - 1),
          after: asOf(instrument, until),
          date: firstSession(until, calendar),
        })),
    )
    .filter((rename) => rename.date <= date)
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.instrument.key - b.instrument.key));
}
