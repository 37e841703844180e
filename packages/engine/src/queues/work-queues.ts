import { ChampionError, type Clock, closest, systemClock } from '@champion/core';
import { z } from 'zod';
import { storableText } from '../json.ts';
import type { Database } from '../records/database.ts';
import { explain, NameSchema } from '../schedules/schedule.ts';
import { LATE_AFTER_MS } from '../schedules/scheduler.ts';
import * as sql from './statements.ts';

/** Counts are exact up to here. */
export const COUNTED_AT_MOST = 10_000;
const LIST_LIMIT = 200;

/** paused: nothing is handed out; ready: a live worker takes from it; not_ready: none does. */
export type QueueStatus = 'paused' | 'ready' | 'not_ready';

export interface WorkPoolRow {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly description: string | null;
  readonly isPaused: boolean;
  /** Most runs of its queues at work at once; null: any number. */
  readonly concurrencyLimit: number | null;
  readonly status: QueueStatus;
  /** Its queue "default", or the oldest. */
  readonly defaultQueueId: string | null;
  /** Runs at work. */
  readonly running: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface WorkQueueRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly workPoolId: string;
  readonly workPoolName: string;
  readonly isPaused: boolean;
  /** Most of its runs at work at once; null: any number. */
  readonly concurrencyLimit: number | null;
  /** 1 is served first. */
  readonly priority: number;
  /** Most runs handed out in any so many seconds; null: any number. */
  readonly rate: { readonly runs: number; readonly perSeconds: number } | null;
  readonly status: QueueStatus;
  readonly lastPolled: Date | null;
  /** Runs that wait, those of the days to come included; up to 10,000, as all counts here. */
  readonly scheduled: number;
  /** Of those, the ones that should have begun 15 s ago. */
  readonly late: number;
  /** Runs at work. */
  readonly running: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const limit = z.number().int().min(0).max(1_000_000).nullable();
const PoolPatchSchema = z.strictObject({
  description: z.string().max(5_000).nullable().optional(),
  isPaused: z.boolean().optional(),
  concurrencyLimit: limit.optional(),
});
const NewPoolSchema = PoolPatchSchema.extend({ name: NameSchema, type: z.string().min(1).max(100).optional() });
const QueuePatchSchema = PoolPatchSchema.extend({
  priority: z.number().int().min(1).max(1_000_000).optional(),
  rate: z
    .strictObject({ runs: z.number().int().min(1).max(1_000_000), perSeconds: z.number().int().min(1).max(86_400) })
    .nullable()
    .optional(),
});
const NewQueueSchema = QueuePatchSchema.extend({ name: NameSchema, workPool: NameSchema.optional() });

export type NewWorkPool = z.input<typeof NewPoolSchema>;
export type WorkPoolPatch = z.input<typeof PoolPatchSchema>;
export type NewWorkQueue = z.input<typeof NewQueueSchema>;
export type WorkQueuePatch = z.input<typeof QueuePatchSchema>;

export interface WorkQueuesOptions {
  readonly database: Database;
  readonly clock?: Clock;
  /** Called after each change: "work" when it may let runs begin. */
  readonly notify: (kind: 'work' | 'deployments') => void;
}

/** Work pools and their queues: where runs wait for a worker. */
export class WorkQueues {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #notify: (kind: 'work' | 'deployments') => void;

  constructor(options: WorkQueuesOptions) {
    this.#database = options.database;
    this.#clock = options.clock ?? systemClock;
    this.#notify = options.notify;
  }

