import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  businessDate,
  eventId,
  factsFromHolidays,
  mergeFacts,
  seedFacts,
  TradingCalendar,
  weekday,
} from '@champion/core';
import { holidayMasterJson } from '@champion/simulator';
import fc from 'fast-check';
import type pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { sql } from '../../csv/index.ts';
import { type DatasetRun, runDataset } from '../../testing/run-dataset.ts';
import { RUNS, RUNS_TIMEOUT } from '../../testing/runs.ts';
import { dataset } from './definition.ts';
import { loadedHolidays } from './loaded-holidays.ts';

const date = businessDate('2025-04-26');
type Holidays = Record<string, unknown[]>;

function ingest(holidays: unknown, more: Partial<DatasetRun> = {}) {
  const text = typeof holidays === 'string' ? holidays : JSON.stringify(holidays);
  return runDataset(dataset, { date, files: { 'holiday-master': text }, ...more });
}

/** A listed day with its right weekday. */
function day(tradingDate: string, description: string | null, more: Record<string, unknown> = {}) {
  const iso = `2025-${tradingDate.slice(3, 6) === 'Jan' ? '01' : '08'}-${tradingDate.slice(0, 2)}`;
  return { tradingDate, weekDay: weekday(businessDate(iso)), description, Sr_no: 1, ...more };
}
const cm = [day('15-Aug-2025', 'Independence Day')];

/** "2025-01-01 regular" or "2025-01-01 closed: New Year" for the days of a segment that a test speaks of. */
function days(silver: pl.DataFrame, segment: string, ...dates: string[]): string[] {
  return sql(
    `SELECT CAST(trade_date AS VARCHAR) || ' ' || COALESCE(session_kind, 'closed') || COALESCE(': ' || holiday_name, '')
       AS said FROM silver WHERE segment = '${segment}' AND CAST(trade_date AS VARCHAR) IN ('${dates.join("','")}')
     ORDER BY trade_date`,
    { silver },
  )
    .getColumn('said')
    .toArray() as string[];
}

function sessions(silver: pl.DataFrame, segment: string): number {
  return sql(`SELECT segment FROM silver WHERE is_session AND segment = '${segment}'`, { silver }).height;
}

describe('the days of a year', () => {
  it('are all there, open by weekday unless listed, in every segment', async () => {
    const { silver, derived, parsed, quarantined } = await ingest({
      CM: [...cm, day('26-Jan-2025', 'Republic Day')],
      CD: [day('15-Aug-2025', 'Independence Day'), day('18-Aug-2025', 'Bank holiday')],
    });
    expect(silver.height).toBe(2 * 365);
    expect([parsed.rowsInFile, derived, quarantined]).toEqual([4, 726, []]);
    expect(days(silver, 'CD', '2025-08-15', '2025-08-16', '2025-08-18', '2025-08-19')).toEqual([
      '2025-08-15 closed: Independence Day',
      '2025-08-16 closed',
      '2025-08-18 closed: Bank holiday',
      '2025-08-19 regular',
    ]);
    expect(days(silver, 'CM', '2025-01-26', '2025-08-18')).toEqual([
      '2025-01-26 closed: Republic Day',
      '2025-08-18 regular',
    ]);
  });

  it('know the capital market’s special sessions, Muhurat and closures at short notice', async () => {
    const { silver } = await ingest(
      { CM: [{ tradingDate: '26-Jan-2026', weekDay: 'Monday', description: 'Republic Day' }] },
      {
        date: businessDate('2026-03-01'),
      },
    );
    expect(days(silver, 'CM', '2026-01-15', '2026-02-01', '2026-11-08')).toEqual([
      '2026-01-15 closed: Municipal elections in Maharashtra (ad hoc)',
      '2026-02-01 special',
      '2026-11-08 muhurat',
    ]);
    // What the list does not have is not made up from what was known before.
    expect(days(silver, 'CM', '2026-12-25')).toEqual(['2026-12-25 regular']);
  });

  it('take Laxmi Pujan for the Muhurat in a year that nobody knew', async () => {
    const { silver } = await ingest(
      { CM: [{ tradingDate: '29-Oct-2027', weekDay: 'Friday', description: 'Diwali Laxmi Pujan' }] },
      { date: businessDate('2027-01-04') },
    );
    expect(days(silver, 'CM', '2027-10-29')).toEqual(['2027-10-29 muhurat: Diwali Laxmi Pujan']);
  });

  it('are open for part of the day where the list says so', async () => {
    const { silver } = await ingest({
      CM: cm,
      COM: [
        day('01-Jan-2025', 'New year', { morning_session: 'Open', evening_session: 'Closed' }),
        day('15-Aug-2025', 'Independence Day', { morning_session: 'Closed', evening_session: 'Closed' }),
      ],
    });
    expect(days(silver, 'COM', '2025-01-01', '2025-08-15')).toEqual([
      '2025-01-01 special: New year',
      '2025-08-15 closed: Independence Day',
    ]);
  });

  it('are typed as the warehouse wants them', async () => {
    const { silver } = await ingest({ CM: cm });
    expect(Object.fromEntries(silver.columns.map((name) => [name, silver.getColumn(name).dtype.toString()]))).toEqual({
      segment: 'DataType(String)',
      trade_date: 'DataType(Date)',
      calendar_year: 'DataType(UInt16)',
      weekday: 'DataType(String)',
      is_session: 'DataType(Bool)',
      session_kind: 'DataType(String)',
      holiday_name: 'DataType(String)',
      session_note: 'DataType(String)',
      morning_session: 'DataType(String)',
      evening_session: 'DataType(String)',
      as_of: 'DataType(Date)',
      event_id: 'DataType(String)',
      event_time: 'DataType(Datetime(ms,UTC))',
      ingest_time: 'DataType(Datetime(ms,UTC))',
      source: 'DataType(String)',
      schema_version: 'DataType(UInt16)',
      entity_id: 'DataType(String)',
    });
    const [first] = silver.toRecords();
    expect(first).toMatchObject({
      event_time: new Date('2024-12-31T18:30:00Z'),
      entity_id: 'CM:NSE',
      event_id: eventId('trading-calendar', ['CM', '2025-01-01']),
      source: 'raw/nse/trading-calendar/2025-04-26/test',
      weekday: 'Wednesday',
    });
  });
});

