import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crore, formatDecimal, parseDecimal } from './decimal.ts';

const anyScale = fc.nat({ max: 12 });
const anyUnits = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

describe('reading', () => {
  it.each([
    ['1281.64', 4, 12_816_400n],
    ['-0.5', 4, -5_000n],
    ['36', 2, 3_600n],
    ['0', 0, 0n],
    ['007.50', 1, 75n],
    ['1.5000', 1, 15n],
    ['-0', 2, 0n],
    ['99999999999999.9999', 4, 999_999_999_999_999_999n],
  ])('%s at scale %d', (text, scale, units) => {
    expect(parseDecimal(text, scale)).toBe(units);
  });

  it.each([
    '',
    '-',
    '.5',
    '1.',
    '1.2.3',
    '1,281.64',
    '1e5',
    '+1',
    ' 1',
    '1 ',
    '1\n',
    'NaN',
    'Infinity',
    '0x10',
    '--1',
    '١',
  ])('refuses %j', (text) => {
    expect(parseDecimal(text, 4)).toBeUndefined();
  });

  it('refuses digits it would have to drop', () => {
    expect(parseDecimal('1.23456', 4)).toBeUndefined();
    expect(parseDecimal('1.5', 0)).toBeUndefined();
    expect(parseDecimal('1.23450', 4)).toBe(12_345n);
  });
});

describe('writing', () => {
  it.each([
    [12_816_400n, 4, '1281.6400'],
    [5n, 4, '0.0005'],
    [-5n, 4, '-0.0005'],
    [0n, 2, '0.00'],
    [-36n, 0, '-36'],
  ])('%d at scale %d is %s', (units, scale, text) => {
    expect(formatDecimal(units, scale)).toBe(text);
  });
});

it('reads back exactly what it wrote', () => {
  fc.assert(
    fc.property(anyUnits, anyScale, (units, scale) => {
      expect(parseDecimal(formatDecimal(units, scale), scale)).toBe(units);
    }),
  );
});

it('writes back the digits it read, where a floating-point number would not', () => {
  // The classic sum, and the first price that a double cannot hold at four places.
  expect(formatDecimal((parseDecimal('0.1', 1) ?? 0n) + (parseDecimal('0.2', 1) ?? 0n), 1)).toBe('0.3');
  expect(Number('9007199254740.9931').toFixed(4)).not.toBe('9007199254740.9931');
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.stringMatching(/^[0-9]{4}$/), (whole, places) => {
      const text = `${whole}.${places}`;
      const units = parseDecimal(text, 4);
      expect(typeof units).toBe('bigint');
      expect(formatDecimal(units ?? -1n, 4)).toBe(text);
    }),
  );
});

describe('crore', () => {
  it.each([
    ['0.0000', '0.00'],
    ['10000000.0000', '1.00'],
    ['49999.9999', '0.00'],
    ['50000.0000', '0.01'],
    ['1234567890123.4567', '1,23,456.79'],
    ['-5000000.0000', '-0.50'],
    ['-50000.0000', '-0.01'],
    ['-49999.9999', '0.00'],
    ['-1234567890123.4567', '-1,23,456.79'],
  ])('%s rupees are %s crore', (rupees, text) => {
    expect(crore(rupees)).toBe(text);
  });
});
