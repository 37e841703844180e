import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeIsin, isinCheckDigit, isValidIsin } from './isin.ts';

const real = ['INE002A01018', 'INE117A01022', 'INE932C01012', 'INF204KB14I2', 'IN0020200070', 'US0378331005'];
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const anyBody = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...letters), minLength: 2, maxLength: 2 }),
    fc.string({ unit: fc.constantFrom(...letters, ...'0123456789'), minLength: 9, maxLength: 9 }),
  )
  .map(([country, rest]) => country + rest);

it.each(real)('accepts %s', (isin) => {
  expect(isValidIsin(isin)).toBe(true);
  expect(completeIsin(isin.slice(0, 11))).toBe(isin);
});

it.each(real)('accepts no other check digit for %s', (isin) => {
  const accepted = [...'0123456789'].filter((digit) => isValidIsin(isin.slice(0, 11) + digit));
  expect(accepted).toEqual([isin.at(-1)]);
});

it.each([
  '',
  'INE',
  'DUMMY',
  'INE002A0101',
  'INE002A010180',
  'ine002a01018',
  'INE002A0101X',
  '1NE002A01018',
  'INE002A01018 ',
])('refuses %j', (text) => {
  expect(isValidIsin(text)).toBe(false);
});

describe('completing', () => {
  it('refuses another shape', () => {
    expect(isinCheckDigit('INE002A0101')).toBe(8);
    expect(isinCheckDigit('INE')).toBeUndefined();
    expect(() => completeIsin('DUMMY')).toThrow(RangeError);
  });

  it('makes valid ISINs, and one wrong character of the same kind is noticed', () => {
    fc.assert(
      fc.property(anyBody, fc.nat({ max: 11 }), fc.integer({ min: 1, max: 25 }), (body, position, step) => {
        const isin = completeIsin(body);
        expect(isValidIsin(isin)).toBe(true);
        const at = isin.charAt(position);
        const kind = /\d/.test(at) ? '0123456789' : letters;
        const wrong = kind.charAt((kind.indexOf(at) + step) % kind.length);
        // Letters are two digits to the check, so only a wrong digit is sure to be noticed.
        if (wrong !== at && /\d/.test(at)) {
          expect(isValidIsin(isin.slice(0, position) + wrong + isin.slice(position + 1))).toBe(false);
        }
      }),
    );
  });
});
