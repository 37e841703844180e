import { ChampionError, closest } from '@champion/core';
import { Cron, CronPattern } from 'croner';
import { isTimeZone } from './zone.ts';

export interface CronRule {
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  readonly cron: string;
  readonly timezone: string;
  /** Where both day fields are restricted: true when a day that fits one of them is enough, as cron has it. */
  readonly dayOr: boolean;
}

/** When a cron expression is due. */
interface CronTimes {
  /** The first instant at or after `from`; null when there is none. */
  atOrAfter(from: Date): Date | null;
}

export interface CompiledCron extends CronTimes {
  /**
   * The same times of day on whichever day. An expression for every day, or every weekday, of its months means "each
   * session" where sessions count; one that chooses days (Mondays, the 1st) means those, and this is it unchanged.
   */
  readonly onAnyDay: CronTimes;
}

const EXAMPLE = '"30 18 * * 1-5" is 18:30 from Monday to Friday';
const ZONES = ['UTC', 'Asia/Kolkata'];
/** Bits of croner for "in each week of the month". */
const EVERY_WEEK = 0b111111;
const COMPILED_KEPT = 1_000;
const compiled = new Map<string, CompiledCron>();

/**
 * @throws ChampionError INVALID_INPUT for what is no cron expression, never comes true, or is in no time zone
 */
export function compileCron({ cron, timezone, dayOr }: CronRule): CompiledCron {
  const key = JSON.stringify([cron, timezone, dayOr]);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  if (!isTimeZone(timezone)) throw unknownZone(timezone);
  const own = times(cron, timezone, dayOr);
  const spelled = new CronPattern(own.pattern, undefined, { mode: '5-part' });
  const meansEverySession = spelled.starDOM && [1, 2, 3, 4, 5].every((day) => spelled.dayOfWeek[day] === EVERY_WEEK);
  const onAnyDay = meansEverySession
    ? times(own.pattern.replace(/\S+$/, '*'), timezone, dayOr)
    : { atOrAfter: own.atOrAfter };
  const result = { atOrAfter: own.atOrAfter, onAnyDay };
  if (compiled.size >= COMPILED_KEPT) compiled.clear();
  compiled.set(key, result);
  return result;
}

function times(cron: string, timezone: string, dayOr: boolean): CronTimes & { pattern: string } {
  let job: Cron;
  try {
    job = new Cron(cron.trim(), { mode: '5-part', timezone, domAndDow: !dayOr, paused: true });
  } catch (cause) {
    throw wrongCron(cron, cause);
  }
  if (job.nextRun(new Date('2000-01-01T00:00:00Z')) === null) {
    throw new ChampionError(`The cron expression "${cron}" names a day that never comes`, {
      code: 'INVALID_INPUT',
      hint: `Check its third and fourth field, day of the month and month: ${EXAMPLE}.`,
      context: { cron },
    });
  }
  return {
    pattern: job.getPattern() ?? cron,
    // croner looks for what comes after an instant, in whole seconds.
    atOrAfter: (from) => job.nextRun(new Date(Math.ceil(from.getTime() / 1_000) * 1_000 - 1_000)),
  };
}

function wrongCron(cron: string, cause: unknown): ChampionError {
  const fields = cron.trim().split(/\s+/).length;
  const said = (cause as Error).message.replace(/^\w+: /, '');
  return new ChampionError(`"${cron}" is not a cron expression: ${said}`, {
    code: 'INVALID_INPUT',
    hint:
      fields === 6
        ? `Leave out the seconds: minute, hour, day of the month, month, day of the week. ${EXAMPLE}.`
        : `Write five fields: minute, hour, day of the month, month, day of the week. ${EXAMPLE}.`,
    context: { cron },
    cause,
  });
}

function unknownZone(timezone: string): ChampionError {
  const meant = closest(timezone, [...ZONES, ...Intl.supportedValuesOf('timeZone')]);
  return new ChampionError(`"${timezone}" is not a time zone`, {
    code: 'INVALID_INPUT',
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}Write its IANA name, such as Asia/Kolkata or UTC.`,
    context: { timezone },
  });
}
