import { expect, it } from 'vitest';
import { duration, truncate, widthOf } from './text.ts';

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [1234, '1.23 s'],
  [59_994, '59.99 s'],
  [59_999, '1 m 00 s'],
  [342_000, '5 m 42 s'],
])('%d ms reads %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it('measures and cuts by characters, colours aside', () => {
  expect(widthOf('\u001b[31m₹5\u001b[39m')).toBe(2);
  expect(truncate('abcdef', 4)).toBe('abc…');
  expect(truncate('abcd', 4)).toBe('abcd');
});
