import type { Clock } from '@champion/core';
import { type Statements, transaction } from '../deployments/transaction.ts';
import type { InternalLog } from '../events.ts';
import { toJson } from '../json.ts';
import type { Database } from '../records/database.ts';
import {
  type Match,
  matchObservation,
  matchPresent,
  matchState,
  type Observation,
  type SeenRun,
  type SeenState,
} from './match.ts';
import { quietUntil } from './quiet-hours.ts';
import type { StoredRule, Trigger } from './rule.ts';
import * as sql from './statements.ts';

/**
 * What the engine can't know by itself, such as how fresh data is. It is asked every minute; what it finds again and again
 * is told once, by its key.
 */
export interface Condition {
  look(now: Date, signal: AbortSignal): Promise<readonly Observation[]>;
}

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly internalLog: InternalLog;
  readonly conditions: Readonly<Record<string, Condition>>;
}

/** States of one transaction. */
const BATCH = 2_000;
/** States that are looked at again while some transaction stays open; see ADVANCE_CURSOR. */
const UNSETTLED_AT_MOST = 20_000;
/** Runs at work, or late, that one look considers. */
const RUNS_AT_MOST = 1_000;
/** Alerts of a rule that wait at a time. */
const WAITING_AT_MOST = 1_000;
const LOOK_WITHIN_MS = 60_000;

/** Finds out what rules have something to say about, and puts it down to be sent; it sends nothing itself. */
export class Noticer {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Looks through the states that runs came into since the last time. What is there is found, told of or not, however many
   * processes do it at a time.
   * @returns how many deliveries were made, suppressed ones included
   */
  async states(): Promise<number> {
    const [settled] = await this.#options.database.run<{ yes: boolean }>(sql.ALL_SETTLED, []);
    if (settled?.yes === true) return 0;
    for (let made = 0; ; ) {
      const batch = await transaction(this.#options.database, (tx) => this.#batch(tx), { durable: false });
      made += batch.made;
      if (batch.isLast) return made;
    }
  }

  /** Looks at runs that take long, or that are late, now. */
  async present(): Promise<number> {
    const { database, clock } = this.#options;
    const rules = await activeRules(database);
    const now = clock.now();
    const runs = [
      ...(await this.#runs(
        sql.RUNS_AT_WORK,
        least(rules, 'run_duration', ({ aboveSeconds }) => aboveSeconds),
        now,
      )),
      ...(await this.#runs(
        sql.RUNS_LATE,
        least(rules, 'run_late', ({ afterSeconds }) => afterSeconds),
        now,
      )),
    ];
    return this.#put(runs.flatMap((run) => matchPresent(rules, run, now)));
  }

  /** Asks the conditions that rules name. One that fails, or does not answer, does not keep the others from it. */
  async conditions(): Promise<number> {
    const { database, clock, conditions, internalLog } = this.#options;
    const rules = await activeRules(database);
    const named = new Set(
      rules.flatMap(({ triggers }) => triggers.flatMap((each) => (each.type === 'condition' ? [each.condition] : []))),
    );
    let made = 0;
    for (const [name, condition] of Object.entries(conditions)) {
      if (!named.has(name)) continue;
      const now = clock.now();
      try {
        const found = await within(LOOK_WITHIN_MS, (signal) => condition.look(now, signal));
        made += await this.#put(found.flatMap((each) => matchObservation(rules, name, each, now)));
      } catch (error) {
        internalLog('error', `The condition ${name} of notification rules could not be looked at`, { error });
      }
    }
    return made;
  }

  async #batch(tx: Statements): Promise<{ made: number; isLast: boolean }> {
    await tx.run(sql.LOCK_NOTICING, []);
    const [cursor] = await tx.run<{ settledId: string; seenId: string }>(sql.ADVANCE_CURSOR, [UNSETTLED_AT_MOST]);
    if (cursor === undefined) return { made: 0, isLast: true };
    const rules = await activeRules(tx);
    const [next] =
      rules.length === 0
        ? await tx.run<{ lastId: string | null; count?: number }>(sql.NEWEST_STATE, [])
        : await tx.run<{ lastId: string | null; count?: number }>(sql.NEXT_STATES, [cursor.seenId, BATCH]);
    // The newest states may have been pruned: the mark does not go back.
    const last = next?.lastId == null || BigInt(next.lastId) < BigInt(cursor.seenId) ? cursor.seenId : next.lastId;
    const seen =
      rules.length === 0 || last === cursor.settledId
        ? []
        : await tx.run<SeenState>(sql.STATES_BETWEEN, [cursor.settledId, last]);
    const made = await insert(
      tx,
      seen.flatMap((state) => matchState(rules, state)),
      this.#options.clock.now(),
    );
    if (last !== cursor.seenId) await tx.run(sql.MOVE_CURSOR, [last]);
    return { made, isLast: (next?.count ?? 0) < BATCH };
  }

  async #runs(statement: typeof sql.RUNS_LATE, seconds: number | undefined, now: Date): Promise<SeenRun[]> {
    if (seconds === undefined) return [];
    const since = new Date(now.getTime() - seconds * 1_000);
    return this.#options.database.run<SeenRun>(statement, [since, RUNS_AT_MOST]);
  }

  async #put(matches: readonly Match[]): Promise<number> {
    if (matches.length === 0) return 0;
    return transaction(
      this.#options.database,
      async (tx) => {
        await tx.run(sql.LOCK_NOTICING, []);
        return insert(tx, matches, this.#options.clock.now());
      },
      { durable: false },
    );
  }
}

async function activeRules(database: Statements): Promise<StoredRule[]> {
  return database.run<StoredRule>(sql.ACTIVE_RULES, []);
}

/** Puts down what is not put down yet, to be sent. The transaction holds LOCK_NOTICING. @returns how many deliveries */
export async function insert(tx: Statements, matches: readonly Match[], now: Date): Promise<number> {
  if (matches.length === 0) return 0;
  const fresh = await tx.run<{ place: number }>(sql.NEW_EVENTS, [
    matches.map(({ rule }) => rule.id),
    matches.map(({ eventKey }) => eventKey),
  ]);
  let made = 0;
  for (const { place } of fresh) {
    const match = matches[place];
    if (match === undefined) continue;
    const { rule, eventKey, dedupeKey, facts } = match;
    const quiet = rule.quietHours === null ? undefined : quietUntil(rule.quietHours, now);
    const sendAt = quiet === undefined ? now : rule.quietHours?.meanwhile === 'drop' ? null : quiet;
    const rows = await tx.run(sql.INSERT_DELIVERY, [
      rule.id,
      rule.name,
      eventKey,
      dedupeKey,
      toJson(facts),
      new Date(now.getTime() - rule.dedupeMinutes * 60_000),
      now,
      sendAt,
      'it came in the quiet hours',
      WAITING_AT_MOST,
    ]);
    made += rows.length;
  }
  return made;
}

/** The smallest threshold of any rule; undefined when none has one. */
function least<T extends Trigger['type']>(
  rules: readonly StoredRule[],
  type: T,
  seconds: (trigger: Extract<Trigger, { type: T }>) => number,
): number | undefined {
  const all = rules.flatMap(({ triggers }) =>
    triggers.flatMap((trigger) => (isOf(trigger, type) ? [seconds(trigger)] : [])),
  );
  return all.length === 0 ? undefined : Math.min(...all);
}

function isOf<T extends Trigger['type']>(trigger: Trigger, type: T): trigger is Extract<Trigger, { type: T }> {
  return trigger.type === type;
}

async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(ms);
  const over = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work(signal), over]);
}
