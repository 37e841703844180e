import type { DatasetDefinition } from '@champion/core';
import type pl from 'nodejs-polars';
import { csvLines } from '../../csv/index.ts';
import { dateOfFileName } from './format.ts';
import indexOhlc from './migrations/0001-index-ohlc.sql';
import { normalizeIndicesClose, SCHEMA_VERSION } from './normalize.ts';
import { parseIndicesClose } from './parse.ts';

/** Open, high, low, close and ratios of every index of the exchange. */
export const dataset: DatasetDefinition<pl.DataFrame> = {
  name: 'indices-close',
  title: 'NSE indices close',
  table: 'index_ohlc',
  migrations: [{ name: 'indices-close/0001-index-ohlc', sql: indexOhlc }],
  schemaVersion: SCHEMA_VERSION,
  per: 'session',
  publication: { from: '18:30', deadline: '21:00' },
  flow: {
    name: 'indices-close-etl',
    description: 'End-of-day levels and ratios of every index: fetch, check, store, load',
    retries: 3,
    tasks: {
      scrape: 'scrape_indices_close',
      parse: 'parse_indices_close',
      normalize: 'normalize_indices_close',
      write: 'write_indices_close',
      load: 'load_indices_close',
    },
  },
  topics: { rows: 'normalized.market.index.ohlc' },
  slices: (date) => [
    {
      name: 'indices-close',
      scope: {},
      inputs: [{ name: 'indices-close', requests: [{ endpoint: 'index-close', date, extension: 'csv' }] }],
    },
  ],
  recognise: (fileName) => {
    const date = dateOfFileName(fileName);
    return date && { date, slice: 'indices-close', input: 'indices-close', extension: 'csv' };
  },
  parse: parseIndicesClose,
  sourceLines: csvLines,
  normalize: normalizeIndicesClose,
};
