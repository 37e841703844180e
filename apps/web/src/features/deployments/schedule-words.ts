import type { Schedule, SessionRule } from '@champion/contract';
import cronstrue from 'cronstrue';
import { duration } from '../../lib/time.ts';

/** "At 12:30, Monday through Friday"; the expression itself where it cannot be read. */
export function cronWords(cron: string, dayOr = true): string {
  try {
    return cronstrue.toString(cron, { use24HourTimeFormat: true, logicalAndDayFields: !dayOr });
  } catch {
    return cron;
  }
}

/** "IST" for the exchange's zone, else its name. */
export function zoneName(timezone: string | null): string {
  return timezone === 'Asia/Kolkata' ? 'IST' : (timezone ?? 'UTC');
}

export const SESSION_KIND_WORDS = { regular: 'regular', special: 'special', muhurat: 'Muhurat' } as const;

/** Minutes as people say them: "10 min", "2 h", "2 h 30 m". */
function minutes(count: number): string {
  if (count < 60) return `${count} min`;
  return count % 60 === 0 ? `${count / 60} h` : duration(count * 60);
}

/** What ties a schedule to the exchange's sessions, one phrase each; empty where nothing does. */
export function ruleWords(rule: SessionRule | null): string[] {
  if (rule === null) return [];
  const kinds = rule.kinds?.map((kind) => SESSION_KIND_WORDS[kind]) ?? [];
  return [
    kinds.length === 0 ? 'only on sessions of the exchange' : `only on ${kinds.join(' and ')} sessions`,
    ...(rule.hours === undefined ? [] : ["within the session's hours"]),
    ...(rule.not_before_close_minutes === undefined
      ? []
      : [
          rule.not_before_close_minutes === 0
            ? 'never before the close'
            : `never sooner than ${minutes(rule.not_before_close_minutes)} after the close`,
        ]),
    ...(rule.after_close_minutes === undefined
      ? []
      : [`once more ${minutes(rule.after_close_minutes)} after the close`]),
  ];
}

export const CATCH_UP_WORDS: Readonly<Record<Schedule['catch_up'], string>> = {
  all: 'Every one is made up for',
  latest: 'The latest one is made up for',
  none: 'They are left out',
};