  /** Pools by name, 200 at most. */
  async pools(
    filter: { readonly names?: readonly string[]; readonly ids?: readonly string[] } = {},
  ): Promise<WorkPoolRow[]> {
    return this.#database.run<WorkPoolRow>(sql.LIST_POOLS, [
      filter.ids ?? null,
      filter.names ?? null,
      COUNTED_AT_MOST,
      LIST_LIMIT,
    ]);
  }

  async pool(name: string): Promise<WorkPoolRow | undefined> {
    return (await this.pools({ names: [name] }))[0];
  }

  /** @throws ChampionError INVALID_INPUT when there is one of this name */
  async createPool(given: NewWorkPool): Promise<WorkPoolRow> {
    const pool = parse(NewPoolSchema, given, 'A work pool');
    const made = await this.#database.run(sql.INSERT_POOL, [
      pool.name,
      pool.type ?? 'process',
      text(pool.description),
      pool.isPaused ?? false,
      pool.concurrencyLimit ?? null,
      this.#clock.now(),
    ]);
    if (made.length === 0) throw taken('work pool', pool.name);
    this.#notify('work');
    return this.#poolNamed(pool.name);
  }

  /** Changes what is given. @throws ChampionError NOT_FOUND, INVALID_INPUT */
  async updatePool(name: string, given: WorkPoolPatch): Promise<WorkPoolRow> {
    const patch = parse(PoolPatchSchema, given, `The work pool ${name}`);
    const now = await this.#poolNamed(name);
    await this.#database.run(sql.UPDATE_POOL, [
      now.id,
      text(orPresent(patch.description, now.description)),
      patch.isPaused ?? now.isPaused,
      orPresent(patch.concurrencyLimit, now.concurrencyLimit),
      this.#clock.now(),
    ]);
    this.#notify('work');
    return this.#poolNamed(name);
  }

  /** Deletes a pool and its queues. @throws ChampionError NOT_FOUND; INVALID_INPUT while one of them is in use */
  async deletePool(name: string): Promise<void> {
    if (name === 'default') throw needed('work pool');
    const pool = await this.#poolNamed(name);
    const deleted = await this.#database.run(sql.DELETE_POOL, [pool.id]);
    if (deleted.length === 0) throw inUse(`The work pool ${name}`, await this.#users(null, pool.id));
    this.#notify('work');
  }

  /** Queues in the order in which they are served within their pool; 200 at most. */
  async queues(
    filter: {
      readonly ids?: readonly string[];
      readonly names?: readonly string[];
      readonly pools?: readonly string[];
      readonly limit?: number;
      readonly offset?: number;
    } = {},
  ): Promise<WorkQueueRow[]> {
    return this.#database.run<WorkQueueRow>(sql.LIST_QUEUES, [
      filter.ids ?? null,
      filter.names ?? null,
      filter.pools ?? null,
      COUNTED_AT_MOST,
      new Date(this.#clock.now().getTime() - LATE_AFTER_MS),
      Math.min(filter.limit ?? LIST_LIMIT, LIST_LIMIT),
      filter.offset ?? 0,
    ]);
  }

  async queue(id: string): Promise<WorkQueueRow | undefined> {
    return (await this.queues({ ids: [id] }))[0];
  }

  async queueByName(name: string, pool = 'default'): Promise<WorkQueueRow | undefined> {
    return (await this.queues({ names: [name], pools: [pool] }))[0];
  }

  /** @throws ChampionError INVALID_INPUT when the pool has one of this name, NOT_FOUND for an unknown pool */
  async createQueue(given: NewWorkQueue): Promise<WorkQueueRow> {
    const queue = parse(NewQueueSchema, given, 'A work queue');
    const pool = await this.#poolNamed(queue.workPool ?? 'default');
    const [made] = await this.#database.run<{ id: string }>(sql.INSERT_QUEUE, [
      pool.id,
      queue.name,
      text(queue.description),
      queue.isPaused ?? false,
      queue.concurrencyLimit ?? null,
      queue.priority ?? 1,
      queue.rate?.runs ?? null,
      queue.rate?.perSeconds ?? null,
      this.#clock.now(),
    ]);
    if (made === undefined) throw taken('work queue', `${pool.name}/${queue.name}`);
    this.#notify('work');
    return this.#queueWith(made.id);
  }

  /** Changes what is given. @throws ChampionError NOT_FOUND, INVALID_INPUT */
  async updateQueue(id: string, given: WorkQueuePatch): Promise<WorkQueueRow> {
    const now = await this.#queueWith(id);
    const patch = parse(QueuePatchSchema, given, `The work queue ${now.name}`);
    const rate = orPresent(patch.rate, now.rate);
    await this.#database.run(sql.UPDATE_QUEUE, [
      id,
      text(orPresent(patch.description, now.description)),
      patch.isPaused ?? now.isPaused,
      orPresent(patch.concurrencyLimit, now.concurrencyLimit),
      patch.priority ?? now.priority,
      rate?.runs ?? null,
      rate?.perSeconds ?? null,
      this.#clock.now(),
    ]);
    this.#notify('work');
    return this.#queueWith(id);
  }

  /** Nothing more of it begins; what runs goes on. */
  pauseQueue(id: string): Promise<WorkQueueRow> {
    return this.updateQueue(id, { isPaused: true });
  }

  resumeQueue(id: string): Promise<WorkQueueRow> {
    return this.updateQueue(id, { isPaused: false });
  }

  /** @throws ChampionError NOT_FOUND; INVALID_INPUT while deployments use it or runs wait in it */
  async deleteQueue(id: string): Promise<void> {
    const queue = await this.#queueWith(id);
    if (queue.name === 'default' && queue.workPoolName === 'default') throw needed('work queue');
    const deleted = await this.#database.run(sql.DELETE_QUEUE, [id]);
    if (deleted.length === 0) throw inUse(`The work queue ${queue.name}`, await this.#users(id, null));
    this.#notify('work');
  }

  async #users(queueId: string | null, poolId: string | null): Promise<{ deployments: string[]; waiting: number }> {
    const [row] = await this.#database.run<{ deployments: string[]; waiting: number }>(sql.USERS_OF_QUEUE, [
      queueId,
      poolId,
      COUNTED_AT_MOST,
    ]);
    return row ?? { deployments: [], waiting: 0 };
  }

  async #poolNamed(name: string): Promise<WorkPoolRow> {
    const pool = await this.pool(name);
    if (pool !== undefined) return pool;
    const names = (await this.pools()).map((other) => other.name);
    throw notFound('work pool', name, names);
  }

  async #queueWith(id: string): Promise<WorkQueueRow> {
    const queue = await this.queue(id);
    if (queue !== undefined) return queue;
    throw notFound('work queue', id, []);
  }
}

