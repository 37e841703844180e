import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, type Retry, toErrorRecord } from '@champion/core';
import type { OpenBlock } from '../blocks/open-block.ts';
import type { BlockData } from '../blocks/types.ts';
import type { InternalLog } from '../events.ts';
import { storableText, toJson } from '../json.ts';
import type { Database } from '../records/database.ts';
import { type AddressPolicy, secretParts } from './address.ts';
import type { Facts } from './facts.ts';
import { type Alert, payloadOf, type Sender } from './payload.ts';
import { type Posted, post } from './post.ts';
import { quietUntil } from './quiet-hours.ts';
import { type Address, type StoredRule, type Target, whither } from './rule.ts';
import { storedRule } from './rules.ts';
import * as sql from './statements.ts';

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly internalLog: InternalLog;
  readonly policy: AddressPolicy;
  readonly timeoutMs: number;
  readonly runUrl: ((flowRunId: string) => string) | undefined;
  /** What a block holds, by "slack-webhook/ops". */
  readonly openBlock: (reference: string) => Promise<Pick<OpenBlock, 'type' | 'data'>>;
}

interface Claimed {
  readonly id: string;
  readonly ruleId: string;
  readonly facts: Facts;
  readonly attempts: number;
  readonly suppressed: number;
  readonly ignoreQuietHours: boolean;
}

/** One attempt: what was sent, as people read it, and what came of it. */
interface Tried {
  readonly text: string;
  readonly posted: Posted;
  readonly durationMs: number;
}

/** What came of a test. */
export interface TestReport {
  /** Of the record of it. */
  readonly deliveryId: string;
  readonly delivered: boolean;
  /** HTTP; null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
  /** What was sent, as people read it. */
  readonly text: string;
}

const IN_FLIGHT_AT_MOST = 50;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** With the pauses above, tried for about six hours. */
const ATTEMPTS_AT_MOST = 15;
/** Pauses vary by so much either way, so that many don't come back together. */
const JITTER = 0.2;
/** How long an attempt of a process that died keeps others from the next. */
export const LEASE_MS = 60_000;
const CLOSE_WITHIN_MS = 5_000;

