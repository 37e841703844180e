import { expect, it } from 'vitest';
import { checkDatasets } from './check-datasets.mjs';
import { withTree } from './temp-tree.mjs';

const sound = {
  'packages/datasets/src/index.ts':
    "import { bhavcopy } from './nse/bhavcopy/definition.ts';\nexport const datasets = [bhavcopy];\n",
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
    'packages/datasets/src/nse/bulk-deals is a dataset that nothing registers',
  ]);
  expect(
    verdict({ ...sound, 'packages/datasets/src/index.ts': "export type * from './nse/bhavcopy/definition.ts';\n" }),
  ).toEqual(['packages/datasets/src/nse/bhavcopy is a dataset that nothing registers']);
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
