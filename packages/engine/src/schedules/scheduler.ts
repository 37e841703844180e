import { randomUUID } from 'node:crypto';
import { type Clock, systemClock, toErrorRecord } from '@champion/core';
import { type Statements, transaction } from '../deployments/transaction.ts';
import type { InternalLog } from '../events.ts';
import type { AnyFlow } from '../flow.ts';
import { parseParameters } from '../parameters.ts';
import { createRuns, type NewScheduledRun } from '../records/create-runs.ts';
import type { Database } from '../records/database.ts';
import { runNameOf } from '../run-name.ts';
import { type Decision, decide, type KnownRun, type ScheduleToDecide, slotKey } from './decide.ts';
import type { SessionCalendar } from './session-calendar.ts';
import { type Slot, type SlotRule, slots } from './slots.ts';
import * as sql from './statements.ts';
import { dayAt } from './zone.ts';

/** A run is late when it should have begun this long ago. */
export const LATE_AFTER_MS = 15_000;
const SCHEDULES_PER_TICK = 100;
const LATE_PER_TICK = 1_000;
/** More than a schedule ever has ahead, or passed in one check. */
const RUNS_LOOKED_AT = 1_000;
/** A schedule that can't be decided is tried again after this long. */
const TRY_AGAIN_MS = 60_000;
const SEARCH_MS = 400 * 86_400_000;

/** What a tick did, in runs. */
export interface TickReport {
  readonly created: number;
  /** On days without a session. */
  readonly noSession: number;
  readonly dropped: number;
  readonly passedOver: number;
  readonly late: number;
}

export interface SchedulerOptions {
  readonly database: Database;
  readonly flows: ReadonlyMap<string, AnyFlow>;
  /** What schedules with a calendar rule follow. */
  readonly calendar?: SessionCalendar;
  readonly clock?: Clock;
  readonly internalLog: InternalLog;
  /** Called after runs were created. */
  readonly notify: (kind: 'work') => void;
}

interface LockedSchedule extends ScheduleToDecide {
  readonly deploymentId: string;
  readonly flowName: string;
  readonly version: string | null;
  readonly tags: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly sessionParameter: string | null;
  readonly workQueueId: string | null;
}

/**
 * Turns schedules into runs ahead of time. It keeps nothing in memory: what is decided is in the records, each schedule
 * under its lock, so any number of processes may do it at once.
 */
export class Scheduler {
  readonly #database: Database;
  readonly #flows: ReadonlyMap<string, AnyFlow>;
  readonly #calendar: SessionCalendar | undefined;
  readonly #clock: Clock;
  readonly #internalLog: InternalLog;
  readonly #notify: (kind: 'work') => void;

  constructor(options: SchedulerOptions) {
    this.#database = options.database;
    this.#flows = options.flows;
    this.#calendar = options.calendar;
    this.#clock = options.clock ?? systemClock;
    this.#internalLog = options.internalLog;
    this.#notify = options.notify;
  }

  /**
   * Looks at the schedules whose time has come, at most 100 of them, and marks runs that are late. A schedule that can't
   * be decided is logged, and does not keep the others.
   * @throws ChampionError STORE_FAILED
   */
  async tick(now: Date = this.#clock.now()): Promise<TickReport> {
    const due = await this.#database.run<{ id: string }>(sql.SCHEDULES_TO_CHECK, [now, SCHEDULES_PER_TICK]);
    const report = await this.#decideAll(due, now);
    return { ...report, late: await this.markLate(now) };
  }

