import { expect, it } from 'vitest';
import { checkDatasets } from './check-datasets.mjs';
import { withTree } from './temp-tree.mjs';

const fresh = `// Written by tools/generate-registry.mjs from the folders of nse/: edit those, not this.
import type { DatasetDefinition } from '@champion/core';
import type pl from 'nodejs-polars';
import { dataset as bhavcopy } from './nse/bhavcopy/definition.ts';

/** Every dataset of the product. The flows, the importer and the checks go by this list. */
export const datasets: readonly DatasetDefinition<pl.DataFrame>[] = [
  bhavcopy,
];
`;

const sound = {
  'packages/datasets/src/registry.gen.ts': fresh,
  'packages/datasets/src/nse/bhavcopy/definition.ts': 'export const bhavcopy = {};\n',
  'packages/datasets/src/nse/bhavcopy/README.md': '# Bhavcopy\n',
  'packages/datasets/src/nse/bhavcopy/parse/legacy.test.ts': '',
  'packages/datasets/src/nse/bhavcopy/__fixtures__/BhavCopy_NSE_CM.csv': '',
  'packages/lake/src/migrations/0001-manifest.sql': '',
  'tools/node_modules/Left_Pad/index.js': '',
};

/** @param {Record<string, string>} files */
const verdict = (files) =>
  withTree(files, (tree) => checkDatasets(tree).violations.map(({ file, what }) => `${file} ${what}`));

it('finds nothing wrong where nothing is', () => {
  expect(verdict(sound)).toEqual([]);
});

it('wants each dataset whole and registered', () => {
  expect(verdict({ ...sound, 'packages/datasets/src/nse/bulk-deals/parse.ts': '' })).toEqual([
    'packages/datasets/src/nse/bulk-deals has no definition.ts',
    'packages/datasets/src/nse/bulk-deals has no README.md',
    'packages/datasets/src/nse/bulk-deals has no *.test.ts',
  ]);
  const stale = { ...sound, 'packages/datasets/src/registry.gen.ts': fresh.replace('bhavcopy,', '') };
  expect(verdict(stale)).toEqual(['packages/datasets/src/registry.gen.ts is not what the folders ask for']);
});

it('wants kebab-case, and says a folder once', () => {
  expect(
    verdict({
      ...sound,
      'apps/cli/src/flowRun.ts': '',
      'packages/lake/src/raw_store/a.ts': '',
      'packages/lake/src/raw_store/b.ts': '',
      'packages/lake/src/-x.ts': '',
    }).sort(),
  ).toEqual([
    'apps/cli/src/flowRun.ts is named "flowRun.ts"',
    'packages/lake/src/-x.ts is named "-x.ts"',
    'packages/lake/src/raw_store is named "raw_store"',
  ]);
});

it('wants no source file over 600 lines', () => {
  const line = 'export {};\n';
  expect(
    verdict({
      ...sound,
      'packages/lake/src/just.ts': line.repeat(600),
      'packages/lake/src/over.ts': line.repeat(601),
      'packages/lake/src/over.gen.ts': line.repeat(601),
      'packages/lake/src/__fixtures__/over.sql': line.repeat(601),
    }),
  ).toEqual(['packages/lake/src/over.ts has 601 lines']);
});
