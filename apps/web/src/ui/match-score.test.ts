import { expect, it } from 'vitest';
import { score } from './match-score.ts';

it('wants every word, and words at their beginning most', () => {
  expect(score('Runs of nse-bhavcopy-etl', 'bhav runs')).toBe(4);
  expect(score('Runs of nse-bhavcopy-etl', 'copy')).toBe(1);
  expect(score('Runs of nse-bhavcopy-etl', 'bhav option')).toBe(0);
  expect(score('Anything', '')).toBe(1);
});
