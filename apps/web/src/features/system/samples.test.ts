import type { SystemSample } from '@champion/contract';
import { expect, it } from 'vitest';
import { availability, columnsOf } from './samples.ts';

const sampleAt = (second: number, cpu: number) =>
  ({ at: new Date(second * 1000).toISOString(), cpu }) as unknown as SystemSample;

it('leaves a gap where the server was away, and takes each moment once', () => {
  const samples = [sampleAt(100, 0.1), sampleAt(110, 0.2), sampleAt(110, 0.9), sampleAt(500, 0.3)];
  const { x, of } = columnsOf({ every_seconds: 10, samples });
  expect(x).toEqual([100, 110, 120, 500]);
  expect(of(({ cpu }) => cpu)).toEqual([0.1, 0.2, null, 0.3]);
});

it('takes a refusal for an answer', () => {
  expect(availability({ answered: 90, refused: 9, failed: 1 })).toBe(0.99);
  expect(availability({ answered: 0, refused: 0, failed: 0 })).toBeNull();
});
