import type { SliceQuality } from '@champion/contract';
import { businessDate } from '@champion/core';
import { expect, it } from 'vitest';
import { qualityBySession } from './quality-series.ts';

const row = (of: Partial<SliceQuality>): SliceQuality => ({
  dataset: 'deals',
  slice: 'bulk',
  trade_date: businessDate('2026-01-12'),
  flow_run_id: 'run',
  rows_processed: 100,
  rows_expected: null,
  rows_loaded: 100,
  rows_filtered: 0,
  validation_pass_rate: 1,
  anomalies_detected: 0,
  hard_rules: {},
  soft_rules: {},
  file_size_bytes: 1000,
  source: 'raw',
  ...of,
});

it('adds the slices of a session, weighs their pass rates by rows, and takes the latest load of each', () => {
  const sessions = qualityBySession([
    row({ trade_date: businessDate('2026-01-13') }),
    row({
      rows_loaded: 99,
      rows_filtered: 1,
      validation_pass_rate: 0.99,
      rows_expected: 90,
      hard_rules: { 'no-isin': 1 },
    }),
    row({
      slice: 'block',
      rows_processed: 300,
      rows_loaded: 300,
      soft_rules: { jump: 2, other: 0 },
      anomalies_detected: 2,
    }),
    row({ rows_loaded: 1, flow_run_id: 'an earlier run' }),
  ]);
  expect(sessions.map(({ date }) => date)).toEqual(['2026-01-12', '2026-01-13']);
  expect(sessions[0]).toMatchObject({
    loaded: 399,
    expected: 90,
    filtered: 1,
    anomalies: 2,
    passRate: 0.9975,
    bytes: 2000,
  });
  expect(sessions[0]?.rules).toEqual([
    ['jump', 2],
    ['no-isin', 1],
  ]);
  expect(sessions[1]?.expected).toBeNull();
});