describe('rows that break a hard rule', () => {
  it.each([
    ['date_format', { tradingDate: '15/08/2025' }, 'tradingDate', '15/08/2025'],
    ['date_format', { tradingDate: '31-Feb-2025' }, 'tradingDate', '31-Feb-2025'],
    ['date_format', { description: 'Holi' }, 'tradingDate', null],
    ['not_an_object', 'Holi', 'CM', '"Holi"'],
    ['not_an_object', [1], 'CM', '[1]'],
    ['duplicate_key', day('15-Aug-2025', 'Again'), 'segment,tradingDate', 'CM 2025-08-15 as in row 1'],
  ])('%s: %j', async (rule, row, column, value) => {
    const { silver, derived = 0, quarantined, parsed } = await ingest({ CM: [...cm, row] });
    expect(quarantined).toEqual([{ line: 2, rule, column, value }]);
    expect(silver.height - derived + quarantined.length).toBe(parsed.rowsInFile);
    const lines = await dataset.sourceLines({
      bytes: Buffer.from(JSON.stringify({ CM: [...cm, row] })),
      fileName: 'x',
    });
    expect(lines[1]).toBe(JSON.stringify(row));
  });
});

describe('anomalies', () => {
  const all = async (holidays: Holidays, more: Partial<DatasetRun> = {}) =>
    (await ingest(holidays, more)).anomalies.map(({ rule, message }) => `${rule}: ${message}`);
  /** The lists of these tests are short. */
  const rules = async (...given: Parameters<typeof all>) =>
    (await all(...given)).filter((said) => !said.startsWith('few_holidays'));
  const undisputed = { date: businessDate('2019-01-01') };
  const cm2019 = { tradingDate: '15-Aug-2019', weekDay: 'Thursday', description: 'Independence Day' };

  it('say what is odd and keep the row', async () => {
    expect(await rules({ CM: [cm2019] }, undisputed)).toEqual([]);
    expect(
      await rules(
        {
          CM: [{ ...cm2019, weekDay: 'Friday' }],
          COM: [{ ...cm2019, description: null, morning_session: 'Half', evening_session: 'Open' }],
        },
        undisputed,
      ),
    ).toEqual([
      'weekday_mismatch: 1 day, for example CM 2019-08-15 is a Thursday, printed as Friday',
      'session_word: 1 day with a session neither Open nor Closed, taken as closed; for example COM 2019-08-15: Half and Open',
      'holiday_unnamed: 1 day without a description, for example COM 2019-08-15',
    ]);
  });

  it('say where the list and what was known of the year differ', async () => {
    const [said] = await rules({ CM: [...cm, day('18-Aug-2025', 'State funeral')] });
    expect(said).toContain(
      'calendar_difference: the list differs from what was known of 2025 (newly listed: 2025-08-18;',
    );
    expect(said).toContain('no longer listed: 2025-02-26');
  });

  it('say that a list is too short to be that of a year', async () => {
    const weekdays = ['26', '27', '28', '29', '30'].map((day) => ({
      ...cm2019,
      tradingDate: `${day}-Aug-2019`,
      weekDay: null,
    }));
    const sunday = { ...cm2019, tradingDate: '25-Aug-2019', weekDay: null };
    expect(await all({ CM: [...weekdays, cm2019] }, undisputed)).toEqual([]);
    expect(await all({ CM: [...weekdays, sunday] }, undisputed)).toEqual([
      'few_holidays: 5 holidays on weekdays in 2019, where the exchange has a dozen and more; on days that are missing here a session would be expected',
    ]);
  });

  it('say that a segment is gone', async () => {
    const before = await ingest({ CM: [cm2019], COM: [cm2019] }, undisputed);
    const previous = { date: businessDate('2018-12-31'), adjacent: true, silver: before.silver };
    expect(await rules({ CM: [cm2019] }, { ...undisputed, previous })).toEqual([
      'segment_missing: the list of 2018-12-31 had COM, this one has no holiday of it',
    ]);
  });
});

