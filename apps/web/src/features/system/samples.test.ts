import { expect, it } from 'vitest';
import { MOST_SAMPLES, type Sample, sampleOf, withSample } from './samples.ts';

const system = {
  version: '0.1.0',
  started_at: '2026-01-12T00:00:00Z',
  simulated: false,
  stores: [],
  memory: { rss_bytes: 5, heap_used_bytes: 2, system_total_bytes: 100, system_free_bytes: 25 },
  cpu: { cores: 4, used: 1, load_average: [0.5, 0.4, 0.3] },
  disk: { total_bytes: 10, free_bytes: 9 },
  home: './data',
};

it('takes shares of what there is', () => {
  const sample = sampleOf(system, 61_400);
  expect(sample).toMatchObject({ at: 61, rss: 5, heap: 2, memory: 0.75, cpu: 0.25, load: 0.5 });
  expect(sample.disk).toBeCloseTo(0.1);
});

it('keeps the last ones, one a second', () => {
  let samples: readonly Sample[] = [];
  for (let second = 0; second < MOST_SAMPLES + 5; second++) {
    samples = withSample(samples, sampleOf(system, second * 1000));
    samples = withSample(samples, sampleOf(system, second * 1000));
  }
  expect(samples).toHaveLength(MOST_SAMPLES);
  expect(samples[0]?.at).toBe(5);
});
