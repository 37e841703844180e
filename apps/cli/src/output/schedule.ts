import type { Schedule, Slot } from '@champion/contract';
import { localTime } from './time.ts';

/** "30 12 * * 1-5 UTC, sessions only". */
export function scheduleWords({ schedule, calendar, active }: Schedule): string {
  const words = [
    `${schedule.cron} ${schedule.timezone ?? 'UTC'}`,
    ...(calendar ? ['sessions only'] : []),
    ...(active ? [] : ['resting']),
  ];
  return words.join(', ');
}

/** "2026-11-23 18:00:00" and, where nothing runs then, why. */
export function slotWords({ at, session, runs, reason }: Slot): string {
  const when = localTime(new Date(at));
  if (!runs) return `${when}  no run: ${reason ?? 'not said why'}`;
  return session === null ? when : `${when}  for ${session}`;
}
