import { ChampionError } from '@champion/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, type FaultRule, formatFault, parseFault } from './fault-rule.ts';

describe('parseFault', () => {
  it.each<[string, FaultRule]>([
    ['404', { kind: '404' }],
    ['429:retry-after=2', { kind: '429', retryAfter: 2 }],
    ['truncated-zip@2024-07-10', { kind: 'truncated-zip', date: '2024-07-10' as NonNullable<FaultRule['date']> }],
    ['reset-body x2', { kind: 'reset-body', times: 2 }],
    ['blocked:status=403', { kind: 'blocked', status: 403 }],
    [
      ' slow:seconds=0.5@2024-07-10 x3 ',
      { kind: 'slow', seconds: 0.5, date: '2024-07-10' as NonNullable<FaultRule['date']>, times: 3 },
    ],
  ])('reads %j', (text, rule) => {
    expect(parseFault(text)).toEqual(rule);
  });

  it.each([
    ['', 'another shape'],
    ['teapot', 'no kind is called "teapot"'],
    ['404:retry-after=2', 'takes no option'],
    ['429:after=2', 'no option "after"'],
    ['429:retry-after=soon', 'not a whole number'],
    ['429:retry-after=1.5', 'not a whole number'],
    ['slow:seconds=99999', 'not a number of seconds'],
    ['blocked:status=500', 'not a status'],
    ['404@2024-02-30', 'no date'],
    ['404 twice', 'no number of requests'],
    ['404 x0', 'no number of requests'],
  ])('refuses %j, naming the part', (text, why) => {
    const error = (() => {
      try {
        return parseFault(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(ChampionError);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(why) });
    expect((error as ChampionError).hint).toBeTruthy();
  });

  it('reads back what formatFault writes', () => {
    const times = fc.option(fc.integer({ min: 1, max: 999_999 }), { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom(...FAULT_KINDS), times, fc.integer({ min: 0, max: 3600 }), (kind, count, seconds) => {
        const rule: FaultRule = {
          kind,
          ...(kind === '429' ? { retryAfter: seconds } : kind === 'slow' ? { seconds } : {}),
          ...(count === undefined ? {} : { times: count }),
        };
        expect(parseFault(formatFault(rule))).toEqual(rule);
      }),
    );
  });
});
