import { describe, expect, it } from 'vitest';
import { cronWords, ruleWords, zoneName } from './schedule-words.ts';

describe('a schedule in words', () => {
  it('reads the cron expression', () => {
    expect(cronWords('30 12 * * 1-5')).toBe('At 12:30, Monday through Friday');
    expect(cronWords('15,45 9-19 * * 1-5')).toContain('15 and 45 minutes past the hour');
  });

  it('shows as it is what cannot be read', () => {
    expect(cronWords('whenever')).toBe('whenever');
  });

  it('calls the exchange’s zone by its letters', () => {
    expect(zoneName('Asia/Kolkata')).toBe('IST');
    expect(zoneName(null)).toBe('UTC');
    expect(zoneName('Europe/Berlin')).toBe('Europe/Berlin');
  });

  it('says what ties it to the sessions', () => {
    expect(ruleWords(null)).toEqual([]);
    expect(ruleWords({ sessions: 'only', kinds: ['regular', 'muhurat'], not_before_close_minutes: 120 })).toEqual([
      'only on regular and Muhurat sessions',
      'never sooner than 2 h after the close',
    ]);
    expect(ruleWords({ sessions: 'only', hours: 'session', after_close_minutes: 10 })).toEqual([
      'only on sessions of the exchange',
      "within the session's hours",
      'once more 10 min after the close',
    ]);
  });
});
