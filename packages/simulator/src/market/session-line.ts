import { addDays, type BusinessDate, daysBetween, type TradingCalendar } from '@champion/core';

const EPOCH = '1970-01-01' as BusinessDate;

/** The first session of the exchange's capital market. */
export const FIRST_SESSION = '1994-11-03' as BusinessDate;

/** Days since 1970-01-01. */
export function dayNumber(date: BusinessDate): number {
  return daysBetween(EPOCH, date);
}

/** The date of a day number. */
export function dateOfDay(day: number): BusinessDate {
  return addDays(EPOCH, day);
}

/** Day number of a year with a fraction: 2016.5 is the middle of 2016. */
export function dayOfYear(year: number): number {
  return Math.floor((year - 1970) * 365.2425);
}

/** A calendar's sessions as day numbers, so that "the session before" is one step in an array. */
export class SessionLine {
  readonly #calendar: TradingCalendar;
  #covered: BusinessDate = FIRST_SESSION;
  readonly #days: number[];

  constructor(calendar: TradingCalendar) {
    this.#calendar = calendar;
    this.#days = calendar.isSession(FIRST_SESSION) ? [dayNumber(FIRST_SESSION)] : [];
  }

  /** All sessions up to `date` at least, ascending. */
  upTo(date: BusinessDate): readonly number[] {
    if (date > this.#covered) {
      const next = addDays(date, 366);
      for (const session of this.#calendar.sessions(addDays(this.#covered, 1), next))
        this.#days.push(dayNumber(session));
      this.#covered = next;
    }
    return this.#days;
  }
}

const lines = new WeakMap<TradingCalendar, SessionLine>();

/** The one line of a calendar; walking thirty years of days takes some milliseconds, so it is kept with the calendar. */
export function sessionLine(calendar: TradingCalendar): SessionLine {
  const known = lines.get(calendar);
  if (known) return known;
  const line = new SessionLine(calendar);
  lines.set(calendar, line);
  return line;
}

/** Position of `day` in ascending `days`, or of the first later one. */
export function positionOf(days: readonly number[], day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((days[middle] ?? 0) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
