import { z } from 'zod';
import { BusinessDateSchema, isWeekend, parseIsoDate } from '../business-date.ts';
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

const OverridesSchema = z
  .strictObject({
    /** Sessions that the weekday or the holiday list would deny. */
    special_sessions: z
      .record(
        BusinessDateSchema,
        z.strictObject({ kind: z.enum(['regular', 'special', 'muhurat']), note: z.string().min(1) }),
      )
      .default({}),
    /** Closed days and why. */
    holidays: z.record(BusinessDateSchema, z.string().min(1)).default({}),
    /** Years whose holidays are all in this file: those known otherwise are forgotten. */
    complete_years: z.array(z.number().int().min(1994).max(2100)).default([]),
  })
  .superRefine(({ special_sessions, holidays }, context) => {
    for (const date of Object.keys(holidays)) {
      if (!(date in special_sessions)) continue;
      context.addIssue({ code: 'custom', path: ['holidays', date], message: 'is a special session too' });
    }
  });

/**
 * Reads a calendar overrides file: what a person knows better than the seed and the exchange's list.
 * `{ "special_sessions": { "2027-02-01": { "kind": "special", "note": "Union budget" } }, "holidays": { "2027-03-08":
 * "State election" }, "complete_years": [] }`, each part optional.
 * @param fileName the name in messages
 * @throws ChampionError CONFIG naming what is wrong and where
 */
export function parseCalendarOverrides(text: string, fileName: string): CalendarFacts {
  const read = OverridesSchema.safeParse(parseJson(text, fileName));
  if (!read.success) {
    throw new ChampionError(`${fileName} is not a calendar overrides file: ${z.prettifyError(read.error)}`, {
      code: 'CONFIG',
      hint: 'It holds special_sessions, holidays and complete_years, the days written YYYY-MM-DD.',
      context: { file: fileName },
    });
  }
  const { special_sessions, holidays, complete_years } = read.data;
  return { specialSessions: special_sessions, holidays, completeYears: complete_years };
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ChampionError(`${fileName} is not JSON`, {
      code: 'CONFIG',
      hint: 'Correct it or remove it: without it the calendar goes by the exchange and what the product knows.',
      context: { file: fileName },
      cause,
    });
  }
}
