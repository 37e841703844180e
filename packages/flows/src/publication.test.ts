import { businessDate, fixedClock, TradingCalendar } from '@champion/core';
import { describe, expect, it } from 'vitest';
import { absence, latestPublished, tooEarly } from './publication.ts';

const calendar = new TradingCalendar();
const dataset = { title: 'bhavcopy', publication: { from: '17:30', deadline: '19:30' } };

describe('latestPublished', () => {
  it.each([
    ['Wednesday before it appears', '2026-11-18T17:29:59+05:30', '2026-11-17'],
    ['Wednesday from then on', '2026-11-18T17:30:00+05:30', '2026-11-18'],
    ['Saturday', '2026-11-21T12:00:00+05:30', '2026-11-20'],
    ['a Sunday with a session, in the evening', '2026-02-01T18:00:00+05:30', '2026-02-01'],
    ['a holiday', '2026-11-10T20:00:00+05:30', '2026-11-09'],
    ['past midnight in India, still the day before in London', '2026-11-18T19:00:00Z', '2026-11-18'],
  ])('%s', (_, now, expected) => {
    expect(latestPublished(dataset, calendar, fixedClock(now))).toBe(expected);
  });
});

describe('a file that is not there', () => {
  const date = businessDate('2026-11-18');
  const code = (now: string) => absence(dataset, date, [], calendar, fixedClock(now)).code;

  it('is not published yet until its deadline, and missing after it', () => {
    expect(code('2026-11-18T18:00:00+05:30')).toBe('NOT_PUBLISHED_YET');
    expect(code('2026-11-18T19:30:00+05:30')).toBe('MISSING');
  });

  it('cannot be there before it first appears', () => {
    expect(tooEarly(dataset, date, fixedClock('2026-11-18T17:00:00+05:30'))?.code).toBe('NOT_PUBLISHED_YET');
    expect(tooEarly(dataset, date, fixedClock('2026-11-18T17:30:00+05:30'))).toBeUndefined();
  });

  it('may be a holiday that the calendar does not know', () => {
    const hint = (day: string) =>
      absence(dataset, businessDate(day), [], calendar, fixedClock('2026-11-18T20:00:00+05:30')).hint;
    expect(hint('2026-11-17')).toContain('was a session');
    expect(hint('2019-03-04')).toContain('may have been one');
  });
});
