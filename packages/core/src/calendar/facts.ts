import { isWeekend, parseIsoDate } from '../business-date.ts';
import { ChampionError } from '../errors.ts';
import { type CalendarFacts, seedFacts } from './seed.ts';
import type { SessionKind } from './trading-calendar.ts';

/** A day of the exchange's holiday list of the capital-market segment, weekends included as it prints them. */
export interface PublishedHoliday {
  /** YYYY-MM-DD */
  readonly date: string;
  readonly name: string;
}

/** The list names the day on which the Muhurat hour is held, and does not mark the hour. */
const MUHURAT_DAY = /la(x|ksh)mi\s+puj/i;

/**
 * The exchange's holiday list as facts. Its years count as complete. Holidays on weekends are left out: those days are
 * closed anyway. The day of Laxmi Pujan is the Muhurat session's, and a day that is known to be a session stays one,
 * since the list shows those as holidays too.
 * @param holidays one list or several years of them, of the capital-market segment
 * @param known where sessions on listed days are looked up
 */
export function factsFromHolidays(
  holidays: readonly PublishedHoliday[],
  known: CalendarFacts = seedFacts,
): CalendarFacts {
  const closed: Record<string, string> = {};
  const sessions: Record<string, { kind: SessionKind; note: string }> = {};
  const years = new Set<number>();
  for (const { date: text, name } of holidays) {
    const date = parseIsoDate(text);
    if (date === undefined) {
      throw new ChampionError(`the holiday "${name}" is on "${text}", which is no date`, {
        code: 'INVALID_INPUT',
        hint: 'Give its date as YYYY-MM-DD.',
      });
    }
    years.add(Number(date.slice(0, 4)));
    const session = known.specialSessions[date];
    if (session !== undefined) sessions[date] = session;
    else if (MUHURAT_DAY.test(name)) sessions[date] = { kind: 'muhurat', note: `Muhurat trading on ${name}` };
    else if (!isWeekend(date)) closed[date] = name;
  }
  return { specialSessions: sessions, holidays: closed, completeYears: [...years].sort((a, b) => a - b) };
}

/**
 * What is known after `later` was told. On a date that both speak of, `later` is right; of a year that is complete in
 * `later` the earlier holidays are forgotten, but not closures announced at short notice.
 */
export function mergeFacts(earlier: CalendarFacts, later: CalendarFacts): CalendarFacts {
  const replaced = new Set(later.completeYears.map(String));
  const closed = { ...later.holidays, ...later.adHocClosures };
  return {
    specialSessions: { ...without(earlier.specialSessions, (date) => date in closed), ...later.specialSessions },
    holidays: {
      ...without(earlier.holidays, (date) => replaced.has(date.slice(0, 4)) || date in later.specialSessions),
      ...later.holidays,
    },
    adHocClosures: {
      ...without(earlier.adHocClosures ?? {}, (date) => date in later.specialSessions),
      ...later.adHocClosures,
    },
    completeYears: [...new Set([...earlier.completeYears, ...later.completeYears])].sort((a, b) => a - b),
  };
}

function without<T>(facts: Readonly<Record<string, T>>, drop: (date: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(facts).filter(([date]) => !drop(date)));
}
