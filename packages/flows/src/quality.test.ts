import { businessDate } from '@champion/core';
import type { DataQuality } from '@champion/warehouse';
import { expect, it } from 'vitest';
import { countBy, passRate, qualityLines } from './quality.ts';

const quality: DataQuality = {
  dataset: 'bhavcopy',
  slice: 'bhavcopy',
  trade_date: businessDate('2024-07-10'),
  flow_run_id: 'run',
  rows_processed: 2_805,
  rows_expected: 2_799,
  rows_loaded: 2_800,
  rows_filtered: 5,
  validation_pass_rate: 2_800 / 2_805,
  anomalies_detected: 1,
  hard_rules: { price_range: 1, duplicate_key: 4 },
  soft_rules: { close_outside_range: 2 },
  file_size_bytes: 1,
  source: 'raw',
};

it('is told in up to three lines', () => {
  expect(qualityLines(quality)).toEqual([
    'bhavcopy 2024-07-10: 2,805 rows (about 2,799 expected), 99.82 % valid, 5 quarantined, 1 anomaly',
    '  quarantined by rule: duplicate_key 4, price_range 1',
    '  anomalies by rule: close_outside_range 2',
  ]);
  expect(
    qualityLines({
      ...quality,
      rows_expected: null,
      rows_filtered: 0,
      validation_pass_rate: 1,
      anomalies_detected: 0,
      hard_rules: {},
      soft_rules: {},
    }),
  ).toEqual(['bhavcopy 2024-07-10: 2,805 rows (nothing to compare with), 100 % valid, 0 quarantined, 0 anomalies']);
});

it.each([
  [1, '100 %'],
  [0.999999, '99.99 %'],
  [0.995, '99.50 %'],
  [0.57, '57 %'],
  [0, '0 %'],
])('a pass rate of %d is %s', (validation_pass_rate, text) => {
  expect(passRate({ validation_pass_rate })).toBe(text);
});

it('counts by any name', () => {
  expect(countBy([])).toEqual({});
  expect(
    Object.entries(
      countBy([
        ['constructor', 1],
        ['a', 2],
        ['constructor', 3],
      ]),
    ),
  ).toEqual([
    ['constructor', 4],
    ['a', 2],
  ]);
});
