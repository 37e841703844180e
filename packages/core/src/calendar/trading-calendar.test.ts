import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type BusinessDate, businessDate, daysBetween, isWeekend, weekday } from '../business-date.ts';
import { seedFacts } from './seed.ts';
import { TradingCalendar } from './trading-calendar.ts';

const calendar = new TradingCalendar();
const date = businessDate;

describe('days that are no session', () => {
  it.each([
    ['2026-01-10', 'weekend', 'Saturday'],
    ['2026-01-11', 'weekend', 'Sunday'],
    ['2024-08-15', 'holiday', 'Independence Day'],
    ['2024-01-22', 'holiday', 'Consecration of the Ram temple (ad hoc)'],
    ['2024-05-20', 'holiday', 'General election in Mumbai (ad hoc)'],
    ['2024-11-20', 'holiday', 'State election in Maharashtra (ad hoc)'],
    ['2026-01-15', 'holiday', 'Municipal elections in Maharashtra (ad hoc)'],
    ['1994-11-02', 'before-first', 'before the first session, 1994-11-03'],
  ] as const)('%s: %s, %s', (text, reason, name) => {
    expect(calendar.day(date(text))).toEqual({ open: false, reason, name });
    expect(calendar.isSession(date(text))).toBe(false);
  });
});

describe('sessions that a weekday rule would miss', () => {
  it.each([
    ['2019-10-27', 'Sunday', 'muhurat'],
    ['2020-02-01', 'Saturday', 'special'],
    ['2020-11-14', 'Saturday', 'muhurat'],
    ['2023-11-12', 'Sunday', 'muhurat'],
    ['2024-01-20', 'Saturday', 'special'],
    ['2024-03-02', 'Saturday', 'special'],
    ['2024-05-18', 'Saturday', 'special'],
    ['2025-02-01', 'Saturday', 'special'],
    ['2026-02-01', 'Sunday', 'special'],
    ['2021-11-04', 'Thursday', 'muhurat'],
    ['2022-10-24', 'Monday', 'muhurat'],
    ['2024-11-01', 'Friday', 'muhurat'],
    ['2025-10-21', 'Tuesday', 'muhurat'],
  ] as const)('%s, a %s: %s', (text, day, kind) => {
    expect(weekday(date(text))).toBe(day);
    expect(calendar.day(date(text))).toMatchObject({ open: true, kind, note: expect.any(String) });
  });
});

it('takes a plain weekday for a regular session', () => {
  expect(calendar.day(date('2024-07-10'))).toEqual({ open: true, kind: 'regular' });
  expect(calendar.day(date('1994-11-03'))).toEqual({ open: true, kind: 'regular' });
});

it('lists the sessions of a month', () => {
  expect(calendar.sessions(date('2024-11-01'), date('2024-11-30'))).toEqual(
    [1, 4, 5, 6, 7, 8, 11, 12, 13, 14, 18, 19, 21, 22, 25, 26, 27, 28, 29].map(
      (day) => `2024-11-${String(day).padStart(2, '0')}`,
    ),
  );
  expect(calendar.sessions(date('2026-01-10'), date('2026-01-11'))).toEqual([]);
  expect(calendar.sessions(date('2024-07-10'), date('2024-07-10'))).toEqual(['2024-07-10']);
  expect(calendar.sessions(date('2024-07-11'), date('2024-07-10'))).toEqual([]);
});

it('counts the sessions of the years it knows', () => {
  const inYear = (year: number): number => calendar.sessions(date(`${year}-01-01`), date(`${year}-12-31`)).length;
  // 262 weekdays, 16 closed, three Saturdays open; 261, 13 closed, one Saturday open.
  expect(inYear(2024)).toBe(249);
  expect(inYear(2025)).toBe(249);
});

it('steps from session to session', () => {
  expect(calendar.previousSession(date('2026-01-12'))).toBe('2026-01-09');
  expect(calendar.nextSession(date('2026-01-09'))).toBe('2026-01-12');
  expect(calendar.nextSession(date('2024-01-19'))).toBe('2024-01-20');
  expect(calendar.nextSession(date('2024-01-20'))).toBe('2024-01-23');
  expect(calendar.previousSession(date('2024-01-23'))).toBe('2024-01-20');
  expect(calendar.nextSession(date('2026-01-31'))).toBe('2026-02-01');
  expect(calendar.nextSession(date('1990-01-01'))).toBe('1994-11-03');
});