/** What was given, null included, or what there is. */
function orPresent<T>(given: T | undefined, present: T): T {
  return given === undefined ? present : given;
}

function parse<S extends z.ZodType>(schema: S, given: unknown, what: string): z.output<S> {
  const checked = schema.safeParse(given);
  if (checked.success) return checked.data;
  throw new ChampionError(`${what} can't be so: ${explain(checked.error)}`, {
    code: 'INVALID_INPUT',
    context: { given },
  });
}

function text(value: string | null | undefined): string | null {
  return value == null ? null : storableText(value);
}

function notFound(what: string, name: string, names: readonly string[]): ChampionError {
  const meant = closest(name, names);
  return new ChampionError(`There is no ${what} ${name}`, {
    code: 'NOT_FOUND',
    hint: meant === undefined ? `List them with: champion ${what.replace(' ', '-')} ls` : `Did you mean ${meant}?`,
    context: { name },
  });
}

function taken(what: string, name: string): ChampionError {
  return new ChampionError(`There is a ${what} ${name} already`, {
    code: 'INVALID_INPUT',
    hint: 'Change that one, or choose another name.',
    context: { name },
  });
}

function needed(what: string): ChampionError {
  return new ChampionError(`The default ${what} can't be deleted: it is where runs go that name no other`, {
    code: 'INVALID_INPUT',
    hint: 'Pause it instead.',
  });
}

function inUse(what: string, { deployments, waiting }: { deployments: string[]; waiting: number }): ChampionError {
  const by = deployments.length > 0 ? `deployments use it (${deployments.join(', ')})` : `${waiting} runs wait in it`;
  return new ChampionError(`${what} can't be deleted: ${by}`, {
    code: 'INVALID_INPUT',
    hint: 'Give those deployments another queue, and let the runs that wait begin or cancel them.',
    context: { deployments, waiting },
  });
}
