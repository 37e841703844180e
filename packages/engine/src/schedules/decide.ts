import type { CatchUp } from './schedule.ts';
import type { SessionCalendar } from './session-calendar.ts';
import { type Slot, type SlotRule, slots } from './slots.ts';

/** How far ahead runs are there to be seen, and how many at least and at most. */
const AHEAD_MS = 7 * 86_400_000;
const AHEAD_AT_MOST = 50;
/** How far the next slot of a rare schedule is looked for. */
const SEARCH_MS = 400 * 86_400_000;
/** Past slots decided at once; more of them wait for the next check. */
const PAST_AT_ONCE = 200;
/** A run that waits this long is late, not missed: its worker may be busy. */
const MISSED_AFTER_MS = 5 * 60_000;
/** Slots are decided when they come; between them there is only the week ahead to be filled up. */
const CHECK_EVERY_MS = 5 * 60_000;

export interface ScheduleToDecide extends SlotRule {
  readonly id: string;
  readonly catchUp: CatchUp;
  readonly decidedUntil: Date;
}

/** A run that the schedule has put there. */
export interface KnownRun {
  readonly id: string;
  readonly key: string | null;
  readonly at: Date;
  /** Nobody has begun it. */
  readonly waiting: boolean;
}

export interface Decision {
  readonly create: readonly Slot[];
  /** Days without a session whose time has come. */
  readonly noSession: readonly Slot[];
  /** Runs to come that are on no slot any more. */
  readonly drop: readonly string[];
  /** Runs that nothing began in time, and that the catch-up policy does not want. */
  readonly passOver: readonly string[];
  readonly decidedUntil: Date;
  readonly nextCheck: Date;
}

/** Identifies the run of a slot, whoever creates it. */
export function slotKey(scheduleId: string, { at }: Slot): string {
  return `schedule ${scheduleId} ${at.toISOString()}`;
}

/**
 * What is to be done for a schedule now. Doing it twice is doing it once.
 * @param runs those of the schedule that are expected after `decidedUntil`
 */
export function decide(
  schedule: ScheduleToDecide,
  runs: readonly KnownRun[],
  calendar: SessionCalendar | undefined,
  now: Date,
): Decision {
  const known = new Map(runs.map((run) => [run.key, run]));
  const runOf = (slot: Slot): KnownRun | undefined => known.get(slotKey(schedule.id, slot));

  const { past, more } = passed(schedule, calendar, now);
  const due = past.filter((slot) => slot.runs);
  const isMissed = (slot: Slot): boolean =>
    now.getTime() - slot.at.getTime() > MISSED_AFTER_MS && (runOf(slot)?.waiting ?? true);
  const last = more ? undefined : due.at(-1);
  const wanted = (slot: Slot): boolean =>
    !isMissed(slot) || schedule.catchUp === 'all' || (schedule.catchUp === 'latest' && slot === last);

  const coming = ahead(schedule, calendar, now);
  const comingKeys = new Set(coming.map((slot) => slotKey(schedule.id, slot)));
  const soon = slots(schedule, calendar, now, new Date(now.getTime() + CHECK_EVERY_MS)).next();
  return {
    create: [...due.filter(wanted), ...coming].filter((slot) => runOf(slot) === undefined),
    noSession: past.filter((slot) => !slot.runs && runOf(slot) === undefined),
    drop: runs.filter(({ at, waiting, key }) => waiting && at > now && !comingKeys.has(key ?? '')).map(({ id }) => id),
    passOver: due.flatMap((slot) => {
      const run = wanted(slot) ? undefined : runOf(slot);
      return run?.waiting === true ? [run.id] : [];
    }),
    decidedUntil: (more ? past.at(-1)?.at : undefined) ?? now,
    nextCheck: more ? now : soon.done === true ? new Date(now.getTime() + CHECK_EVERY_MS) : soon.value.at,
  };
}

function passed(
  schedule: ScheduleToDecide,
  calendar: SessionCalendar | undefined,
  now: Date,
): { past: Slot[]; more: boolean } {
  const past: Slot[] = [];
  for (const slot of slots(schedule, calendar, schedule.decidedUntil, now)) {
    if (past.length < PAST_AT_ONCE) {
      past.push(slot);
      continue;
    }
    // The last that was due may be the latest of all: it is looked at again together with what follows.
    const last = past.findLastIndex(({ runs }) => runs);
    return { past: last > 0 ? past.slice(0, last) : past, more: true };
  }
  return { past, more: false };
}

function ahead(schedule: ScheduleToDecide, calendar: SessionCalendar | undefined, now: Date): Slot[] {
  const found: Slot[] = [];
  for (const slot of slots(schedule, calendar, now, new Date(now.getTime() + SEARCH_MS))) {
    if (found.length > 0 && slot.at.getTime() - now.getTime() > AHEAD_MS) break;
    if (slot.runs) found.push(slot);
    if (found.length === AHEAD_AT_MOST) break;
  }
  return found;
}
