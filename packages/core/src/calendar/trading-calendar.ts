import { addDays, type BusinessDate, isWeekend, weekday } from '../business-date.ts';
import { ChampionError } from '../errors.ts';
import { type CalendarFacts, seedFacts } from './seed.ts';

/** regular: a full trading day; special: a full or shortened day at an unusual date; muhurat: the Diwali hour. */
export type SessionKind = 'regular' | 'special' | 'muhurat';

export type DayStatus =
  | { readonly open: true; readonly kind: SessionKind; readonly note?: string }
  | { readonly open: false; readonly reason: 'weekend' | 'holiday' | 'before-first'; readonly name: string };

/** The first session of the capital-market segment. */
const FIRST_DAY = '1994-11-03';

/** The capital-market segment's sessions. A day outside the known holidays of its year is judged by its weekday. */
export class TradingCalendar {
  #facts: CalendarFacts;

  constructor(facts: CalendarFacts = seedFacts) {
    this.#facts = facts;
  }

  /**
   * Goes by other facts from now on: a holiday may be announced while the platform runs.
   * @returns whether anything changed
   */
  learn(facts: CalendarFacts): boolean {
    if (JSON.stringify(facts) === JSON.stringify(this.#facts)) return false;
    this.#facts = facts;
    return true;
  }

  /** Is this a session, of which kind, and if not, why. */
  day(date: BusinessDate): DayStatus {
    if (date < FIRST_DAY) {
      return { open: false, reason: 'before-first', name: `before the first session, ${FIRST_DAY}` };
    }
    const session = this.#facts.specialSessions[date];
    if (session) return { open: true, ...session };
    const holiday = this.#facts.holidays[date] ?? this.#facts.adHocClosures?.[date];
    if (holiday !== undefined) return { open: false, reason: 'holiday', name: holiday };
    if (isWeekend(date)) return { open: false, reason: 'weekend', name: weekday(date) };
    return { open: true, kind: 'regular' };
  }

  isSession(date: BusinessDate): boolean {
    return this.day(date).open;
  }

  /** False for years whose holiday list this calendar does not have; their weekdays all look like sessions. */
  holidaysKnown(date: BusinessDate): boolean {
    return this.#facts.completeYears.includes(Number(date.slice(0, 4)));
  }

  /** Sessions from `from` to `to`, both included, ascending. */
  sessions(from: BusinessDate, to: BusinessDate): BusinessDate[] {
    const found: BusinessDate[] = [];
    for (let date = from; date <= to; date = addDays(date, 1)) if (this.isSession(date)) found.push(date);
    return found;
  }

  /** The last session before `date`. */
  previousSession(date: BusinessDate): BusinessDate {
    for (let day = addDays(date, -1); day >= FIRST_DAY; day = addDays(day, -1)) if (this.isSession(day)) return day;
    throw new ChampionError(`no session before ${date}`, { code: 'INVALID_INPUT', hint: `The first is ${FIRST_DAY}.` });
  }

  /** The first session after `date`. */
  nextSession(date: BusinessDate): BusinessDate {
    let day = addDays(date, 1);
    while (!this.isSession(day)) day = addDays(day, 1);
    return day;
  }

  /** The last `count` sessions up to and including `date`, ascending. */
  lastSessions(date: BusinessDate, count: number): BusinessDate[] {
    const found: BusinessDate[] = [];
    let day = this.isSession(date) ? date : this.previousSession(date);
    while (found.length < count) {
      found.unshift(day);
      if (found.length < count) day = this.previousSession(day);
    }
    return found;
  }
}