describe('documents that cannot be trusted as a whole', () => {
  it.each([
    ['nothing', '', /is not JSON/],
    ['an HTML page', '<!DOCTYPE html><html></html>', /is not JSON/],
    ['an empty object', {}, /no readable holiday of the capital market/],
    ['a list', [], /is not a list of holidays by segment/],
    ['no capital market', { FO: cm }, /no readable holiday of the capital market/],
    ['an empty capital market', { CM: [] }, /no readable holiday of the capital market/],
    ['only unreadable holidays', { CM: [{ tradingDate: 'soon' }] }, /no readable holiday of the capital market/],
    ['a segment that is no list', { CM: cm, message: 'x' }, /under "message" no list/],
    ['another year', { CM: [{ tradingDate: '26-Jan-2024' }] }, /asked for as 2025 but holds 2024 \(1 rows\)/],
    ['a day of another year', { CM: [...cm, { tradingDate: '26-Jan-2026' }] }, /but holds 2026/],
    ['a list longer than a year', { CM: Array.from({ length: 367 }, () => cm[0]) }, /under "CM" no list/],
  ])('%s', async (_, document, message) => {
    await expect(ingest(document)).rejects.toMatchObject({
      name: 'ChampionError',
      code: 'CORRUPT',
      message: expect.stringMatching(message),
    });
  });

  it(
    'gives rows or CORRUPT for whatever bytes come in, and loses no row',
    async () => {
      const entry = fc.oneof(
        fc.constant(cm[0]),
        fc.record(
          {
            tradingDate: fc.oneof(
              fc.string(),
              fc.integer({ min: 1, max: 31 }).map((n) => `${n}-Aug-2025`),
            ),
            weekDay: fc.oneof(fc.string(), fc.constant('Monday')),
            description: fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null)),
            morning_session: fc.oneof(fc.constantFrom('Open', 'Closed', null), fc.string()),
          },
          { requiredKeys: [] },
        ),
        fc.jsonValue(),
      );
      const document = fc.dictionary(fc.constantFrom('CM', 'FO', '__proto__', 'x'), fc.array(entry, { maxLength: 6 }));
      const file = fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.json().map((text) => Buffer.from(text)),
        document.map((holidays) => Buffer.from(JSON.stringify(holidays))),
        document.map((holidays) => Buffer.from(JSON.stringify({ ...holidays, CM: [...cm, ...(holidays.CM ?? [])] }))),
      );
      await fc.assert(
        fc.asyncProperty(file, async (bytes) => {
          try {
            const found = await runDataset(dataset, { date, files: { 'holiday-master': bytes } });
            const { bronze, rowsInFile, quarantined } = found.parsed;
            expect((bronze['holiday-master']?.height ?? 0) + quarantined.length).toBe(rowsInFile);
            expect(found.silver.height - (found.derived ?? 0) + found.quarantined.length).toBe(rowsInFile);
            expect(found.silver.height % 365).toBe(0);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ChampionError', code: 'CORRUPT' });
          }
        }),
        { numRuns: RUNS },
      );
    },
    RUNS_TIMEOUT,
  );
});

it('has a slice for the year and knows its files by name', () => {
  expect(dataset.slices(date, {})).toMatchObject([{ name: 'trading-calendar', scope: { calendar_year: '2025' } }]);
  const dateOf = (name: string) => dataset.recognise(name)?.date;
  expect(dateOf('holiday-master_trading_2025.json')).toBe('2025-01-01');
  expect(dateOf('holiday-master_2025-04-26.json')).toBe('2025-04-26');
  expect(dataset.recognise('holiday-master.json')).toMatchObject({ date: undefined, input: 'holiday-master' });
  expect(dataset.recognise('holidays.json')).toBeUndefined();
});

