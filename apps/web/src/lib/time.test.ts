import { describe, expect, it } from 'vitest';
import { clockTime, countdown, dayName, duration, exactMoment, relative, relativeStep, shortMoment } from './time.ts';

const at = '2026-01-12T12:30:05.250Z';

it('shows moments on the Indian clock, wherever the browser is', () => {
  expect(clockTime(at)).toBe('18:00:05');
  expect(clockTime(at, 'minute')).toBe('18:00');
  expect(clockTime(at, 'millisecond')).toBe('18:00:05.250');
  expect(dayName(at)).toBe('Mon 12 Jan 2026');
  // Half past six in the evening in London is the next day in Mumbai.
  expect(exactMoment('2026-01-12T18:30:00Z')).toBe('2026-01-13 00:00:00 IST');
});

it('leaves the year out only while it is this one', () => {
  expect(shortMoment(at, '2026-11-01T00:00:00Z')).toBe('12 Jan 18:00');
  expect(shortMoment(at, '2027-11-01T00:00:00Z')).toBe('12 Jan 2026 18:00');
  // New Year comes to Mumbai first.
  expect(shortMoment('2025-12-31T20:00:00Z', '2026-06-01T00:00:00Z')).toBe('01 Jan 01:30');
});

describe('relative', () => {
  const now = Date.parse(at);
  it.each([
    [0, 'now'],
    [-4_000, 'now'],
    [-59_000, '59 s ago'],
    [90_000, 'in 1 min'],
    [-47 * 3_600_000, '47 h ago'],
    [-49 * 3_600_000, '2 days ago'],
    [-90 * 86_400_000, '3 months ago'],
  ])('%d ms is "%s"', (offset, text) => {
    expect(relative(now + offset, now)).toBe(text);
  });
  it('changes no sooner than its step', () => {
    expect(relativeStep(now - 30_000, now)).toBe(1000);
    expect(relativeStep(now - 7_200_000, now)).toBe(60_000);
  });
});

it.each([
  [0, '0 ms'],
  [0.0421, '42 ms'],
  [0.84, '0.84 s'],
  [9.999, '10.0 s'],
  [59.96, '1 m 00 s'],
  [342, '5 m 42 s'],
  [7500, '2 h 05 m'],
  [270_000, '3 d 3 h'],
])('%d seconds take "%s"', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it('counts down to zero and no further', () => {
  expect(countdown(2 * 3_600_000 + 14 * 60_000 + 9_900)).toBe('02:14:09');
  expect(countdown(3 * 86_400_000)).toBe('3 d 00:00:00');
  expect(countdown(-5)).toBe('00:00:00');
});
