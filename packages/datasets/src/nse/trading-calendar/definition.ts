import { type BusinessDate, type DatasetDefinition, dateForms, parseIsoDate } from '@champion/core';
import type pl from 'nodejs-polars';
import tradingCalendar from './migrations/0001-trading-calendar.sql';
import { normalizeTradingCalendar, SCHEMA_VERSION } from './normalize.ts';
import { holidayLines, parseHolidayMaster } from './parse.ts';

/** Every day of a year in every segment: a session or not, of which kind, and why not. */
export const dataset: DatasetDefinition<pl.DataFrame> = {
  name: 'trading-calendar',
  title: 'NSE trading calendar',
  table: 'trading_calendar',
  migrations: [{ name: 'trading-calendar/0001-trading-calendar', sql: tradingCalendar }],
  schemaVersion: SCHEMA_VERSION,
  per: 'day',
  publication: { from: '00:00', deadline: '09:00' },
  flow: {
    name: 'trading-calendar-etl',
    description: 'Sessions and holidays of the year in every segment: fetch, check, store, load',
    retries: 3,
    tasks: {
      scrape: 'scrape_trading_calendar',
      parse: 'parse_trading_calendar',
      write: 'write_trading_calendar_parquet',
      load: 'load_trading_calendar_clickhouse',
    },
  },
  topics: { rows: 'reference.nse.trading_calendar' },
  slices: (date) => [
    {
      name: 'trading-calendar',
      scope: { calendar_year: dateForms.year(date) },
      inputs: [{ name: 'holiday-master', requests: [{ endpoint: 'holiday-master', date, extension: 'json' }] }],
    },
  ],
  recognise: (fileName) =>
    /^holiday-master.*\.json$/i.test(fileName)
      ? { date: dateOfName(fileName), slice: 'trading-calendar', input: 'holiday-master', extension: 'json' }
      : undefined,
  parse: parseHolidayMaster,
  sourceLines: holidayLines,
  normalize: normalizeTradingCalendar,
};

/** The day in the name, or the first of the year in it: any day of the year stands for it. */
function dateOfName(fileName: string): BusinessDate | undefined {
  const [, year, day] = /(?<!\d)((?:19|20)\d\d)(-\d\d-\d\d)?(?!\d)/.exec(fileName) ?? [];
  return year === undefined ? undefined : parseIsoDate(`${year}${day ?? '-01-01'}`);
}
