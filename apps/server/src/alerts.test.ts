import { datasets } from '@champion/datasets';
import type { Observation } from '@champion/engine';
import { parseFault } from '@champion/simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertSettings } from './alerts.ts';
import { type DataApi, openDataApi } from './http/data/testing/api.ts';

// Friday 2026-10-30, in the evening: all is published.
const now = new Date('2026-10-30T22:00:00+05:30');
let api: DataApi;
beforeAll(async () => {
  api = await openDataApi({ now: () => now }, { worker: true });
  api.simulator.setFaults([parseFault('corrupt-rows')]);
  await api.run('nse-bhavcopy-etl', { trade_date: '2026-10-30' });
});
afterAll(() => api?.close());

async function look(condition: string): Promise<readonly Observation[]> {
  const { services } = api.stack;
  const settings = alertSettings({ services, datasets, webUrl: () => 'http://web', allowPrivateNetworks: false });
  const found = await settings.conditions?.[condition]?.look(now, AbortSignal.timeout(60_000));
  if (found === undefined) throw new Error(`no condition ${condition}`);
  return found;
}

it('tells of datasets that are not there when they should be', async () => {
  const found = await look('dataset_stale');
  expect(found.map(({ subject }) => subject)).not.toContain('bhavcopy');
  expect(found.find(({ subject }) => subject === 'bulk-block-deals')).toEqual({
    subject: 'bulk-block-deals',
    key: '2026-10-30',
    message: expect.stringMatching(
      /^2026-10-30 should have been loaded by .*; the last day that is complete is none\.$/,
    ),
    url: 'http://web/datasets/bulk-block-deals',
  });
});

it('tells how much of what was loaded lately is valid', async () => {
  const [found, ...others] = await look('pass_rate');
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    subject: 'bhavcopy',
    label: 'bhavcopy 2026-10-30',
    message: expect.stringMatching(/^\d+\.\d+ % of \d+ rows are valid; \d+ are in quarantine\.$/),
    url: 'http://web/datasets/bhavcopy',
  });
  expect(found?.value).toBeGreaterThan(0.5);
  expect(found?.value).toBeLessThan(1);
});
