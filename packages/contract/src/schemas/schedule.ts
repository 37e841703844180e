import { z } from 'zod';
import { SESSION_KINDS } from '../words.ts';
import { Day, Id, Instant, JsonObject, ours, Stored } from './common.ts';

const Timezone = z.string().min(1);

const Cron = z
  .object({
    /** Five fields: minute, hour, day of the month, month, day of the week. */
    cron: z.string().min(1),
    /** IANA name; null is UTC. */
    timezone: Timezone.nullable(),
    /** True: a day that fits either of the two day fields counts; false: it must fit both. */
    day_or: z.boolean(),
  })
  .meta({ id: 'Cron' });

const CronRequest = z
  .object({ cron: z.string().min(1), timezone: Timezone.nullish(), day_or: z.boolean().nullish() })
  .meta({ id: 'CronRequest' });

export const SessionKind = z.enum(SESSION_KINDS);

/** Ties a schedule to the exchange's sessions. */
export const SessionRule = z
  .object({
    /** Runs only on days with a session. */
    sessions: z.literal('only'),
    /** Default: every kind. */
    kinds: z.array(SessionKind).min(1).optional(),
    /** Slots earlier than this many minutes after the session's close are put off until then. */
    not_before_close_minutes: z.int().min(0).max(720).optional(),
    /** Only slots within the session's own hours. */
    hours: z.literal('session').optional(),
    /** One more slot, this many minutes after the session's close. */
    after_close_minutes: z.int().min(0).max(720).optional(),
  })
  .meta({ id: 'SessionRule' });

/** What becomes of slots that passed while nobody was there: all are made up for, the latest one, none. */
const CatchUp = z.enum(['all', 'latest', 'none']);

export const Schedule = z
  .object({
    ...Stored,
    deployment_id: Id.nullable(),
    schedule: Cron,
    active: z.boolean(),
    max_scheduled_runs: z.int().nullable(),
    parameters: JsonObject,
    slug: z.string().nullable(),
    /** Null: every day that the cron expression names. */
    calendar: ours(SessionRule.nullable()),
    catch_up: ours(CatchUp),
  })
  .meta({ id: 'Schedule' });

export const ScheduleCreate = z
  .object({
    schedule: CronRequest,
    active: z.boolean().nullish(),
    max_scheduled_runs: z.int().nullish(),
    parameters: JsonObject.nullish(),
    /** Names it within its deployment. */
    slug: z.string().nullish(),
    /** Slug of the schedule that this one takes the place of. */
    replaces: z.string().nullish(),
    calendar: SessionRule.nullish(),
    catch_up: CatchUp.optional(),
  })
  .meta({ id: 'ScheduleCreate' });

/** What is left out stays as it is. */
export const ScheduleUpdate = z
  .object({
    schedule: CronRequest.optional(),
    active: z.boolean().nullish(),
    max_scheduled_runs: z.int().nullish(),
    parameters: JsonObject.nullish(),
    slug: z.string().nullish(),
    calendar: SessionRule.nullish(),
    catch_up: CatchUp.optional(),
  })
  .meta({ id: 'ScheduleUpdate' });

export const SchedulePreview = z
  .object({
    cron: z.string().min(1),
    timezone: Timezone.nullish(),
    day_or: z.boolean().nullish(),
    calendar: SessionRule.nullish(),
    /** Slots shown, those that are passed over included. */
    limit: z.int().min(1).max(200).default(20),
  })
  .meta({ id: 'SchedulePreview' });

/** A moment that a schedule names, whether or not anything runs then. */
export const Slot = z
  .object({
    at: Instant,
    /** The session that a run at this moment is for; null where the schedule knows no sessions or there is none. */
    session: Day.nullable(),
    runs: z.boolean(),
    /** Why nothing runs: "holiday: Republic Day", "weekend", "paused". Null when it does. */
    reason: z.string().nullable(),
    /** The run, once there is one. */
    flow_run_id: Id.nullable(),
    /** Null in a preview. */
    schedule_id: Id.nullable(),
  })
  .meta({ id: 'Slot' });
