import { expect, it } from 'vitest';
import { isSuccess, OUTCOMES, outcomeOfCode } from './outcome.ts';

it('counts only a loaded session and no session as success', () => {
  expect(OUTCOMES.filter(isSuccess)).toEqual(['LOADED', 'NO_SESSION']);
});

it('takes the error codes that are outcomes, and no others', () => {
  expect(OUTCOMES.filter((outcome) => outcomeOfCode(outcome) !== undefined)).toEqual([
    'NOT_PUBLISHED_YET',
    'MISSING',
    'BLOCKED',
    'CORRUPT',
  ]);
  expect(outcomeOfCode('TIMEOUT')).toBeUndefined();
  expect(outcomeOfCode('')).toBeUndefined();
});
