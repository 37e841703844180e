import { describe, expect, it } from 'vitest';
import { bar, beside, spark, wrapped } from './layout.ts';
import { ago, bytes, marketTime, share } from './words.ts';

describe('blocks', () => {
  it('stand side by side where both fit', () => {
    expect(beside(['a', 'bbb'], ['c'], { width: 8 })).toEqual(['a      c', 'bbb']);
    expect(beside(['a', 'bbb'], ['c'], { width: 7 })).toEqual(['a', 'bbb', '', 'c']);
    expect(beside(['a'], ['c'], { width: Number.POSITIVE_INFINITY })).toEqual(['a', '', 'c']);
  });

  it('break between words, never in one', () => {
    expect(wrapped(['one →', 'two →', 'three'], ' ', 12, 2)).toEqual(['one → two →', '  three']);
    expect(wrapped(['longer than that'], ' ', 5)).toEqual(['longer than that']);
    expect(wrapped([], ' ', 5)).toEqual([]);
  });
});

describe('figures', () => {
  it.each([
    [[0, 1, 4, 8], ' ▁▄█'],
    [[0, 0], '  '],
    [[0.001, 100], '▁█'],
  ])('%j is drawn as "%s"', (values, drawn) => {
    expect(spark(values)).toBe(drawn);
  });

  it('have a bar when they are something', () => {
    expect([bar(0, 10, 10), bar(0.01, 10, 10), bar(10, 10, 10)]).toEqual(['', '━', '━'.repeat(10)]);
  });

  it('are a hundred percent only when they are all', () => {
    expect([share(0, 0), share(999_999, 1_000_000), share(3, 3), share(1, 3)]).toEqual([
      '–',
      '99.9 %',
      '100 %',
      '33.3 %',
    ]);
  });

  it('are told in words', () => {
    const now = Date.parse('2026-01-12T12:00:00Z');
    const before = (seconds: number) => ago(new Date(now - seconds * 1000).toISOString(), now);
    expect([0, 59, 60, 7_200, 86_400, 200_000].map(before)).toEqual([
      'just now',
      '59 s ago',
      '1 min ago',
      '2 h ago',
      '1 day ago',
      '2 days ago',
    ]);
    expect([0, 999, 1_500, 650_000_000, 25_300_000_000].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1.5 KB',
      '650 MB',
      '25.3 GB',
    ]);
    expect(marketTime('2026-01-12T20:00:00Z')).toBe('13 Jan 01:30 IST');
  });
});
