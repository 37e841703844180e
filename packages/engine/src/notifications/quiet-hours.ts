import { z } from 'zod';
import { dayAfter, dayAt, isTimeZone, wallClock } from '../schedules/zone.ts';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const DAY_MS = 86_400_000;
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 22:00');

export const QuietHoursSchema = z
  .strictObject({
    zone: z.string().max(100).refine(isTimeZone, { message: 'expected a time zone such as Asia/Kolkata' }),
    /** On the wall clock of the zone. */
    from: clockTime,
    /** At or before `from`: on the next day. */
    to: clockTime,
    /** The days on which they begin. */
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .default([...WEEKDAYS]),
    /** hold: what comes then is delivered afterwards; drop: never. */
    meanwhile: z.enum(['hold', 'drop']).default('hold'),
  })
  .refine(({ from, to, days }) => from !== to || new Set(days).size < WEEKDAYS.length, {
    message: 'it would be quiet for ever; disable the rule instead',
  });
export type QuietHours = z.output<typeof QuietHoursSchema>;

/** When it is no longer quiet; undefined when it is not quiet at all. */
export function quietUntil(quiet: QuietHours, at: Date): Date | undefined {
  let until: Date | undefined;
  // One stretch may go on in the next day's; a week holds no more of them.
  for (let i = 0; i < WEEKDAYS.length; i++) {
    const end = endOfStretch(quiet, until ?? at);
    if (end === undefined) break;
    until = end;
  }
  return until;
}

function endOfStretch({ zone, from, to, days }: QuietHours, at: Date): Date | undefined {
  const today = dayAt(zone, at);
  for (const day of [dayBefore(today), today]) {
    if (!days.includes(weekdayOf(day))) continue;
    const begins = instantOf(zone, day, from);
    const ends = instantOf(zone, to <= from ? dayAfter(day) : day, to);
    if (begins <= at && at < ends) return ends;
  }
  return undefined;
}

function weekdayOf(day: string): (typeof WEEKDAYS)[number] {
  return WEEKDAYS[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7] ?? 'mon';
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}

/** The instant at which a zone's clocks show a time; one of the two, or a neighbour, where they change. */
function instantOf(zone: string, day: string, time: string): Date {
  const wall = Date.parse(`${day}T${time}:00Z`);
  let instant = wall;
  // The offset at a guess is that of the time sought unless the clocks change between the two: hence twice.
  for (let i = 0; i < 2; i++) instant = wall - (wallClock(zone, instant) - instant);
  return new Date(instant);
}
