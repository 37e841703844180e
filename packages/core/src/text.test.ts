import { expect, it } from 'vitest';
import { plural } from './text.ts';

it('puts a noun beside its count', () => {
  expect(plural(0, 'row')).toBe('0 rows');
  expect(plural(1, 'row')).toBe('1 row');
  expect(plural(2800, 'row')).toBe('2,800 rows');
  expect(plural(2, 'anomaly', 'anomalies')).toBe('2 anomalies');
});