  /** Creates the runs to come of a deployment's schedules at once, rather than at the next tick. */
  async materialize(deploymentId: string): Promise<void> {
    const schedules = await this.#database.run<{ id: string }>(sql.SCHEDULES_OF_DEPLOYMENT, [
      deploymentId,
      SCHEDULES_PER_TICK,
    ]);
    await this.#decideAll(schedules, this.#clock.now());
  }

  /** To be called when the session calendar has changed: every schedule that follows it is looked at in the next ticks. */
  async calendarChanged(): Promise<void> {
    await this.#database.run(sql.CHECK_SESSIONS_AGAIN, []);
  }

  /** When a schedule is due next, days without a session included, whether it is active or not. */
  upcoming(schedule: SlotRule, limit: number, after: Date = this.#clock.now()): Slot[] {
    const found: Slot[] = [];
    for (const slot of slots(schedule, this.#calendar, after, new Date(after.getTime() + SEARCH_MS))) {
      if (found.length >= limit) break;
      found.push(slot);
    }
    return found;
  }

  /** Names the state of runs that should have begun 15 s ago "Late". @returns how many, 1000 at most */
  async markLate(now: Date = this.#clock.now()): Promise<number> {
    const expected = new Date(now.getTime() - LATE_AFTER_MS);
    return (await this.#database.run(sql.MARK_LATE, [expected, LATE_PER_TICK, now])).length;
  }

  async #decideAll(schedules: readonly { id: string }[], now: Date): Promise<Omit<TickReport, 'late'>> {
    const total = { created: 0, noSession: 0, dropped: 0, passedOver: 0 };
    for (const { id } of schedules) {
      const done = await this.#decideOne(id, now);
      total.created += done.created;
      total.noSession += done.noSession;
      total.dropped += done.dropped;
      total.passedOver += done.passedOver;
    }
    if (total.created > 0) this.#notify('work');
    return total;
  }

  async #decideOne(id: string, now: Date): Promise<Omit<TickReport, 'late'>> {
    try {
      const decideAndDo = async (tx: Statements) => {
        const [schedule] = await tx.run<LockedSchedule>(sql.LOCK_SCHEDULE, [id]);
        if (schedule === undefined) return NOTHING;
        const runs = await tx.run<KnownRun>(sql.RUNS_OF_SCHEDULE, [id, schedule.decidedUntil, RUNS_LOOKED_AT]);
        return this.#carryOut(tx, schedule, decide(schedule, runs, this.#calendar, now), now);
      };
      return await transaction(this.#database, decideAndDo, { durable: false });
    } catch (error) {
      if (toErrorRecord(error).code === 'STORE_FAILED') throw error;
      this.#internalLog('error', 'A schedule could not be turned into runs', { schedule: id, error });
      await this.#database.run(sql.CHECK_LATER, [id, new Date(now.getTime() + TRY_AGAIN_MS)]);
      return NOTHING;
    }
  }

  async #carryOut(
    tx: Statements,
    schedule: LockedSchedule,
    decision: Decision,
    now: Date,
  ): Promise<Omit<TickReport, 'late'>> {
    const dropped = decision.drop.length === 0 ? [] : await tx.run(sql.DROP_RUNS, [decision.drop]);
    const why = `missed while nothing ran; the schedule catches up with ${{ all: 'all', latest: 'the latest', none: 'none' }[schedule.catchUp]}`;
    const passedOver =
      decision.passOver.length === 0 ? [] : await tx.run(sql.PASS_OVER_RUNS, [decision.passOver, why, now]);
    const created = await createRuns(
      tx,
      decision.create.map((slot) => this.#runOf(schedule, slot)),
      now,
    );
    const noSession = await createRuns(
      tx,
      decision.noSession.map((slot) => this.#runOf(schedule, slot)),
      now,
    );
    await tx.run(sql.DECIDED, [schedule.id, decision.decidedUntil, decision.nextCheck]);
    return {
      created: created.length,
      noSession: noSession.length,
      dropped: dropped.length,
      passedOver: passedOver.length,
    };
  }

  #runOf(schedule: LockedSchedule, slot: Slot): NewScheduledRun {
    const id = randomUUID();
    const { sessionParameter } = schedule;
    // On a day without a session it is named by the day all the same.
    const day =
      slot.session ?? (slot.runs || this.#calendar === undefined ? null : dayAt(this.#calendar.zone, slot.at));
    const bound = sessionParameter !== null && day !== null ? { [sessionParameter]: day } : {};
    const parameters = { ...schedule.parameters, ...bound };
    const state = slot.runs
      ? { type: 'SCHEDULED' as const, name: 'Scheduled' }
      : { type: 'COMPLETED' as const, name: 'NoSession', message: `no session: ${slot.reason}` };
    return {
      id,
      flowName: schedule.flowName,
      name: this.#nameOf(schedule, parameters, day, id),
      nameGiven: false,
      parameters,
      state,
      expectedStartTime: slot.at,
      deploymentId: schedule.deploymentId,
      ...(schedule.version === null ? {} : { deploymentVersion: schedule.version }),
      ...(schedule.workQueueId === null ? {} : { workQueueId: schedule.workQueueId }),
      scheduleId: schedule.id,
      idempotencyKey: slotKey(schedule.id, slot),
      tags: schedule.tags,
      autoScheduled: true,
    };
  }

  /** As the flow names it where the session is known; else defaults, which may be another day's when it begins, would speak. */
  #nameOf(
    { flowName, sessionParameter }: LockedSchedule,
    parameters: Readonly<Record<string, unknown>>,
    day: string | null,
    id: string,
  ): string {
    const flow = this.#flows.get(flowName);
    const plain = `${flowName}-${id.slice(0, 8)}`;
    if (flow === undefined || sessionParameter === null || day === null) return plain;
    try {
      return runNameOf(flow, parseParameters(flowName, flow.parameters, parameters), id);
    } catch {
      // The run itself will say what is wrong with its parameters.
      return plain;
    }
  }
}

const NOTHING = { created: 0, noSession: 0, dropped: 0, passedOver: 0 };
