import { randomUUID } from 'node:crypto';
import { ChampionError, type Clock, systemClock } from '@champion/core';
import type { BlockRow, Blocks } from '../blocks/blocks.ts';
import { referenceOf, TARGET_TYPES } from '../blocks/types.ts';
import type { Duty } from '../duties.ts';
import type { InternalLog } from '../events.ts';
import type { Database } from '../records/database.ts';
import { Deliverer, LEASE_MS, type TestReport } from './deliverer.ts';
import type { Facts } from './facts.ts';
import { type Condition, Noticer } from './noticer.ts';
import { NotificationRules, storedRule, unknownRule } from './rules.ts';
import * as sql from './statements.ts';

/** What whoever composes the product says of its alerts. */
export interface NotificationSettings {
  /** By the name that rules call them by. */
  readonly conditions?: Readonly<Record<string, Condition>>;
  /** Address of a run's page, for messages. */
  readonly runUrl?: (flowRunId: string) => string;
  /** Also targets in private networks. Default false; loopback is always allowed, link-local and metadata never. */
  readonly allowPrivateNetworks?: boolean;
  /** How long records of deliveries are kept. Default 30 days. */
  readonly keepMs?: number;
  /** How long a target gets to answer. Default 10 s, 30 s at most. */
  readonly timeoutMs?: number;
}

export type DeliveryStatus = 'pending' | 'held' | 'delivered' | 'failed' | 'dropped' | 'suppressed';

/** The record of an alert: what became of it. */
export interface DeliveryRow {
  readonly id: string;
  /** Null once the rule is deleted. */
  readonly ruleId: string | null;
  readonly ruleName: string;
  readonly facts: Facts;
  readonly flowRunId: string | null;
  /**
   * pending: to be sent, or sent again; held: until the quiet hours are over; failed: given up; dropped: not sent, see
   * `error`; suppressed: one alike was made shortly before.
   */
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastAttemptAt: Date | null;
  readonly deliveredAt: Date | null;
  /** Of the last attempt; null when there was no answer. */
  readonly responseStatus: number | null;
  readonly error: string | null;
  /** What was sent, as people read it; null before the first attempt. */
  readonly text: string | null;
  /** How many alike came soon after and were not sent. */
  readonly suppressed: number;
  readonly createdAt: Date;
}

/** Deliveries by what became of them; ended ones of the last day. */
export interface DeliveryCounts {
  readonly waiting: number;
  /** Of those that wait, how many have failed at least once. */
  readonly inTrouble: number;
  readonly delivered: number;
  readonly failed: number;
}

const LIST_LIMIT = 200;
const DAY_MS = 86_400_000;
const KEEP_MS = 30 * DAY_MS;
const TIMEOUT_MS = 10_000;
const PRUNE_BATCH = 5_000;

/**
 * Alerts: rules that people make, what happened that they have something to say about, and its way to Slack or a webhook.
 * All of it goes by the records, so nothing is lost with a process, and no run waits for it.
 */
export class Notifications {
  readonly rules: NotificationRules;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #noticer: Noticer;
  readonly #deliverer: Deliverer;

