import { describe, expect, it } from 'vitest';
import { closest } from './suggest.ts';

describe('closest', () => {
  const known = ['trade_date', 'load_to_clickhouse', 'file'];

  it.each([
    ['trade_dat', 'trade_date'],
    ['TRADEDATE', 'trade_date'],
    ['flie', 'file'],
    ['x', undefined],
    ['something_else', undefined],
  ])('%s → %s', (word, expected) => {
    expect(closest(word, known)).toBe(expected);
  });
});