describe('the simulated exchange’s list', () => {
  it.each([2024, 2025, 2026])('of %i gives the sessions that the calendar has', async (year) => {
    const calendar = new TradingCalendar();
    const [first, last] = [businessDate(`${year}-01-01`), businessDate(`${year}-12-31`)];
    const { silver, quarantined, anomalies } = await ingest(holidayMasterJson({ year }), { date: first });
    expect([quarantined, anomalies]).toEqual([[], []]);
    expect(sessions(silver, 'CM')).toBe(calendar.sessions(first, last).length);
  });
});

describe('a loaded calendar', () => {
  it('is read back as the facts that the product goes by', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'champion-calendar-'));
    try {
      const { silver } = await ingest(
        {
          CM: [
            { tradingDate: '26-Jan-2027', weekDay: 'Tuesday', description: 'Republic Day' },
            { tradingDate: '15-Aug-2027', weekDay: 'Sunday', description: 'Independence Day' },
            { tradingDate: '29-Oct-2027', weekDay: 'Friday', description: 'Diwali Laxmi Pujan' },
            { tradingDate: '24-Dec-2027', weekDay: 'Friday', description: null },
          ],
          FO: [{ tradingDate: '01-Jul-2027', weekDay: 'Thursday', description: 'not for shares' }],
        },
        { date: businessDate('2027-01-04') },
      );
      silver.writeParquet(join(folder, 'silver.parquet'));
      const holidays = loadedHolidays(join(folder, 'silver.parquet'));
      expect(holidays).toEqual([
        { date: '2027-01-26', name: 'Republic Day' },
        { date: '2027-08-15', name: 'Independence Day' },
        { date: '2027-10-29', name: 'Diwali Laxmi Pujan' },
        { date: '2027-12-24', name: 'holiday' },
      ]);
      const calendar = new TradingCalendar(mergeFacts(seedFacts, factsFromHolidays(holidays)));
      const of2027 = calendar.sessions(businessDate('2027-01-01'), businessDate('2027-12-31'));
      expect(of2027).toHaveLength(sessions(silver, 'CM'));
      expect(calendar.holidaysKnown(businessDate('2027-06-01'))).toBe(true);
      expect(calendar.day(businessDate('2027-10-29'))).toMatchObject({ open: true, kind: 'muhurat' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const samples = fileURLToPath(new URL('../../../../../../shared/nse-samples/', import.meta.url));
if (!existsSync(samples)) console.warn('The real files (../shared/nse-samples) are not here: their tests do not run.');
describe.runIf(existsSync(samples))('files that the exchange published', () => {
  const read = (name: string) => readFileSync(join(samples, name), 'utf8');

  it('holiday-master_trading_2025.json: 11 segments, 224 listed days, 249 sessions of shares', async () => {
    const found = await ingest(read('holiday-master_trading_2025.json'));
    expect(found.parsed).toMatchObject({ rowsInFile: 224, quarantined: [] });
    expect([found.quarantined, found.anomalies]).toEqual([[], []]);
    expect(found.silver.height).toBe(11 * 365);
    expect(found.derived).toBe(11 * 365 - 224);
    expect(found.metrics).toEqual({ segments: 11, capital_market_sessions: 249 });
    expect(days(found.silver, 'CM', '2025-02-01', '2025-03-30', '2025-10-21', '2025-10-22')).toEqual([
      '2025-02-01 special',
      '2025-03-30 closed',
      '2025-10-21 muhurat: Diwali Laxmi Pujan',
      '2025-10-22 closed: Balipratipada',
    ]);
    expect(days(found.silver, 'COM', '2025-01-01', '2025-02-26', '2025-04-18')).toEqual([
      '2025-01-01 special: New year',
      '2025-02-26 special: Mahashivratri',
      '2025-04-18 closed: Good Friday',
    ]);
    expect(days(found.silver, 'CD', '2025-02-19')).toEqual(['2025-02-19 closed: Chatrapati Shivaji Maharaj Jayanti']);
    expect(sessions(found.silver, 'CD')).toBeLessThan(sessions(found.silver, 'FO'));
  });

  it('holiday-master_trading_2025.json is refused for another year', async () => {
    const asked = { date: businessDate('2026-01-02') };
    await expect(ingest(read('holiday-master_trading_2025.json'), asked)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  it('benny_sample_holidays.json, the shape without sessions: one listed day in each of 11 segments', async () => {
    const found = await ingest(read('benny_sample_holidays.json'), { date: businessDate('2023-01-02') });
    expect(found.parsed).toMatchObject({ rowsInFile: 11, quarantined: [] });
    expect(found.silver.height).toBe(11 * 365);
    expect(days(found.silver, 'CM', '2023-01-26', '2023-11-12')).toEqual([
      '2023-01-26 closed: Republic Day',
      '2023-11-12 muhurat',
    ]);
  });
});