  constructor(
    options: NotificationSettings & {
      readonly database: Database;
      readonly clock?: Clock;
      readonly internalLog: InternalLog;
      readonly blocks: Pick<Blocks, 'open'>;
    },
  ) {
    const { database, clock = systemClock, internalLog, conditions = {}, runUrl, keepMs, timeoutMs } = options;
    const policy = { allowPrivate: options.allowPrivateNetworks ?? false };
    this.#database = database;
    this.#clock = clock;
    this.#keepMs = keepMs ?? KEEP_MS;
    this.rules = new NotificationRules({ database, clock, conditions: Object.keys(conditions), policy });
    this.#noticer = new Noticer({ database, clock, internalLog, conditions });
    this.#deliverer = new Deliverer({
      database,
      clock,
      internalLog,
      policy,
      timeoutMs: Math.min(timeoutMs ?? TIMEOUT_MS, LEASE_MS / 2),
      runUrl,
      openBlock: (reference) => options.blocks.open(reference),
    });
  }

  /** What one process of all does for alerts. */
  duties(): Duty[] {
    return [
      { name: 'alerts', everyMs: 1_000, run: () => this.#noticer.states() },
      { name: 'alerts of runs that take long or are late', everyMs: 5_000, run: () => this.#noticer.present() },
      { name: 'conditions of alerts', everyMs: 60_000, run: () => this.#noticer.conditions() },
      { name: 'delivery of alerts', everyMs: 1_000, run: () => this.#deliverer.begin() },
      { name: 'pruning of alerts', everyMs: 3_600_000, run: (now) => this.prune(now) },
    ];
  }

  /** Waits for what is being sent at the moment. */
  settled(): Promise<void> {
    return this.#deliverer.settled();
  }

  /** Breaks off what is being sent; it is sent again by whoever has the duties next. */
  close(): Promise<void> {
    return this.#deliverer.close();
  }

  /** Sends a made-up alert at once and tells what came of it. @throws ChampionError NOT_FOUND */
  async test(ruleId: string): Promise<TestReport> {
    const rule = await storedRule(this.#database, ruleId);
    if (rule === undefined) throw unknownRule(ruleId);
    return this.#deliverer.test(rule, randomUUID());
  }

  /**
   * Sends a made-up alert to a block at once and tells what came of it; no record is kept.
   * @throws ChampionError INVALID_INPUT for a block that nothing can be sent to
   */
  async testBlock(block: Pick<BlockRow, 'id' | 'type' | 'name'>): Promise<Omit<TestReport, 'deliveryId'>> {
    const reference = referenceOf(block);
    if ((TARGET_TYPES as readonly string[]).includes(block.type)) return this.#deliverer.testBlock(block.id, reference);
    throw new ChampionError(`Nothing can be sent to the block ${reference}`, {
      code: 'INVALID_INPUT',
      hint: `Blocks that can be tested are of the types ${TARGET_TYPES.join(', ')}.`,
      context: { block: reference },
    });
  }

  /** The latest first; 50 unless told, 200 at most. */
  async deliveries(
    options: { readonly ruleId?: string; readonly statuses?: readonly DeliveryStatus[]; readonly limit?: number } = {},
  ): Promise<DeliveryRow[]> {
    const limit = Math.min(options.limit ?? 50, LIST_LIMIT);
    return this.#database.run<DeliveryRow>(sql.LIST_DELIVERIES, [
      options.ruleId ?? null,
      options.statuses ?? null,
      limit,
    ]);
  }

  /** The last of each rule; rules without one are missing. */
  async latest(ruleIds: readonly string[]): Promise<ReadonlyMap<string, DeliveryRow>> {
    const rows = await this.#database.run<DeliveryRow>(sql.LATEST_DELIVERIES, [ruleIds]);
    return new Map(rows.flatMap((row) => (row.ruleId === null ? [] : [[row.ruleId, row] as const])));
  }

  async delivery(id: string): Promise<DeliveryRow | undefined> {
    return (await this.#database.run<DeliveryRow>(sql.FIND_DELIVERY, [id]))[0];
  }

  /**
   * Has a delivery sent that was not, whatever kept it from it, quiet hours included.
   * @throws ChampionError NOT_FOUND, INVALID_INPUT when it was delivered or its rule is gone, BUSY while it is being sent
   */
  async retry(id: string): Promise<DeliveryRow> {
    const before = await this.delivery(id);
    if (before === undefined) {
      throw new ChampionError(`There is no delivery ${id}`, {
        code: 'NOT_FOUND',
        hint: 'List them with: GET /api/notifications/deliveries',
        context: { delivery: id },
      });
    }
    const rule = before.ruleId === null ? undefined : await this.rules.find(before.ruleId);
    const why =
      before.status === 'delivered'
        ? 'it was delivered'
        : rule === undefined
          ? 'its rule is deleted'
          : rule.enabled
            ? undefined
            : 'its rule is disabled';
    if (why !== undefined) {
      throw new ChampionError(`The delivery ${id} can't be sent again: ${why}`, {
        code: 'INVALID_INPUT',
        hint: 'To see whether the target answers, test the rule.',
        context: { delivery: id },
      });
    }
    const now = this.#clock.now();
    const rows = await this.#database.run(sql.RETRY_DELIVERY, [id, now, new Date(now.getTime() - LEASE_MS)]);
    const after = await this.delivery(id);
    if (rows.length === 1 && after !== undefined) return after;
    throw new ChampionError(`The delivery ${id} was tried just now`, {
      code: 'BUSY',
      hint: 'Look at it again in a minute.',
      context: { delivery: id },
    });
  }

  async counts(): Promise<DeliveryCounts> {
    const since = new Date(this.#clock.now().getTime() - DAY_MS);
    const [row] = await this.#database.run<DeliveryCounts & object>(sql.DELIVERY_COUNTS, [since]);
    return row ?? { waiting: 0, inTrouble: 0, delivered: 0, failed: 0 };
  }

  /** The same by the kind of target: "slack", "webhook", or "other" where the rule is gone. Kinds without any are missing. */
  async countsByTarget(): Promise<ReadonlyMap<string, DeliveryCounts>> {
    const since = new Date(this.#clock.now().getTime() - DAY_MS);
    const rows = await this.#database.run<DeliveryCounts & { target: string }>(sql.DELIVERY_COUNTS_BY_TARGET, [since]);
    return new Map(rows.map(({ target, ...counts }) => [target, counts]));
  }

  /** Removes old records of deliveries; what waits stays. @returns how many */
  async prune(now: Date = this.#clock.now()): Promise<number> {
    const before = new Date(now.getTime() - this.#keepMs);
    for (let total = 0; ; ) {
      const [row] = await this.#database.run<{ count: number }>(sql.PRUNE_DELIVERIES, [before, PRUNE_BATCH]);
      total += row?.count ?? 0;
      if ((row?.count ?? 0) < PRUNE_BATCH) return total;
    }
  }
}
