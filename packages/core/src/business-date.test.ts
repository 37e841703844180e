import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  addDays,
  type BusinessDate,
  businessDate,
  businessDateAt,
  dateForms,
  daysBetween,
  instantAt,
  isWeekend,
  parseExchangeDate,
  parseIsoDate,
  today,
  weekday,
} from './business-date.ts';
import { BusinessDateSchema } from './business-date-schema.ts';
import { fixedClock } from './clock.ts';

/** Any day of the years 1900 to 2199, built from its number and not by the code under test. */
const anyDate = fc
  .integer({ min: -25_567, max: 84_005 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10) as BusinessDate);

const originalZone = process.env.TZ;
afterAll(() => {
  if (originalZone === undefined) delete process.env.TZ;
  else process.env.TZ = originalZone;
});

// A zone behind, at and ahead of UTC: a local Date anywhere in the path would move some day in one of them.
describe.each([
  ['UTC', 0],
  ['Asia/Kolkata', -330],
  ['America/Los_Angeles', 480],
] as const)('on a machine whose zone is %s', (zone, offsetInJanuary) => {
  /** Sets the zone of this process; Node applies it to every Date from then on. */
  function inZone(): void {
    process.env.TZ = zone;
    expect(new Date(2024, 0, 15).getTimezoneOffset()).toBe(offsetInJanuary);
  }

  it('reads ISO dates', () => {
    inZone();
    expect(parseIsoDate('2024-07-10')).toBe('2024-07-10');
    expect(parseIsoDate('2024-02-29')).toBe('2024-02-29');
    expect(parseIsoDate('2000-02-29')).toBe('2000-02-29');
  });

  it.each([
    '',
    'today',
    '2023-02-29',
    '1900-02-29',
    '2024-02-30',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '2024-04-31',
    '2024-7-1',
    '20240710',
    '2024/07/10',
    '10-07-2024',
    ' 2024-07-10',
    '2024-07-10\n',
    '2024-07-10T00:00:00Z',
    '٢٠٢٤-٠٧-١٠',
  ])('refuses %j as an ISO date', (text) => {
    inZone();
    expect(parseIsoDate(text)).toBeUndefined();
    expect(() => businessDate(text)).toThrow('is not a business date');
    expect(BusinessDateSchema.safeParse(text).success).toBe(false);
  });

  it.each([
    ['03-JUL-2024', '2024-07-03'],
    ['03-Jul-2024', '2024-07-03'],
    ['3-jul-2024', '2024-07-03'],
    ['13-JUL-20', '2020-07-13'],
    ['01-Jan-00', '2000-01-01'],
    ['31-Dec-99', '2099-12-31'],
    ['29-FEB-2024', '2024-02-29'],
    ['03-NOV-1994', '1994-11-03'],
  ])('reads %s as %s', (text, iso) => {
    inZone();
    expect(parseExchangeDate(text)).toBe(iso);
  });

  it.each([
    '29-FEB-2023',
    '29-Feb-23',
    '31-APR-2024',
    '00-JAN-2024',
    '01-JUX-2024',
    '1-Jul-024',
    '2024-07-03',
    '01-07-2024',
    '',
    '01 JUL 2024',
    '-1-JUL-2024',
  ])('refuses %j as an exchange date', (text) => {
    inZone();
    expect(parseExchangeDate(text)).toBeUndefined();
  });

  it('spells a date in each form of the exchange', () => {
    inZone();
    const date = businessDate('2024-07-03');
    expect(dateForms.compact(date)).toBe('20240703');
    expect(dateForms.dayFirst(date)).toBe('03072024');
    expect(dateForms.year(date)).toBe('2024');
    expect(dateForms.monthNumber(date)).toBe('07');
    expect(dateForms.month(date)).toBe('JUL');
    expect(dateForms.day(date)).toBe('03');
    expect(dateForms.exchange(date)).toBe('03-JUL-2024');
  });

  it('reads back what it writes', () => {
    inZone();
    fc.assert(
      fc.property(anyDate, (date) => {
        expect(parseIsoDate(date)).toBe(date);
        expect(parseExchangeDate(dateForms.exchange(date))).toBe(date);
        const text = dateForms.compact(date);
        expect(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`).toBe(date);
        expect(BusinessDateSchema.parse(date)).toBe(date);
      }),
    );
  });

  it('adds and counts days', () => {
    inZone();
    expect(addDays(businessDate('2024-02-28'), 1)).toBe('2024-02-29');
    expect(addDays(businessDate('2023-02-28'), 1)).toBe('2023-03-01');
    expect(addDays(businessDate('2024-01-01'), -1)).toBe('2023-12-31');
    // The day the clocks change in Los Angeles has 23 hours there, and 24 on the exchange.
    expect(addDays(businessDate('2024-03-10'), 1)).toBe('2024-03-11');
    expect(daysBetween(businessDate('2024-03-09'), businessDate('2024-03-11'))).toBe(2);
    expect(daysBetween(businessDate('2024-07-10'), businessDate('2024-07-08'))).toBe(-2);
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -40_000, max: 40_000 }), (date, days) => {
        const moved = addDays(date, days);
        expect(daysBetween(date, moved)).toBe(days);
        expect(addDays(moved, -days)).toBe(date);
        expect(moved > date).toBe(days > 0);
      }),
    );
  });

  it('knows the weekday', () => {
    inZone();
    expect(weekday(businessDate('2026-01-10'))).toBe('Saturday');
    expect(weekday(businessDate('2026-01-11'))).toBe('Sunday');
    expect(weekday(businessDate('1970-01-01'))).toBe('Thursday');
    expect(weekday(businessDate('1969-12-31'))).toBe('Wednesday');
    fc.assert(
      fc.property(anyDate, (date) => {
        expect(weekday(addDays(date, 7))).toBe(weekday(date));
        const week = Array.from({ length: 7 }, (_, day) => addDays(date, day));
        expect(new Set(week.map(weekday)).size).toBe(7);
        expect(week.filter(isWeekend).length).toBe(2);
      }),
    );
  });

  it('turns the day at midnight in India', () => {
    inZone();
    expect(businessDateAt(new Date('2024-07-10T18:29:59.999Z'))).toBe('2024-07-10');
    expect(businessDateAt(new Date('2024-07-10T18:30:00Z'))).toBe('2024-07-11');
    expect(today(fixedClock('2024-12-31T20:00:00Z'))).toBe('2025-01-01');
  });

  it('places a time of day on the Indian clock', () => {
    inZone();
    expect(instantAt(businessDate('2024-07-10'), '18:00').toISOString()).toBe('2024-07-10T12:30:00.000Z');
    expect(instantAt(businessDate('2024-07-10'), '00:00').toISOString()).toBe('2024-07-09T18:30:00.000Z');
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 1439 }), (date, minute) => {
        const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        expect(businessDateAt(instantAt(date, time))).toBe(date);
      }),
    );
  });
});

it.each(['', '9:30', '24:00', '12:60', '12:30:00', 'noon'])('refuses %j as a time of day', (time) => {
  expect(() => instantAt(businessDate('2024-07-10'), time)).toThrow('is not a time of day');
});

it('says how to write a date', () => {
  expect(() => businessDate('10/07/2024')).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', hint: expect.stringContaining('YYYY-MM-DD') }),
  );
  expect(BusinessDateSchema.safeParse('10/07/2024').error?.issues[0]?.message).toContain('YYYY-MM-DD');
});

it.each([4_000_000, -4_000_000, Number.NaN, Number.POSITIVE_INFINITY])('refuses to move a date by %d days', (days) => {
  expect(() => addDays(businessDate('2024-07-10'), days)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});
