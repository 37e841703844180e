import type { Artifact, RunMetrics } from '@champion/contract';
import { type Clock, systemClock } from '@champion/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DataApi, openDataApi } from '../data/testing/api.ts';

// Evening of a session, and the time goes on from there.
const offset = Date.parse('2026-10-30T22:00:00+05:30') - Date.now();
const clock: Clock = { now: () => new Date(systemClock.now().getTime() + offset) };
const days = ['2026-10-23', '2026-10-26', '2026-10-27', '2026-10-28', '2026-10-29', '2026-10-30'];

let api: DataApi;
const runs: string[] = [];
let combined = '';
beforeAll(async () => {
  api = await openDataApi(clock, { worker: true });
  const load = (trade_date: string) => api.run('nse-bhavcopy-etl', { trade_date });
  // Those that it is compared with may come in any order.
  runs.push(...(await Promise.all(days.slice(0, -1).map(load))), await load(days.at(-1) ?? ''));
  combined = await api.run('combined-market-data-etl', { trade_date: '2026-10-30' });
}, 120_000);
afterAll(() => api?.close());

const filter = (artifacts: unknown, more: Record<string, unknown> = {}) =>
  api.call<Artifact[]>('filterArtifacts', { body: { artifacts, sort: 'KEY_ASC', ...more } });

describe('artifacts', () => {
  it('tell how good the rows were and where the files are', async () => {
    const found = await filter({ flow_run_id: { any_: [runs[5]] } });
    expect(found).toMatchObject([
      { key: 'bhavcopy-files', type: 'table', flow_run_id: runs[5], task_run_id: null },
      { key: 'bhavcopy-page', type: 'link', data: { href: '/datasets/bhavcopy?tab=files&day=2026-10-30' } },
      { key: 'bhavcopy-quality', type: 'markdown', description: 'Quality of bhavcopy on 2026-10-30' },
    ]);
    expect(found[0]?.data).toContainEqual(
      expect.objectContaining({
        layer: 'silver',
        path: 'silver/equity_ohlc/trade_date=2026-10-30/bhavcopy.parquet',
        rows: expect.any(Number),
      }),
    );
    expect(found[2]?.data).toMatch(/^\*\*\d+(\.\d+)? % valid\*\* on 2026-10-30: [\d,]+ rows/);
  });

  it('of the combined flow are the market, and what each flow did', async () => {
    const found = await filter({}, { flow_runs: { id: { any_: [combined] } } });
    expect(found.map(({ key }) => key)).toEqual(['market-day', 'market-flows', 'market-report']);
    expect(found[2]?.data).toContain('Market of Friday 2026-10-30');
    expect(found[1]?.data).toContainEqual(expect.objectContaining({ flow: 'nse-bhavcopy-etl', state: 'LOADED' }));
  });

  it("are listed, counted, found and removed as Prefect's clients ask", async () => {
    const body = { artifacts: { key: { any_: ['bhavcopy-quality'] } }, sort: 'ID_DESC', limit: 200, offset: 0 };
    const all = await api.call<Artifact[]>('filterArtifacts', { body });
    // Once more as a part of the combined flow.
    expect(all).toHaveLength(7);
    expect(await api.call('countArtifacts', { body })).toBe(7);
    const latest = await api.call<(Artifact & { latest_id: string })[]>('filterLatestArtifacts', { body });
    expect(latest).toMatchObject([{ key: 'bhavcopy-quality', latest_id: all[0]?.id }]);
    expect(await api.call('countLatestArtifacts', { body: {} })).toBeGreaterThan(6);
    const named = { params: { key: 'bhavcopy-quality' } };
    expect(await api.call('readLatestArtifact', named)).toEqual(all[0]);
    const id = { params: { id: all[0]?.id ?? '' } };
    expect(await api.call('readArtifact', id)).toEqual(all[0]);
    expect(await filter({ type: { not_any_: ['table', 'markdown'] }, key: { like_: 'market' } })).toMatchObject([
      { key: 'market-day' },
    ]);
    expect(await filter({ key: { exists_: false } })).toEqual([]);
    await expect(
      filter({ metadata_: { x: 1 }, operator: 'or_', key: { any_: ['a'] }, type: { any_: ['b'] } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(api.call('readLatestArtifact', { params: { key: 'nothing' } })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a run beside the last ones of its flow', () => {
  it('is compared task by task, and by what it loaded', async () => {
    const found = await api.call<RunMetrics>('readRunMetrics', { params: { id: runs[5] ?? '' } });
    expect(found).toMatchObject({ flow_run_id: runs[5], flow_name: 'nse-bhavcopy-etl', compared_with: 5 });
    expect(found.metrics.slice(0, 6).map(({ name }) => name)).toEqual([
      'duration',
      'scrape_bhavcopy',
      'parse_polars_raw',
      'normalize_polars',
      'write_parquet',
      'load_clickhouse',
    ]);
    expect(found.metrics.find(({ name }) => name === 'rows_loaded')).toMatchObject({
      kind: 'result',
      unit: 'rows',
      value: expect.any(Number),
      usual: { runs: 5, median: expect.any(Number) },
      verdict: 'usual',
    });
    expect(found.metrics.find(({ name }) => name === 'file_size')).toMatchObject({ unit: 'bytes' });
  });

  it('of many flows is compared flow by flow, and the first of its kind with nothing', async () => {
    const found = await api.call<RunMetrics>('readRunMetrics', { params: { id: combined } });
    expect(found).toMatchObject({ compared_with: 0, since: null });
    expect(found.metrics).toContainEqual(
      expect.objectContaining({ kind: 'flow', name: 'nse-bhavcopy-etl', usual: null, verdict: 'unknown' }),
    );
    await expect(
      api.call('readRunMetrics', { params: { id: '00000000-0000-4000-8000-000000000000' } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
