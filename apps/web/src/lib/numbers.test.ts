import { expect, it } from 'vitest';
import { bytes, count, percent } from './numbers.ts';

it('groups as in India', () => {
  expect(count(1245901)).toBe('12,45,901');
});

it('says sizes in two or three figures', () => {
  expect([0, 999, 1000, 2_400_000, 498_112, 999_600].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '2.4 MB',
    '498 kB',
    '1.0 MB',
  ]);
});

it('never rounds what is not whole up to 100 %', () => {
  expect(percent(1)).toBe('100 %');
  expect(percent(0.9999)).toBe('99.9 %');
  expect(percent(0.99995, 2)).toBe('99.99 %');
  expect(percent(0)).toBe('0.0 %');
});
