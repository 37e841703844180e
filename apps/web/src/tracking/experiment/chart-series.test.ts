import { expect, it } from 'vitest';
import type { Run, RunStatus } from '../api/types.ts';
import { durations, failures, sizes, throughput } from './chart-series.ts';

function run(at: string, metrics: Record<string, number>, status: RunStatus = 'FINISHED'): Run {
  const startTime = Date.parse(at);
  return {
    id: at,
    name: at,
    experimentId: '1',
    status,
    startTime,
    endTime: status === 'RUNNING' ? null : startTime + 4_000,
    user: '',
    isDeleted: false,
    params: {},
    tags: {},
    metrics: Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, { value, timestamp: 0, step: 0 }])),
  };
}

const loaded = run('2026-01-09T12:00:00Z', {
  scrape_duration_seconds: 1,
  load_duration_seconds: 2,
  total_duration: 4,
  rows_processed: 2_000,
  file_size_mb: 2.4,
});
// Half past six in London is past midnight in Mumbai.
const late = run('2026-01-09T18:30:00Z', {
  scrape_duration_seconds: 1.5,
  total_duration: 2,
  rows_processed: Number.NaN,
});
const failed = run('2026-01-10T03:00:00Z', {}, 'FAILED');
const running = run('2026-01-10T04:00:00Z', {}, 'RUNNING');
const runs = [loaded, late, failed, running];

it('shows the time of each kind of task that there is, and the whole', () => {
  const { places, series } = durations(runs);
  expect(places).toEqual([loaded, late, failed]);
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ['scrape', [1, 1.5, null]],
    ['load', [2, null, null]],
    ['total', [4, 2, 4]],
  ]);
});

it('divides rows by seconds where there are both', () => {
  const { places, series } = throughput(runs);
  expect([places, series[0]?.values]).toEqual([[loaded], [500]]);
  expect(sizes(runs).series[0]?.values).toEqual([2.4]);
});

it('counts failures by the Indian day, of what has ended', () => {
  const { places, series, failed: bad, ended } = failures(runs);
  expect(places).toEqual(['2026-01-09', '2026-01-10']);
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ['runs', [1, 2]],
    ['failed', [0, 1]],
  ]);
  expect([bad, ended]).toEqual([1, 3]);
});
