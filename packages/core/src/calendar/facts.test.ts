import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { businessDate, isWeekend, parseExchangeDate } from '../business-date.ts';
import { factsFromHolidays, mergeFacts } from './facts.ts';
import { parseCalendarOverrides } from './overrides.ts';
import { type CalendarFacts, seedFacts } from './seed.ts';
import { TradingCalendar } from './trading-calendar.ts';

const none: CalendarFacts = { specialSessions: {}, holidays: {}, completeYears: [] };
const day = (facts: CalendarFacts, date: string) => new TradingCalendar(facts).day(businessDate(date));

describe('the exchange’s holiday list as facts', () => {
  it('closes its weekdays, leaves weekends to the weekday, and takes Laxmi Pujan for the Muhurat', () => {
    const facts = factsFromHolidays(
      [
        { date: '2027-01-26', name: 'Republic Day' },
        { date: '2027-08-15', name: 'Independence Day' },
        { date: '2027-10-29', name: 'Diwali-Laxmi Pujan' },
      ],
      none,
    );
    expect(facts).toEqual({
      holidays: { '2027-01-26': 'Republic Day' },
      specialSessions: { '2027-10-29': { kind: 'muhurat', note: 'Muhurat trading on Diwali-Laxmi Pujan' } },
      completeYears: [2027],
    });
    expect(day(facts, '2027-08-15')).toMatchObject({ open: false, reason: 'weekend' });
  });

  it('keeps a day that is known to be a session', () => {
    expect(factsFromHolidays([{ date: '2024-11-01', name: 'Diwali' }])).toMatchObject({
      holidays: {},
      specialSessions: { '2024-11-01': { kind: 'muhurat' } },
    });
  });

  it('refuses what is no date', () => {
    expect(() => factsFromHolidays([{ date: '31-Feb-2027', name: 'x' }])).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});

describe('facts told later', () => {
  it('replace a complete year’s holidays but not closures at short notice', () => {
    const merged = mergeFacts(seedFacts, { ...none, holidays: { '2026-05-27': 'Bakri Id' }, completeYears: [2026] });
    expect(day(merged, '2026-05-27')).toMatchObject({ open: false, name: 'Bakri Id' });
    expect(day(merged, '2026-05-28')).toMatchObject({ open: true });
    expect(day(merged, '2026-01-15')).toMatchObject({ open: false, reason: 'holiday' });
    expect(day(merged, '2026-02-01')).toMatchObject({ open: true, kind: 'special' });
    expect(day(merged, '2025-12-25')).toMatchObject({ open: false, name: 'Christmas' });
    expect(merged.completeYears).toEqual([2024, 2025, 2026]);
  });

  it('win on a date of which both speak', () => {
    const merged = mergeFacts(seedFacts, {
      ...none,
      holidays: { '2026-02-01': 'Session called off' },
      specialSessions: {
        '2026-01-15': { kind: 'special', note: 'Election put off' },
        '2026-01-26': { kind: 'special', note: 'Drill' },
      },
    });
    expect(day(merged, '2026-02-01')).toMatchObject({ open: false, name: 'Session called off' });
    expect(day(merged, '2026-01-15')).toMatchObject({ open: true, note: 'Election put off' });
    expect(day(merged, '2026-01-26')).toMatchObject({ open: true, note: 'Drill' });
    expect(mergeFacts(merged, none)).toEqual(merged);
  });
});

describe('the overrides file', () => {
  const file = 'calendar-overrides.json';

  it('is read', () => {
    const text = JSON.stringify({
      special_sessions: { '2027-02-01': { kind: 'special', note: 'Union budget' } },
      holidays: { '2027-03-08': 'State election' },
    });
    expect(parseCalendarOverrides(text, file)).toEqual({
      specialSessions: { '2027-02-01': { kind: 'special', note: 'Union budget' } },
      holidays: { '2027-03-08': 'State election' },
      completeYears: [],
    });
    expect(parseCalendarOverrides('{}', file)).toEqual(none);
  });

  it.each([
    ['{"holidays": }', /calendar-overrides.json is not JSON/],
    ['[]', /expected object/],
    ['{"holiday": {}}', /Unrecognized key: "holiday"/],
    ['{"holidays": {"2027-02-30": "x"}}', /2027-02-30/],
    ['{"holidays": {"2027-03-08": ""}}', /holidays\.2027-03-08|holidays\["2027-03-08"\]/],
    ['{"special_sessions": {"2027-03-08": {"kind": "short", "note": "x"}}}', /"regular"\|"special"\|"muhurat"/],
    [
      '{"special_sessions": {"2027-03-08": {"kind": "special", "note": "x"}}, "holidays": {"2027-03-08": "x"}}',
      /is a special session too/,
    ],
    ['{"complete_years": ["2027"]}', /expected number/],
  ])('is refused when it says %s', (text, message) => {
    expect(() => parseCalendarOverrides(text, file)).toThrow(
      expect.objectContaining({ code: 'CONFIG', message: expect.stringMatching(message), hint: expect.any(String) }),
    );
  });
});

const sample = new URL('../../../../../shared/nse-samples/holiday-master_trading_2025.json', import.meta.url);
if (!existsSync(sample)) console.warn('The real files (../shared/nse-samples) are not here: 2025 is not checked.');
describe.runIf(existsSync(sample))('holiday-master_trading_2025.json', () => {
  it('says of every day of 2025 what the seed says', () => {
    const { CM } = JSON.parse(readFileSync(sample, 'utf8')) as { CM: { tradingDate: string; description: string }[] };
    expect(CM).toHaveLength(18);
    const listed = CM.map(({ tradingDate, description }) => ({
      date: parseExchangeDate(tradingDate) ?? '',
      name: description,
    }));
    // The list alone finds the Muhurat by its name; of the budget Saturday it does not speak.
    const facts = factsFromHolidays(listed, none);
    const of2025 = (days: object) => Object.keys(days).filter((date) => date.startsWith('2025'));
    expect(of2025(facts.holidays)).toEqual(of2025(seedFacts.holidays));
    expect(of2025(facts.specialSessions)).toEqual(['2025-10-21']);
    expect(of2025(seedFacts.specialSessions)).toEqual(['2025-02-01', '2025-10-21']);
    expect(listed.filter(({ date }) => isWeekend(businessDate(date)))).toHaveLength(4);
  });
});
