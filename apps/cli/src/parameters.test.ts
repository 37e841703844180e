import { describe, expect, it } from 'vitest';
import { parseParameters } from './parameters.ts';

describe('parseParameters', () => {
  it.each([
    ['trade_date=2024-07-10', '2024-07-10'],
    ['load_to_clickhouse=true', true],
    ['load_to_clickhouse=false', false],
    ['x=null', null],
    ['x=42', 42],
    ['x=-1.5', -1.5],
    ['x=0', 0],
    ['x=', ''],
    ['x=a=b', 'a=b'],
    ['x=["a",1]', ['a', 1]],
    ['x={"a":1}', { a: 1 }],
    ['x="42"', '42'],
    ['x=007', '007'],
    ['x=1.50', '1.50'],
    ['x=12345678901234567890', '12345678901234567890'],
    ['x=1e3', '1e3'],
    ['x=Infinity', 'Infinity'],
    ['x= 7', ' 7'],
    ['x=True', 'True'],
  ])('%s', (pair, value) => {
    expect(Object.values(parseParameters([pair]))).toEqual([value]);
  });

  it('keeps names as given, and __proto__ harmless', () => {
    expect(parseParameters(['a_b=1', 'c=2'])).toEqual({ a_b: 1, c: 2 });
    expect(Object.keys(parseParameters(['__proto__={"x":1}']))).toEqual(['__proto__']);
  });

  it.each([
    ['trade_date', /"trade_date" is not a parameter/],
    ['=5', /"=5" is not a parameter/],
    ['x={oops', /begins like JSON/],
  ])('refuses %s', (pair, message) => {
    expect(() => parseParameters([pair])).toThrow(message);
  });

  it('refuses a parameter given twice', () => {
    expect(() => parseParameters(['a=1', 'a=2'])).toThrow(/"a" is given twice/);
  });
});
