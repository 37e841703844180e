import { describe, expect, it } from 'vitest';
import { type QuietHours, QuietHoursSchema, quietUntil } from './quiet-hours.ts';

function until(given: object, at: string): string | undefined {
  const quiet: QuietHours = QuietHoursSchema.parse({ zone: 'Asia/Kolkata', from: '22:00', to: '07:00', ...given });
  return quietUntil(quiet, new Date(at))?.toISOString();
}

describe('quiet hours', () => {
  it('go by the wall clock of their zone, and over midnight', () => {
    expect(until({}, '2026-11-02T16:29:59Z')).toBeUndefined();
    expect(until({}, '2026-11-02T16:30:00Z')).toBe('2026-11-03T01:30:00.000Z');
    expect(until({}, '2026-11-03T01:29:59Z')).toBe('2026-11-03T01:30:00.000Z');
    expect(until({}, '2026-11-03T01:30:00Z')).toBeUndefined();
  });

  it('begin on their days alone', () => {
    // 2026-11-06 is a Friday.
    const weekdays = { days: ['mon', 'tue', 'wed', 'thu'] };
    expect(until(weekdays, '2026-11-06T00:00:00Z')).toBe('2026-11-06T01:30:00.000Z');
    expect(until(weekdays, '2026-11-06T18:00:00Z')).toBeUndefined();
  });

  it('that follow on one another are one', () => {
    const weekend = { from: '00:00', to: '00:00', days: ['sat', 'sun'] };
    expect(until(weekend, '2026-11-07T06:00:00Z')).toBe('2026-11-08T18:30:00.000Z');
  });

  it('keep to the wall clock when it is changed', () => {
    const night = { zone: 'Europe/Berlin' };
    expect(until(night, '2026-10-24T21:00:00Z')).toBe('2026-10-25T06:00:00.000Z');
    expect(until(night, '2026-03-28T22:00:00Z')).toBe('2026-03-29T05:00:00.000Z');
  });

  it.each([[{ zone: 'Asia/Bombay City' }], [{ from: '24:00' }], [{ days: [] }], [{ from: '07:00' }]])(
    'can not be %j',
    (given) => expect(() => until(given, '2026-11-02T00:00:00Z')).toThrow(),
  );
});
