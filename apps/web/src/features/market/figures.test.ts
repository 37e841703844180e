import { expect, it } from 'vitest';
import { change, changeOf, croreFigure, exact, inCrore, shortNumber, whole } from './figures.ts';

it('groups exact decimals as in India and never rounds them', () => {
  expect(exact('1109.6000')).toBe('1,109.60');
  expect(exact('12345678.5')).toBe('1,23,45,678.50');
  expect(exact('0.0525')).toBe('0.0525');
  expect(exact('-3970.0100')).toBe('−3,970.01');
  expect(exact('57201.3333', 0)).toBe('57,201.3333');
  expect(exact('98000.0000', 0)).toBe('98,000');
  expect(exact(null)).toBe('–');
});

it('keeps integers beyond what a double can count', () => {
  expect(whole('9007199254740993')).toBe('9,00,71,99,25,47,40,993');
  expect(whole('6784045778')).toBe('6,78,40,45,778');
  expect(whole('999')).toBe('999');
  expect(whole('0')).toBe('0');
});

it('tells sums in crore, two places', () => {
  expect(inCrore('981895300000.0000')).toBe('₹ 98,189.53 crore');
  expect(croreFigure('50000.0000')).toBe('0.01');
  expect(croreFigure(null)).toBe('–');
});

it('signs changes, and nothing that rounds to none', () => {
  expect(change(2.6149)).toBe('+2.61 %');
  expect(change(-0.4)).toBe('−0.40 %');
  expect(change(-0.001)).toBe('0.00 %');
  expect(changeOf('110', '100')).toBe(10);
  expect(changeOf('110', '0')).toBeNull();
});

it('shortens numbers for axes', () => {
  expect(shortNumber(125_000)).toBe('1.25 L');
  expect(shortNumber(34_000_000)).toBe('3.4 Cr');
  expect(shortNumber(-20_000)).toBe('-20,000');
  expect(shortNumber(0.1234)).toBe('0.1234');
});
