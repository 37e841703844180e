// Written by tools/generate-registry.mjs from the folders of nse/: edit those, not this.
import type { DatasetDefinition } from '@champion/core';
import type pl from 'nodejs-polars';
import { dataset as bhavcopy } from './nse/bhavcopy/definition.ts';

/** Every dataset of the product. The flows, the importer and the checks go by this list. */
export const datasets: readonly DatasetDefinition<pl.DataFrame>[] = [
  bhavcopy,
];
