import type { Schedule, ScheduleCreate, SessionRule, Slot } from '@champion/contract';
import { businessDate, ChampionError } from '@champion/core';
import type { CalendarRule, Slot as EngineSlot, NewSchedule, SchedulePatch, ScheduleRow } from '@champion/engine';
import { instant } from './instant.ts';

export function wireSchedule(row: ScheduleRow): Schedule {
  return {
    id: row.id,
    created: instant(row.createdAt),
    updated: instant(row.updatedAt),
    deployment_id: row.deploymentId,
    schedule: { cron: row.cron, timezone: row.timezone, day_or: row.dayOr },
    active: row.active,
    max_scheduled_runs: null,
    parameters: { ...row.parameters },
    slug: row.slug,
    calendar: row.calendar === null ? null : wireRule(row.calendar),
    catch_up: row.catchUp,
  };
}

function wireRule(rule: CalendarRule): SessionRule {
  return {
    sessions: rule.sessions,
    // Kinds are the calendar's words, and it has those of the contract.
    ...(rule.kinds === undefined ? {} : { kinds: rule.kinds as NonNullable<SessionRule['kinds']> }),
    ...(rule.notBeforeCloseMinutes === undefined ? {} : { not_before_close_minutes: rule.notBeforeCloseMinutes }),
    ...(rule.hours === undefined ? {} : { hours: rule.hours }),
    ...(rule.afterCloseMinutes === undefined ? {} : { after_close_minutes: rule.afterCloseMinutes }),
  };
}

export function ruleOf(rule: SessionRule): CalendarRule {
  return {
    sessions: rule.sessions,
    ...(rule.kinds === undefined ? {} : { kinds: [...rule.kinds] }),
    ...(rule.not_before_close_minutes === undefined ? {} : { notBeforeCloseMinutes: rule.not_before_close_minutes }),
    ...(rule.hours === undefined ? {} : { hours: rule.hours }),
    ...(rule.after_close_minutes === undefined ? {} : { afterCloseMinutes: rule.after_close_minutes }),
  };
}

/** What a client gives for a schedule, as the engine takes it. Null is "as you like". */
export function scheduleOf(given: ScheduleCreate): NewSchedule {
  return { ...patchOf(given), cron: given.schedule.cron };
}

type ScheduleChange = { readonly [K in keyof Omit<ScheduleCreate, 'replaces'>]?: ScheduleCreate[K] | undefined };

/** The same of a change: what is not given stays. */
export function patchOf(given: ScheduleChange): SchedulePatch {
  if (given.max_scheduled_runs != null) {
    throw new ChampionError('Champion does not count the runs of a schedule: max_scheduled_runs cannot be set', {
      code: 'INVALID_INPUT',
      hint: 'Leave it out, and delete the schedule when it has done its work.',
    });
  }
  const { schedule } = given;
  return {
    ...(schedule === undefined
      ? {}
      : { cron: schedule.cron, timezone: schedule.timezone ?? 'UTC', dayOr: schedule.day_or ?? true }),
    ...(given.active == null ? {} : { active: given.active }),
    ...(given.parameters == null ? {} : { parameters: { ...given.parameters } }),
    ...(given.slug == null ? {} : { slug: given.slug }),
    // Null is an answer here: every day counts.
    ...(given.calendar === undefined ? {} : { calendar: given.calendar === null ? null : ruleOf(given.calendar) }),
    ...(given.catch_up === undefined ? {} : { catchUp: given.catch_up }),
  };
}

export function wireSlot(
  slot: EngineSlot,
  of: { readonly scheduleId: string | null; readonly flowRunId: string | null; readonly restsBecause: string | null },
): Slot {
  return {
    at: instant(slot.at),
    session: slot.session === null ? null : businessDate(slot.session),
    runs: slot.runs && of.restsBecause === null,
    reason: slot.runs ? of.restsBecause : slot.reason,
    flow_run_id: of.flowRunId,
    schedule_id: of.scheduleId,
  };
}
