import { expect, it } from 'vitest';
import { median } from './median.ts';

it.each<[number[], number | undefined]>([
  [[], undefined],
  [[3], 3],
  [[9, 1, 10], 9],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %j', (values, expected) => {
  expect(median(values)).toBe(expected);
});