/** Sends what waits, one delivery of a rule at a time: a target that hangs holds up its own rule alone. */
export class Deliverer {
  readonly #options: Options;
  /** By rule. */
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Begins to send what is due, and does not wait for it. @returns how many were begun */
  async begin(): Promise<number> {
    const room = IN_FLIGHT_AT_MOST - this.#inFlight.size;
    if (room <= 0 || this.#stopping.signal.aborted) return 0;
    const now = this.#options.clock.now();
    const lease = new Date(now.getTime() + LEASE_MS);
    const claimed = await this.#options.database.run<Claimed>(sql.CLAIM_DUE, [
      now,
      [...this.#inFlight.keys()],
      lease,
      room,
    ]);
    for (const delivery of claimed) {
      const work = this.#deliver(delivery).catch((error: unknown) => {
        // What was not recorded is tried again when its lease ends.
        this.#options.internalLog('warn', 'What became of an alert could not be recorded', { error });
      });
      this.#inFlight.set(
        delivery.ruleId,
        work.finally(() => this.#inFlight.delete(delivery.ruleId)),
      );
    }
    return claimed.length;
  }

  /** Waits until nothing is being sent any more. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight.values());
  }

  /**
   * Breaks off what is being sent, to be tried again by whoever comes next. Without a database that can't be recorded; the
   * lease says it then.
   */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.race([this.settled(), sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  }

  /** Sends a made-up alert of a rule at once, whatever its quiet hours, and records it. */
  async test(rule: StoredRule, id: string): Promise<TestReport> {
    const { clock, database } = this.#options;
    const now = clock.now();
    const facts = testFacts(`the rule ${rule.name}`, now);
    const { posted, text, durationMs } = await this.#try(rule, { deliveryId: id, facts, suppressed: 0 }, now);
    const error = posted.delivered ? null : posted.error;
    await database.run(sql.INSERT_TEST, [
      id,
      rule.id,
      toJson(facts),
      posted.delivered ? 'delivered' : 'failed',
      now,
      posted.delivered ? clock.now() : null,
      posted.status,
      error,
      storableText(text),
    ]);
    return { deliveryId: id, delivered: posted.delivered, status: posted.status, error, durationMs, text };
  }

  /** Sends a made-up alert to a block at once. No record is kept of it. */
  async testBlock(id: string, reference: string): Promise<Omit<TestReport, 'deliveryId'>> {
    const now = this.#options.clock.now();
    const sender = { id, name: reference, template: null, target: { type: 'block', block: reference } } as const;
    const facts = testFacts(`the block ${reference}`, now);
    const { posted, text, durationMs } = await this.#try(sender, { deliveryId: id, facts, suppressed: 0 }, now);
    const error = posted.delivered ? null : posted.error;
    return { delivered: posted.delivered, status: posted.status, error, durationMs, text };
  }

  async #deliver(delivery: Claimed): Promise<void> {
    const { database, clock } = this.#options;
    const rule = await storedRule(database, delivery.ruleId);
    // Its deletion has dropped what waited.
    if (rule === undefined) return;
    const now = clock.now();
    const quiet = rule.quietHours === null || delivery.ignoreQuietHours ? undefined : quietUntil(rule.quietHours, now);
    if (quiet !== undefined) return this.#putOff(delivery, rule, quiet);
    const facts = this.#withUrl(delivery.facts);
    const { id: deliveryId, suppressed } = delivery;
    let tried: Tried;
    try {
      tried = await this.#try(rule, { deliveryId, facts, suppressed }, now);
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error;
      await this.#record(delivery, { status: 'pending', next: now, uncounted: 1 });
      return;
    }
    await this.#conclude(delivery, rule, tried);
  }

  async #conclude(delivery: Claimed, rule: StoredRule, { text, posted }: Tried): Promise<void> {
    const { clock, internalLog } = this.#options;
    const now = clock.now();
    if (posted.delivered) {
      return this.#record(delivery, { status: 'delivered', deliveredAt: now, answer: posted.status, text });
    }
    const pause = delivery.attempts >= ATTEMPTS_AT_MOST ? undefined : pauseOf(posted.retry, delivery.attempts);
    const failed = { answer: posted.status, error: posted.error, text };
    if (pause !== undefined) {
      return this.#record(delivery, { ...failed, status: 'pending', next: new Date(now.getTime() + pause) });
    }
    internalLog('warn', 'An alert could not be delivered', {
      rule: rule.name,
      target: whither(rule.target),
      attempts: delivery.attempts,
      error: posted.error,
    });
    await this.#record(delivery, { ...failed, status: 'failed' });
  }

  async #putOff(delivery: Claimed, rule: StoredRule, until: Date): Promise<void> {
    if (rule.quietHours?.meanwhile === 'drop') {
      return this.#record(delivery, { status: 'dropped', error: 'it came in the quiet hours', uncounted: 1 });
    }
    await this.#record(delivery, { status: 'held', next: until, uncounted: 1 });
  }

  /** @throws what it was broken off with */
  async #try(rule: Pick<StoredRule, 'id' | 'name' | 'template' | 'target'>, alert: Alert, at: Date): Promise<Tried> {
    const began = performance.now();
    const durationMs = () => Math.round(performance.now() - began);
    let target: Address;
    try {
      target = await this.#addressOf(rule.target);
    } catch (error) {
      // A block that can't be read may be mended, and a key put in its place.
      const posted = { delivered: false, status: null, error: toErrorRecord(error).message, retry: 'backoff' } as const;
      return { text: '', posted, durationMs: durationMs() };
    }
    const sender: Sender = { id: rule.id, name: rule.name, template: rule.template, target };
    const payload = payloadOf(sender, alert, at);
    const { policy, timeoutMs } = this.#options;
    const posted = await post(target.url, payload, { policy, timeoutMs, signal: this.#stopping.signal });
    return {
      text: payload.text,
      posted: posted.delivered ? posted : { ...posted, error: storableText(withoutSecrets(posted.error, target)) },
      durationMs: durationMs(),
    };
  }

  async #addressOf(target: Target): Promise<Address> {
    if (target.type !== 'block') return target;
    const { type, data } = await this.#options.openBlock(target.block);
    const { url, secret } = data as BlockData<'webhook'>;
    if (type === 'slack-webhook') return { type: 'slack', url };
    return { type: 'webhook', url, ...(secret === undefined ? {} : { secret }) };
  }

  #withUrl(facts: Facts): Facts {
    const { runUrl } = this.#options;
    return facts.url !== null || facts.flowRunId === null || runUrl === undefined
      ? facts
      : { ...facts, url: runUrl(facts.flowRunId) };
  }

  async #record(
    { id, attempts }: Claimed,
    outcome: {
      readonly status: string;
      readonly next?: Date;
      readonly deliveredAt?: Date;
      readonly answer?: number | null;
      readonly error?: string;
      readonly text?: string;
      /** 1: nothing was tried. */
      readonly uncounted?: 1;
    },
  ): Promise<void> {
    const { status, next, deliveredAt, answer, error, text, uncounted } = outcome;
    await this.#options.database.run(sql.RECORD_ATTEMPT, [
      id,
      attempts,
      status,
      next ?? null,
      deliveredAt ?? null,
      answer ?? null,
      error ?? null,
      text === undefined ? null : storableText(text),
      uncounted ?? 0,
    ]);
  }
}

/** ms until the next attempt; undefined: there is none. */
function pauseOf(retry: Retry, attempts: number): number | undefined {
  if (retry === 'never') return undefined;
  const grown = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
  const asked = typeof retry === 'object' ? Math.min(retry.after, LONGEST_PAUSE_MS) : 0;
  return Math.max(asked, grown) * (1 - JITTER + 2 * JITTER * Math.random());
}

/** A target may say back what it was sent: neither the path of its address nor the secret is to be read in a record. */
function withoutSecrets(text: string, target: Address): string {
  const secret = target.type === 'webhook' ? (target.secret ?? '') : '';
  return [...secretParts(target.url), secret]
    .filter((each) => each.length > 1)
    .reduce((clean, each) => clean.replaceAll(each, '…'), text);
}

function testFacts(of: string, now: Date): Facts {
  return {
    kind: 'test',
    flow: 'a-flow',
    run: 'test',
    flowRunId: null,
    state: 'Test',
    stateType: null,
    message: `This is a test of ${of}. Nothing happened.`,
    durationMs: 63_000,
    deployment: null,
    tags: [],
    at: now.toISOString(),
    url: null,
  };
}
