import { ChampionError } from '@champion/core';
import { expect, it } from 'vitest';
import { parameterErrors } from './parameter-errors.ts';

it('finds the parameters that a complaint is about', () => {
  const complaints = ['trade_date: got "x", but: expected a date: YYYY-MM-DD', 'symbols.0: got 1, expected string'];
  expect(parameterErrors(new ChampionError('no', { code: 'INVALID_INPUT', context: { complaints } }))).toEqual({
    trade_date: 'Got "x", but: expected a date: YYYY-MM-DD',
    symbols: 'Got 1, expected string',
  });
  expect(parameterErrors(new Error('no'))).toEqual({});
  expect(parameterErrors(null)).toEqual({});
});
