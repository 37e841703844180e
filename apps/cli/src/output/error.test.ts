import { ChampionError, toErrorRecord } from '@champion/core';
import { expect, it } from 'vitest';
import { EXIT, exitCodeOf } from '../exit-code.ts';
import { renderError } from './error.ts';

it('prints what happened, what to do, and the evidence not yet told', () => {
  const error = new ChampionError('the exchange has no bhavcopy for 2024-07-10', {
    code: 'MISSING',
    hint: 'Import it.',
    context: { trade_date: '2024-07-10', asked: ['a', 'b'], status: undefined, first: '\u001b[2Jbytes' },
    cause: new Error('socket hang up'),
  });
  expect(renderError(toErrorRecord(error))).toBe(
    [
      'error: the exchange has no bhavcopy for 2024-07-10',
      'hint:  Import it.',
      '  asked: ["a","b"]',
      '  first: \\u001b[2Jbytes',
      '  cause: socket hang up',
      '',
    ].join('\n'),
  );
});

it('keeps the stack of a defect', () => {
  expect(renderError(toErrorRecord(new TypeError('x is undefined')))).toMatch(/^error: x is undefined\n {2}at /);
});

it.each([
  ['INVALID_INPUT', EXIT.wrongUsage],
  ['CONFIG', EXIT.wrongUsage],
  ['NOT_FOUND', EXIT.wrongUsage],
  ['UNREACHABLE', EXIT.unreachable],
  ['BUSY', EXIT.unreachable],
  ['STORE_FAILED', EXIT.unreachable],
  ['TIMEOUT', EXIT.unreachable],
  ['BLOCKED', EXIT.runFailed],
  ['CORRUPT', EXIT.runFailed],
  ['INTERNAL', EXIT.runFailed],
] as const)('%s exits with %d', (code, exit) => {
  expect(exitCodeOf(code)).toBe(exit);
});
