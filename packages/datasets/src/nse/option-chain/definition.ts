import { type DatasetDefinition, parseIsoDate } from '@champion/core';
import type pl from 'nodejs-polars';
import { z } from 'zod';
import { names } from '../../parameters.ts';
import optionChain from './migrations/0001-option-chain.sql';
import optionSummary from './migrations/0002-option-summary.sql';
import { normalizeOptionChain, SCHEMA_VERSION } from './normalize.ts';
import { chainLines, parseOptionChain } from './parse.ts';
import { chainInputs, contractInfo, DEFAULT_SYMBOLS, sliceName } from './requests.ts';

const parameters = {
  /** Indices and shares with options, as the exchange spells them. */
  symbols: names(
    z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9&-]{0,30}$/, 'expected a symbol such as NIFTY or M&M')
      .transform((symbol) => symbol.toUpperCase()),
    300,
    DEFAULT_SYMBOLS,
  ),
  /** How many of the nearest expiries. */
  expiries: z.number().int().min(1).max(30).default(3),
};
const Parameters = z.object(parameters);

/** Names under which people save chains: "option-chain-v3_NIFTY_2026-05-20.json", "option-chain-indices_NIFTY_2025-08-05.json.zip". */
const CHAIN_NAME =
  /^option-chain-(?:v3|indices|equities)_([A-Z0-9&-]+)(?:_(\d{4}-\d{2}(?:-\d{2})?))?\.json(\.repacked)?(\.zip)?$/i;

/** Snapshots of the option chains of indices and shares during a session. */
export const dataset: DatasetDefinition<pl.DataFrame> = {
  name: 'option-chain',
  title: 'NSE option chain',
  table: 'option_chain',
  migrations: [
    { name: 'option-chain/0001-option-chain', sql: optionChain },
    { name: 'option-chain/0002-option-summary', sql: optionSummary },
  ],
  schemaVersion: SCHEMA_VERSION,
  per: 'session',
  latestOnly: true,
  publication: { from: '09:15', deadline: '16:00' },
  flow: {
    name: 'option-chain-etl',
    description: 'A snapshot of option chains: fetch, check, store, load',
    retries: 3,
    tasks: {
      scrape: 'scrape_option_chain',
      parse: 'parse_option_chain',
      write: 'write_option_chain_parquet',
      load: 'load_option_chain_clickhouse',
    },
  },
  topics: { rows: 'raw.market.option_chain' },
  parameters,
  slices: (date, given) => {
    const { symbols, expiries } = Parameters.parse(given);
    return symbols.map((symbol) => {
      const main = contractInfo(symbol, date);
      return {
        name: sliceName(symbol),
        scope: { symbol },
        inputs: [main],
        follow: (files) => {
          const file = files[main.name];
          return file ? chainInputs(file, symbol, date, expiries) : [];
        },
      };
    });
  },
  recognise: (fileName) => {
    const parts = CHAIN_NAME.exec(fileName);
    if (!parts) return undefined;
    const slice = sliceName(parts[1] ?? '');
    return { date: parseIsoDate(parts[2] ?? ''), slice, input: slice, extension: parts[4] ? 'json.zip' : 'json' };
  },
  parse: parseOptionChain,
  sourceLines: chainLines,
  normalize: normalizeOptionChain,
};
