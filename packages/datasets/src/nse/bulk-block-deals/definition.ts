import type { DatasetDefinition } from '@champion/core';
import type pl from 'nodejs-polars';
import { recogniseDeals } from './file-names.ts';
import { slicesOn } from './kinds.ts';
import bulkBlockDeals from './migrations/0001-bulk-block-deals.sql';
import { normalizeDeals, SCHEMA_VERSION } from './normalize.ts';
import { dealsLines, parseDeals, sessionsOfDeals } from './parse.ts';

/** Bulk deals, block deals and short selling, as the exchange discloses them after each session. */
export const dataset: DatasetDefinition<pl.DataFrame> = {
  name: 'bulk-block-deals',
  title: 'NSE bulk and block deals',
  table: 'bulk_block_deals',
  migrations: [{ name: 'bulk-block-deals/0001-bulk-block-deals', sql: bulkBlockDeals }],
  schemaVersion: SCHEMA_VERSION,
  per: 'session',
  // From 15:00 a part of the lists is there; they are final in the evening.
  publication: { from: '15:00', deadline: '21:00' },
  flow: {
    name: 'bulk-block-deals-etl',
    description: 'Bulk deals, block deals and short selling of a session: fetch, check, store, load',
    retries: 2,
    tasks: {
      scrape: 'scrape_bulk_block_deals',
      parse: 'parse_bulk_block_deals',
      normalize: 'normalize_bulk_block_deals',
      write: 'write_bulk_block_deals',
      load: 'load_bulk_block_deals',
    },
  },
  topics: { rows: 'raw.market.deals' },
  slices: slicesOn,
  recognise: recogniseDeals,
  sessionsOf: sessionsOfDeals,
  parse: parseDeals,
  sourceLines: dealsLines,
  normalize: normalizeDeals,
};
