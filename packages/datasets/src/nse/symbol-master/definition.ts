import { type BusinessDate, type DatasetDefinition, parseIsoDate, type SliceInput } from '@champion/core';
import type pl from 'nodejs-polars';
import { csvLines } from '../../csv/index.ts';
import symbolMaster from './migrations/0001-symbol-master.sql';
import { normalizeSymbolMaster, SCHEMA_VERSION } from './normalize.ts';
import { parseSymbolMaster } from './parse.ts';

const input = (name: string, date: BusinessDate): SliceInput => ({
  name,
  requests: [{ endpoint: name, date, extension: 'csv' }],
});

/** Published names, with or without the day on which they were kept. */
const FILE_NAME = /^(EQUITY_L|symbolchange|namechange)(?:_(\d{4}-\d{2}-\d{2}))?\.csv$/i;
const INPUTS: Readonly<Record<string, string>> = {
  equity_l: 'equity-list',
  symbolchange: 'symbol-change',
  namechange: 'name-change',
};

/** Symbols and names of the listed companies, each with the days on which it was valid. */
export const dataset: DatasetDefinition<pl.DataFrame> = {
  name: 'symbol-master',
  title: 'NSE symbol master',
  table: 'symbol_master',
  migrations: [{ name: 'symbol-master/0001-symbol-master', sql: symbolMaster }],
  schemaVersion: SCHEMA_VERSION,
  per: 'day',
  publication: { from: '08:00', deadline: '19:00' },
  flow: {
    name: 'symbol-master-etl',
    description: 'Listed companies with their former symbols and names: fetch, check, store, load',
    retries: 3,
    tasks: {
      scrape: 'scrape_symbol_master',
      parse: 'parse_symbol_master',
      normalize: 'normalize_symbol_master',
      write: 'write_symbol_master',
      load: 'load_symbol_master',
    },
  },
  topics: { rows: 'reference.nse.symbol_master' },
  slices: (date) => [
    {
      name: 'symbol-master',
      scope: {},
      inputs: [
        input('equity-list', date),
        { ...input('symbol-change', date), optional: true },
        { ...input('name-change', date), optional: true },
      ],
    },
  ],
  recognise: (fileName) => {
    const [, kind = '', day] = FILE_NAME.exec(fileName) ?? [];
    const name = INPUTS[kind.toLowerCase()];
    const date = day === undefined ? undefined : parseIsoDate(day);
    if (name === undefined || (day !== undefined && date === undefined)) return undefined;
    return { date, slice: 'symbol-master', input: name, extension: 'csv' };
  },
  parse: parseSymbolMaster,
  sourceLines: csvLines,
  normalize: normalizeSymbolMaster,
};
