import { ChampionError } from '@champion/core';
import { expect, it } from 'vitest';
import { fieldErrors, nameError } from './words.ts';

it('says what is wrong with a name', () => {
  expect(nameError('', 'json', [])).toBe('It needs a name');
  for (const name of ['Ops', 'a b', '-a', 'a--b', 'a'.repeat(101)])
    expect(nameError(name, 'json', [])).toMatch(/^Small/);
  expect(nameError('ops-2', 'json', [])).toBeUndefined();
});

it('finds the fields that the server complains about', () => {
  const issues = [
    { loc: ['body', 'data', 'url'], msg: 'it is no URL' },
    { loc: ['body', 'name'], msg: 'taken' },
  ];
  expect(fieldErrors(new ChampionError('x', { code: 'INVALID_INPUT', context: { issues } }))).toEqual({
    url: 'it is no URL',
  });
  expect(fieldErrors(new Error('x'))).toEqual({});
});
