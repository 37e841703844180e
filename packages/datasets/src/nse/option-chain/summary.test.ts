import { parseDecimal } from '@champion/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atTheMoneyIv, atTheMoneyStrike, maxPain, putCallRatio, type SummaryLeg } from './summary.ts';

const units = (text: string) => parseDecimal(text, 4) ?? 0n;
const leg = (type: 'CE' | 'PE', strike: string, openInterest: string, iv: string | null = null): SummaryLeg => {
  return { type, strike: units(strike), openInterest: units(openInterest), iv: iv === null ? null : units(iv) };
};

describe('put-call ratio', () => {
  it('is puts over calls, and null without open calls', () => {
    expect(putCallRatio([leg('CE', '100', '3'), leg('PE', '100', '1'), leg('PE', '90', '1')])).toBe(0.6667);
    expect(putCallRatio([leg('CE', '100', '3')])).toBe(0);
    expect(putCallRatio([leg('CE', '100', '0'), leg('PE', '100', '5')])).toBeNull();
    expect(putCallRatio([])).toBeNull();
  });
});

describe('max pain', () => {
  it('weighs calls below and puts above, over the strikes of both', () => {
    // At 90: puts 110 pay 20 × 1; at 100: call 90 pays 10 × 3, put 110 pays 10; at 110: call pays 20 × 3.
    expect(maxPain([leg('CE', '90', '3'), leg('CE', '100', '0'), leg('PE', '110', '1')])).toBe('90.0000');
    // A strike that only the puts have.
    expect(maxPain([leg('CE', '90', '1'), leg('PE', '95', '2'), leg('CE', '120', '1')])).toBe('95.0000');
  });

  it('takes the lowest of equals, fractions of a contract too, and null when nothing is open', () => {
    expect(maxPain([leg('CE', '100', '1'), leg('PE', '90', '1')])).toBe('90.0000');
    expect(maxPain([leg('CE', '90.05', '0.3333'), leg('PE', '110', '0.6667')])).toBe('110.0000');
    expect(maxPain([leg('CE', '100', '0')])).toBeNull();
  });

  it('pays no more than any other strike would', () => {
    const some = fc.record({
      type: fc.constantFrom('CE' as const, 'PE' as const),
      strike: fc.bigInt(1n, 50n),
      openInterest: fc.bigInt(0n, 20n),
      iv: fc.constant(null),
    });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 20 }), (legs) => {
        const paid = (at: bigint) =>
          legs.reduce((sum, { type, strike, openInterest }) => {
            const gain = type === 'CE' ? at - strike : strike - at;
            return sum + (gain > 0n ? gain * openInterest : 0n);
          }, 0n);
        const found = maxPain(legs);
        if (found === null) return;
        for (const { strike } of legs) expect(paid(units(found)) <= paid(strike)).toBe(true);
      }),
    );
  });
});

describe('at the money', () => {
  const legs = [
    leg('CE', '100', '1', '12.5'),
    leg('PE', '100', '1', '13.5'),
    leg('CE', '110', '1', '11'),
    leg('PE', '110', '1'),
  ];

  it('is the nearest strike, the lower of two', () => {
    expect(atTheMoneyStrike(legs, units('104.95'))).toBe(units('100'));
    expect(atTheMoneyStrike(legs, units('105'))).toBe(units('100'));
    expect(atTheMoneyStrike(legs, units('105.05'))).toBe(units('110'));
    expect(atTheMoneyStrike(legs, null)).toBeNull();
    expect(atTheMoneyStrike([], 1n)).toBeNull();
  });

  it('has the mean of the quoted volatilities', () => {
    expect(atTheMoneyIv(legs, units('101'))).toBe(13);
    expect(atTheMoneyIv(legs, units('109'))).toBe(11);
    expect(atTheMoneyIv([leg('CE', '100', '1')], units('100'))).toBeNull();
    expect(atTheMoneyIv(legs, null)).toBeNull();
  });
});
