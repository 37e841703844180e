import { type Anomaly, dateForms, isWeekend, type NormalizeInput, plural, seedFacts, weekday } from '@champion/core';
import type pl from 'nodejs-polars';
import { sql } from '../../csv/index.ts';
import type { Listed } from './normalize.ts';
import { CAPITAL_MARKET } from './parse.ts';

/** What of a holiday list a person should look at. */
export function calendarAnomalies(listed: readonly Listed[], input: NormalizeInput<pl.DataFrame>): Anomaly[] {
  const found = [
    weekdayMismatch(listed),
    unknownWord(listed),
    unnamed(listed),
    fewHolidays(listed, input),
    seedDifference(listed, input),
    missingSegment(listed, input),
  ];
  return found.filter((anomaly) => anomaly !== undefined);
}

/** The date counts; one of the two is a slip of the exchange. */
function weekdayMismatch(listed: readonly Listed[]): Anomaly | undefined {
  const wrong = listed.filter(({ weekDay, date }) => weekDay !== null && weekDay !== weekday(date));
  const [first] = wrong;
  if (!first) return undefined;
  const example = `${first.segment} ${first.date} is a ${weekday(first.date)}, printed as ${first.weekDay}`;
  return {
    rule: 'weekday_mismatch',
    count: wrong.length,
    message: `${plural(wrong.length, 'day')}, for example ${example}`,
  };
}

function unknownWord(listed: readonly Listed[]): Anomaly | undefined {
  const odd = listed.filter(({ morning, evening }) =>
    [morning, evening].some((word) => word !== null && !/^(open|closed)$/i.test(word)),
  );
  const [first] = odd;
  if (!first) return undefined;
  const example = `${first.segment} ${first.date}: ${first.morning ?? 'nothing'} and ${first.evening ?? 'nothing'}`;
  return {
    rule: 'session_word',
    count: odd.length,
    message: `${plural(odd.length, 'day')} with a session neither Open nor Closed, taken as closed; for example ${example}`,
  };
}

function unnamed(listed: readonly Listed[]): Anomaly | undefined {
  const [first, ...others] = listed.filter(({ name }) => name === null);
  if (!first) return undefined;
  const count = others.length + 1;
  return {
    rule: 'holiday_unnamed',
    count,
    message: `${plural(count, 'day')} without a description, for example ${first.segment} ${first.date}`,
  };
}

/** The exchange has a dozen holidays and more on the weekdays of a year. */
const FEWEST_HOLIDAYS = 6;

/** A list that was cut makes sessions of its missing days, and those would then be missed. */
function fewHolidays(listed: readonly Listed[], { date }: NormalizeInput<pl.DataFrame>): Anomaly | undefined {
  const { length } = listed.filter(({ segment, date: day }) => segment === CAPITAL_MARKET && !isWeekend(day));
  if (length >= FEWEST_HOLIDAYS) return undefined;
  return {
    rule: 'few_holidays',
    count: 1,
    message:
      `${plural(length, 'holiday')} on weekdays in ${dateForms.year(date)}, where the exchange has a dozen and more; ` +
      'on days that are missing here a session would be expected',
  };
}

/** Where the product knows a whole year and the exchange now says otherwise, one of both should be corrected. */
function seedDifference(listed: readonly Listed[], { date }: NormalizeInput<pl.DataFrame>): Anomaly | undefined {
  const year = dateForms.year(date);
  if (!seedFacts.completeYears.includes(Number(year))) return undefined;
  const now = new Set(listed.filter(({ segment }) => segment === CAPITAL_MARKET).map((day) => day.date as string));
  const known = new Set(Object.keys(seedFacts.holidays).filter((day) => day.startsWith(year)));
  const added = listed
    .filter(({ segment, date: day }) => segment === CAPITAL_MARKET && !isWeekend(day))
    .map((day) => day.date as string)
    .filter((day) => !known.has(day) && !seedFacts.adHocClosures?.[day] && !seedFacts.specialSessions[day]);
  const gone = [...known].filter((day) => !now.has(day));
  if (added.length + gone.length === 0) return undefined;
  const said = [
    ...(added.length > 0 ? [`newly listed: ${added.slice(0, 5).join(', ')}`] : []),
    ...(gone.length > 0 ? [`no longer listed: ${gone.slice(0, 5).join(', ')}`] : []),
  ];
  return {
    rule: 'calendar_difference',
    count: added.length + gone.length,
    message: `the list differs from what was known of ${year} (${said.join('; ')}); the list was taken`,
  };
}

function missingSegment(listed: readonly Listed[], { previous }: NormalizeInput<pl.DataFrame>): Anomaly | undefined {
  if (!previous) return undefined;
  const present = new Set(listed.map(({ segment }) => segment));
  const before = sql('SELECT DISTINCT segment FROM silver ORDER BY segment', { silver: previous.silver })
    .getColumn('segment')
    .toArray() as string[];
  const gone = before.filter((segment) => !present.has(segment));
  if (gone.length === 0) return undefined;
  return {
    rule: 'segment_missing',
    count: gone.length,
    message: `the list of ${previous.date} had ${gone.join(', ')}, this one has no holiday of it`,
  };
}
