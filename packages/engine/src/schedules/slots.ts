import { ChampionError } from '@champion/core';
import { type CompiledCron, type CronRule, compileCron } from './cron.ts';
import type { CalendarRule } from './schedule.ts';
import type { SessionCalendar, SessionDay } from './session-calendar.ts';
import { dayAfter, dayAt, startOfDay } from './zone.ts';

/** A time at which a schedule is due. */
export interface Slot {
  readonly at: Date;
  /** The session's day, YYYY-MM-DD; null without a session, and for schedules that do not follow the calendar. */
  readonly session: string | null;
  /** False on a day without a session. */
  readonly runs: boolean;
  /** Why it does not run. */
  readonly reason: string | null;
}

export interface SlotRule extends CronRule {
  readonly calendar: CalendarRule | null;
}

const MINUTE_MS = 60_000;

/**
 * When a schedule is due after one instant and up to and including another, ascending and lazily: take what you need.
 *
 * Without a calendar rule these are the times of its cron expression. With one they are those on sessions, each counted
 * by the day that the calendar's zone shows: a day without a session is told once, as a slot that does not run, and a
 * session on a day that a weekday expression leaves out has slots like any other. No slot leaves its day.
 * @throws ChampionError CONFIG for a calendar rule without a calendar
 */
export function* slots(
  rule: SlotRule,
  calendar: SessionCalendar | undefined,
  after: Date,
  until: Date,
): Generator<Slot, void, undefined> {
  const cron = compileCron(rule);
  if (rule.calendar === null) {
    for (const at of between(cron, new Date(after.getTime() + 1), until)) {
      yield { at, session: null, runs: true, reason: null };
    }
    return;
  }
  if (calendar === undefined) {
    throw new ChampionError('A schedule follows the session calendar, and this Champion has none', {
      code: 'CONFIG',
      hint: 'Take the calendar rule out of the schedule, or give the scheduler a calendar.',
    });
  }
  // A slot may be put off to a later time of its day, so the day that `after` is in is looked at from its beginning.
  let day = dayAt(calendar.zone, after);
  for (let start = startOfDay(calendar.zone, day); start <= until; ) {
    const next = dayAfter(day);
    const end = startOfDay(calendar.zone, next);
    for (const slot of slotsOfDay(day, { start, end }, { cron, rule: rule.calendar, calendar })) {
      if (slot.at > until) return;
      if (slot.at > after) yield slot;
    }
    // Straight to the next day that has any, which for a quarterly schedule is far.
    const following = cron.onAnyDay.atOrAfter(end);
    if (following === null || following > until) return;
    day = dayAt(calendar.zone, following);
    start = startOfDay(calendar.zone, day);
  }
}

interface DayBounds {
  readonly start: Date;
  /** The first instant after it. */
  readonly end: Date;
}

function* slotsOfDay(
  day: string,
  { start, end }: DayBounds,
  { cron, rule, calendar }: { cron: CompiledCron; rule: CalendarRule; calendar: SessionCalendar },
): Generator<Slot, void, undefined> {
  const session = calendar.on(day);
  if (session === undefined || (rule.kinds !== undefined && !rule.kinds.includes(session.kind))) {
    const reason =
      session === undefined
        ? calendar.why(day)
        : `${session.name ?? `a ${session.kind} session`}, which the schedule leaves out`;
    const at = cron.atOrAfter(start);
    if (at !== null && at < end) yield { at, session: null, runs: false, reason };
    return;
  }
  const lastOfDay = end.getTime() - MINUTE_MS;
  const afterClose = (minutes: number | undefined): number | undefined =>
    minutes === undefined || session.closesAt === undefined
      ? undefined
      : Math.min(session.closesAt.getTime() + minutes * MINUTE_MS, lastOfDay);
  const notBefore = afterClose(rule.notBeforeCloseMinutes) ?? 0;
  let last = Number.NEGATIVE_INFINITY;
  const [from, to] = rule.hours === 'session' ? hoursOf(session, { start, end }) : [start, end];
  let first: Date | undefined;
  for (const due of between(cron.onAnyDay, from, new Date(Math.min(to.getTime(), lastOfDay + MINUTE_MS - 1)))) {
    first ??= due;
    const at = Math.max(due.getTime(), notBefore);
    if (at > last) yield { at: new Date(at), session: day, runs: true, reason: null };
    last = Math.max(at, last);
  }
  const closing = afterClose(rule.afterCloseMinutes);
  if (closing === undefined || closing <= last) return;
  // A day that has no slot at all, whatever its hours, has no closing one either.
  const any = first ?? cron.onAnyDay.atOrAfter(start);
  if (any !== null && any < end) yield { at: new Date(closing), session: day, runs: true, reason: null };
}

function hoursOf(session: SessionDay, { start, end }: DayBounds): [Date, Date] {
  return [session.opensAt ?? start, session.closesAt ?? end];
}

/** Both ends included. */
function* between(
  times: { atOrAfter(from: Date): Date | null },
  from: Date,
  to: Date,
): Generator<Date, void, undefined> {
  for (let at = times.atOrAfter(from); at !== null && at <= to; at = times.atOrAfter(new Date(at.getTime() + 1))) {
    yield at;
  }
}
