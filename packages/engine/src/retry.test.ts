import { ChampionError, type Retry } from '@champion/core';
import { expect, it } from 'vitest';
import { retryDelay } from './retry.ts';

const failing = (retry: Retry) => new ChampionError('x', { code: 'BLOCKED', retry });

it('doubles up to a minute, in the upper half', () => {
  for (const [failures, full] of [
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [20, 60_000],
  ] as const) {
    const delay = retryDelay(failing('backoff'), failures, 20, 1_000);
    expect(delay).toBeGreaterThanOrEqual(full / 2);
    expect(delay).toBeLessThanOrEqual(full);
  }
});

it('waits as asked, within reason, and no more often than allowed', () => {
  expect(retryDelay(failing({ after: 7_000 }), 1, 1, 1_000)).toBe(7_000);
  expect(retryDelay(failing({ after: 86_400_000 }), 1, 1, 1_000)).toBe(900_000);
  expect(retryDelay(failing({ after: 7_000 }), 2, 1, 1_000)).toBeUndefined();
  expect(retryDelay(failing('never'), 1, 5, 1_000)).toBeUndefined();
  expect(retryDelay(new Error('unknown'), 1, 1, 10)).toBeLessThanOrEqual(10);
});
