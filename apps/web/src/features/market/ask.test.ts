import { ChampionError } from '@champion/core';
import { expect, it } from 'vitest';
import { day, namedQuery, number, orNull, rowsOf, text } from './ask.ts';

const query = namedQuery<{ symbol: string }>()({
  name: 'closes',
  sql: 'SELECT',
  maxRows: 10,
  columns: { trade_date: day, close: text, trades: orNull(number) },
});
const columns = ['close', 'trade_date', 'trades', 'more'].map((name) => ({ name, type: 'String' }));
const answer = (rows: unknown[][]) => ({ columns, rows, truncated: false, elapsed_ms: 1 });

it('reads rows by the names of their columns, every digit of them', () => {
  const rows = rowsOf(
    query,
    answer([
      ['1109.6000', '2026-01-12', '12', 1],
      ['1.0', '2026-01-13', null, 1],
    ]),
  );
  expect(rows).toEqual([
    { trade_date: '2026-01-12', close: '1109.6000', trades: 12 },
    { trade_date: '2026-01-13', close: '1.0', trades: null },
  ]);
});

it('names the column that is not as it was said to be, or not there', () => {
  expect(() => rowsOf(query, answer([['1', 'yesterday', null, 1]]))).toThrow('closes.trade_date is not a date');
  expect(() => rowsOf(query, { ...answer([]), columns: columns.slice(1) })).toThrow(ChampionError);
});
