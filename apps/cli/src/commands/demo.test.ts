import { expect, it } from 'vitest';
import { crore } from './demo.ts';

it.each([
  ['0.0000', '0.00'],
  ['10000000.0000', '1.00'],
  ['49999.9999', '0.00'],
  ['50000.0000', '0.01'],
  ['1234567890123.4567', '1,23,456.79'],
])('%s rupees are %s crore', (rupees, text) => {
  expect(crore(rupees)).toBe(text);
});
