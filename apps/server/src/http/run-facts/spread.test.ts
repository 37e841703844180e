import { describe, expect, it } from 'vitest';
import { spreadOf, verdictOn } from './spread.ts';

const exactly = { share: 0, least: 0 };

describe('what is usual', () => {
  it('leaves out what lies far outside', () => {
    const usual = spreadOf([1.2, 1.1, 1.3, 1.4, 1.2, 1.25, 9], exactly);
    expect(usual).toMatchObject({ runs: 7, median: 1.25, low: 1.1, high: 1.4, min: 1.1, max: 9 });
    expect(verdictOn(1.23, usual)).toBe('usual');
    expect(verdictOn(1.41, usual)).toBe('above');
    expect(verdictOn(0.5, usual)).toBe('below');
  });

  it('is silent about a few runs, and about a hair', () => {
    expect(spreadOf([], exactly)).toBeUndefined();
    expect(verdictOn(5, spreadOf([1, 1, 1, 1], exactly))).toBe('unknown');
    const same = spreadOf([3_200, 3_200, 3_200, 3_200, 3_200], { share: 0.02, least: 0 });
    expect(same).toMatchObject({ low: 3_136, high: 3_264 });
    expect(verdictOn(3_250, same)).toBe('usual');
    expect(verdictOn(3_100, same)).toBe('below');
    expect(verdictOn(null, same)).toBe('unknown');
    const short = spreadOf([0.01, 0.01, 0.01, 0.01, 0.01], { share: 0.1, least: 0.05 });
    expect(short).toMatchObject({ low: 0, high: expect.closeTo(0.06) });
  });

  it('takes the first rejected row for news where there was never one', () => {
    expect(verdictOn(1, spreadOf([0, 0, 0, 0, 0], { share: 0.02, least: 0 }))).toBe('above');
  });
});
