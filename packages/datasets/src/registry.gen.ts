// Written by tools/generate-registry.mjs from the folders of nse/: edit those, not this.
import type { DatasetDefinition } from '@champion/core';
import type pl from 'nodejs-polars';
import { dataset as bhavcopy } from './nse/bhavcopy/definition.ts';
import { dataset as bulkBlockDeals } from './nse/bulk-block-deals/definition.ts';
import { dataset as indexConstituents } from './nse/index-constituents/definition.ts';
import { dataset as indicesClose } from './nse/indices-close/definition.ts';
import { dataset as optionChain } from './nse/option-chain/definition.ts';
import { dataset as symbolMaster } from './nse/symbol-master/definition.ts';
import { dataset as tradingCalendar } from './nse/trading-calendar/definition.ts';

/** Every dataset of the product. The flows, the importer and the checks go by this list. */
export const datasets: readonly DatasetDefinition<pl.DataFrame>[] = [
  bhavcopy,
  bulkBlockDeals,
  indexConstituents,
  indicesClose,
  optionChain,
  symbolMaster,
  tradingCalendar,
];
