import type { BusinessDate, DatasetDefinition, SliceInput } from '@champion/core';
import type pl from 'nodejs-polars';
import { csvLines } from '../../csv/index.ts';
import { dateOfDeliveryName, FIRST_DELIVERY } from './delivery/read-delivery.ts';
import { dateOfFileName, formatsOn } from './formats.ts';
import equityOhlc from './migrations/0001-equity-ohlc.sql';
import delivery from './migrations/0002-delivery.sql';
import { entityIds, normalizeBhavcopy, SCHEMA_VERSION } from './normalize.ts';
import { parseBhavcopy } from './parse.ts';

/** The exchange's end-of-day prices of every instrument of the capital-market segment. */
export const dataset: DatasetDefinition<pl.DataFrame> = {
  name: 'bhavcopy',
  title: 'NSE bhavcopy (capital market)',
  table: 'equity_ohlc',
  migrations: [
    { name: 'bhavcopy/0001-equity-ohlc', sql: equityOhlc },
    { name: 'bhavcopy/0002-delivery', sql: delivery },
  ],
  schemaVersion: SCHEMA_VERSION,
  per: 'session',
  publication: { from: '17:30', deadline: '19:30' },
  flow: {
    name: 'nse-bhavcopy-etl',
    description: 'End-of-day prices of every instrument: fetch, check, store, load',
    retries: 3,
    tasks: {
      scrape: 'scrape_bhavcopy',
      parse: 'parse_polars_raw',
      normalize: 'normalize_polars',
      write: 'write_parquet',
      load: 'load_clickhouse',
    },
  },
  topics: {
    rows: 'normalized.market.equity.ohlc',
    published: { topic: 'raw.market.equity.ohlc', entityIds },
  },
  slices: (date) => [
    {
      name: 'bhavcopy',
      scope: {},
      inputs: [
        {
          name: 'bhavcopy',
          requests: formatsOn(date).map((format) => ({ endpoint: `bhavcopy-${format}`, date, extension: 'csv.zip' })),
        },
        ...deliveryInputs(date),
      ],
    },
  ],
  recognise: (fileName) => {
    const bars = dateOfFileName(fileName);
    const date = bars ?? dateOfDeliveryName(fileName);
    const extension = fileName.toLowerCase().endsWith('.zip') ? 'csv.zip' : 'csv';
    return date && { date, slice: 'bhavcopy', input: bars ? 'bhavcopy' : 'delivery', extension };
  },
  parse: parseBhavcopy,
  sourceLines: csvLines,
  normalize: normalizeBhavcopy,
};

/** What was delivered of the traded quantity comes in a file of its own, often later than the bars. */
function deliveryInputs(date: BusinessDate): SliceInput[] {
  if (date < FIRST_DELIVERY) return [];
  return [{ name: 'delivery', requests: [{ endpoint: 'sec-bhavdata-full', date, extension: 'csv' }], optional: true }];
}
