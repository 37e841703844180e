import { ChampionError } from '@champion/core';
import { z } from 'zod';
import { compileCron } from './cron.ts';

/** At most half a day after the close: a slot does not leave its day. */
const minutesAfterClose = z.number().int().min(0).max(720);

/** Which days of the session calendar count, and when on them. */
const CalendarRuleSchema = z.strictObject({
  /** Due on sessions only, whichever days of the week those are. */
  sessions: z.literal('only'),
  /** Only sessions of these kinds. */
  kinds: z.array(z.string().min(1)).min(1).max(20).optional(),
  /** A slot earlier than this long after the session's close is put off until then. */
  notBeforeCloseMinutes: minutesAfterClose.optional(),
  /** Due within the session's own hours only. */
  hours: z.literal('session').optional(),
  /** Due once more, this long after the session's close. */
  afterCloseMinutes: minutesAfterClose.optional(),
});
export type CalendarRule = z.output<typeof CalendarRuleSchema>;

/** What to do about slots that passed while nothing ran: a run for each, for the last one, or for none. */
const CATCH_UP = ['all', 'latest', 'none'] as const;
export type CatchUp = (typeof CATCH_UP)[number];

/** Names are parts of URLs and of commands. */
export const NameSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,98}[\p{L}\p{N}]?$/u,
    'expected letters, digits, and between them . _ - or spaces',
  );

export const NewScheduleSchema = z.strictObject({
  /** Names it within its deployment. */
  slug: NameSchema.nullable().default(null),
  cron: z.string().max(200),
  timezone: z.string().max(100).default('UTC'),
  dayOr: z.boolean().default(true),
  calendar: CalendarRuleSchema.nullable().default(null),
  catchUp: z.enum(CATCH_UP).default('latest'),
  /** Over those of the deployment. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  active: z.boolean().default(true),
});
/** A schedule as it is given. */
export type NewSchedule = z.input<typeof NewScheduleSchema>;
/** A schedule with everything filled in. */
export type ScheduleSpec = z.output<typeof NewScheduleSchema>;

/** A schedule as it is kept. */
export interface ScheduleRow extends ScheduleSpec {
  readonly id: string;
  readonly deploymentId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * Checks a schedule as a person or a program gave it, and fills in what was left out.
 * @throws ChampionError INVALID_INPUT with what to write instead
 */
export function parseSchedule(given: unknown): ScheduleSpec {
  const checked = NewScheduleSchema.safeParse(given);
  if (!checked.success) {
    throw new ChampionError(`A schedule can't be used: ${explain(checked.error)}`, {
      code: 'INVALID_INPUT',
      hint: "A schedule is for example { cron: '30 18 * * 1-5', timezone: 'Asia/Kolkata', calendar: { sessions: 'only' } }.",
      context: { schedule: given },
    });
  }
  const { calendar } = checked.data;
  if (calendar?.notBeforeCloseMinutes !== undefined && calendar.hours === 'session') {
    throw new ChampionError("A schedule can't be both within the session's hours and not before its close", {
      code: 'INVALID_INPUT',
      hint: 'Leave out hours, or use afterCloseMinutes for one more run after the close.',
      context: { calendar },
    });
  }
  compileCron(checked.data);
  return { ...checked.data, cron: checked.data.cron.trim() };
}

/** The complaints of zod in one line. */
export function explain(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'it'}: ${message}`).join('; ');
}
