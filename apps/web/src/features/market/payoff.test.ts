import { expect, it } from 'vitest';
import type { ChainRow } from './named.ts';
import { around, pains } from './payoff.ts';

const row = (strike: number, call_oi: string | null, put_oi: string | null): ChainRow => ({
  strike: `${strike}.0000`,
  call_oi,
  put_oi,
  call_oi_change: null,
  call_volume: null,
  call_iv: null,
  call_last: null,
  put_oi_change: null,
  put_volume: null,
  put_iv: null,
  put_last: null,
  underlying: null,
});

it('adds what writers would pay at each strike', () => {
  const found = pains([row(100, '10', '1'), row(110, '5', null), row(120, null, '20')]);
  // At 120 the calls of 100 and 110 are in the money; at 100 the puts of 120.
  expect(found).toEqual([
    { strike: 100, calls: 0, puts: 400 },
    { strike: 110, calls: 100, puts: 200 },
    { strike: 120, calls: 250, puts: 0 },
  ]);
});

it('shows as many strikes on both sides of the money, or as many as there are', () => {
  const chain = Array.from({ length: 20 }, (_, index) => row(100 + index, '1', '1'));
  const strikes = (money: number | null) => around(chain, money, 3).map(({ strike }) => Number(strike));
  expect(strikes(110)).toEqual([107, 108, 109, 110, 111, 112]);
  expect(strikes(100)).toEqual([100, 101, 102, 103, 104, 105]);
  expect(strikes(500)).toEqual([114, 115, 116, 117, 118, 119]);
  expect(strikes(null)).toHaveLength(20);
});