it('takes the last sessions, oldest first', () => {
  expect(calendar.lastSessions(date('2024-01-23'), 3)).toEqual(['2024-01-19', '2024-01-20', '2024-01-23']);
  expect(calendar.lastSessions(date('2026-01-11'), 2)).toEqual(['2026-01-08', '2026-01-09']);
  expect(calendar.lastSessions(date('2024-07-10'), 1)).toEqual(['2024-07-10']);
  expect(calendar.lastSessions(date('2024-07-10'), 0)).toEqual([]);
});

it('says where history begins', () => {
  const tooEarly = expect.objectContaining({ code: 'INVALID_INPUT', hint: 'The first is 1994-11-03.' });
  expect(() => calendar.previousSession(date('1994-11-03'))).toThrow(tooEarly);
  expect(() => calendar.lastSessions(date('1994-11-04'), 3)).toThrow(tooEarly);
  expect(calendar.sessions(date('1990-01-01'), date('1994-11-04'))).toEqual(['1994-11-03', '1994-11-04']);
});

it('says which years it does not know the holidays of', () => {
  expect(calendar.holidaysKnown(date('2024-01-01'))).toBe(true);
  expect(calendar.holidaysKnown(date('2026-12-31'))).toBe(true);
  expect(calendar.holidaysKnown(date('2023-12-31'))).toBe(false);
  expect(calendar.holidaysKnown(date('2027-01-01'))).toBe(false);
});

it('is made of the facts it is given', () => {
  const own = new TradingCalendar({
    specialSessions: { '2027-01-02': { kind: 'special', note: 'drill' } },
    holidays: { '2027-01-02': 'also listed as closed', '2027-01-04': 'announced yesterday' },
    completeYears: [2027],
  });
  expect(own.day(date('2027-01-02'))).toEqual({ open: true, kind: 'special', note: 'drill' });
  expect(own.nextSession(date('2027-01-02'))).toBe('2027-01-05');
  expect(own.holidaysKnown(date('2027-01-02'))).toBe(true);
  expect(own.isSession(date('2024-08-15'))).toBe(true);
});

it('steps forth and back to where it was, over sessions alone', () => {
  const first = date('2015-01-01');
  const anyDay = fc.integer({ min: 0, max: 5_000 }).map((days) => addDays(first, days));
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 1, max: 30 }), (day, count) => {
      const next = calendar.nextSession(day);
      expect(calendar.isSession(next)).toBe(true);
      expect(calendar.sessions(addDays(day, 1), next)).toEqual([next]);
      if (calendar.isSession(day)) expect(calendar.previousSession(next)).toBe(day);
      const last = calendar.lastSessions(day, count);
      expect(last).toHaveLength(count);
      expect(calendar.sessions(last[0] ?? day, day)).toEqual(last);
    }),
  );
});

describe('the seeded facts', () => {
  it('are real days, holidays on weekdays only, and never both', () => {
    const closed = Object.keys({ ...seedFacts.holidays, ...seedFacts.adHocClosures });
    for (const day of [...closed, ...Object.keys(seedFacts.specialSessions)]) {
      expect(() => date(day)).not.toThrow();
    }
    for (const day of closed) {
      expect(isWeekend(date(day)), `${day} is a weekend anyway`).toBe(false);
      expect(seedFacts.specialSessions[day], `${day} is both`).toBeUndefined();
      expect(seedFacts.completeYears).toContain(Number(day.slice(0, 4)));
    }
  });

  it('leave no gap of more than four closed days in a complete year', () => {
    const sessions = calendar.sessions(date('2024-01-01'), date('2026-12-31'));
    sessions.slice(1).forEach((day, i) => {
      expect(daysBetween(sessions[i] ?? day, day), `before ${day}`).toBeLessThanOrEqual(5);
    });
  });
});

const samples = new URL('../../../../../shared/nse-samples/INDEX.tsv', import.meta.url);
describe.runIf(existsSync(samples))('every session of which the exchange published a file', () => {
  it('is a session of this calendar', () => {
    const days = new Set<BusinessDate>();
    for (const line of readFileSync(samples, 'utf8').split('\n').slice(1)) {
      const [, kind, day] = line.split('\t');
      // Kinds 1 to 3 are the bhavcopies: each exists because there was a session.
      if (day && /^[123]$/.test(kind ?? '')) days.add(date(day));
    }
    expect(days.size).toBeGreaterThan(20);
    expect([...days].filter((day) => !calendar.isSession(day))).toEqual([]);
  });
});
if (!existsSync(samples))
  console.warn('The real files (../shared/nse-samples) are not here: their dates are not checked.');
