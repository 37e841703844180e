import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '@champion/core';
import { z } from 'zod';
import { Blocks } from './blocks/blocks.ts';
import { SecretKey, type SecretKeyOptions } from './blocks/secret-key.ts';
import { Channel, type Message } from './channel.ts';
import { Deployments } from './deployments/deployments.ts';
import * as durable from './durable.ts';
import { Duties, type Duty } from './duties.ts';
import { EngineEvents, type InternalLog } from './events.ts';
import type { AnyFlow } from './flow.ts';
import { Followers } from './followers/followers.ts';
import { type NotificationSettings, Notifications } from './notifications/notifications.ts';
import { WorkQueues } from './queues/work-queues.ts';
import { type Database, openDatabase } from './records/database.ts';
import { migrate } from './records/migrate.ts';
import { RunReader } from './records/run-reader.ts';
import { RunRecords } from './records/run-records.ts';
import { tellOthers, toldEvent } from './relay.ts';
import { prune } from './retention.ts';
import { RunControl } from './run-control.ts';
import { Scheduler } from './schedules/scheduler.ts';
import type { SessionCalendar } from './schedules/session-calendar.ts';
import { WorkerRecords } from './workers/worker-records.ts';

/** How long what is over is kept, in ms. Data is no part of it: only the records of runs. */
export interface Retention {
  readonly runsMs: number;
  readonly logsMs: number;
}

export interface ControlPlaneOptions {
  readonly databaseUrl: string;
  /** Every flow that may be asked for. */
  readonly flows: readonly AnyFlow[];
  /** What schedules with a calendar rule follow. */
  readonly calendar?: SessionCalendar;
  /** How alerts are made and sent. */
  readonly notifications?: NotificationSettings;
  /** What secrets of blocks are encrypted with; without it there are none. */
  readonly secretKey?: SecretKeyOptions;
  readonly clock?: Clock;
  readonly onInternalLog?: InternalLog;
}

const SCHEDULE_EVERY_MS = 1_000;
const ABANDONED_EVERY_MS = 5_000;
const PRUNE_EVERY_MS = 3_600_000;
const WORKERS_KEPT_MS = 7 * 86_400_000;

/**
 * What people and programs ask for and see, on the records that all processes of a database share: deployments, schedules,
 * queues, runs. It runs no flow itself; workers do (Engine.start with `serve`), here or elsewhere.
 */
export class ControlPlane {
  /** What happens to runs, in whichever process. Log lines are told of by onLogs. */
  readonly events: EngineEvents;
  readonly runs: RunReader;
  readonly control: RunControl;
  readonly deployments: Deployments;
  readonly scheduler: Scheduler;
  readonly queues: WorkQueues;
  readonly workers: WorkerRecords;
  /** Typed configuration and secrets. */
  readonly blocks: Blocks;
  /** Alerts: rules, and what became of what they had to say. */
  readonly notifications: Notifications;
  /** Who outside is told of what runs come to. Said before the duties start. */
  readonly followers: Followers;
  readonly #options: ControlPlaneOptions;
  readonly #database: Database;
  readonly #channel: Channel;
  readonly #internalLog: InternalLog;
  readonly #clock: Clock;
  readonly #forget: (ids: readonly string[]) => Promise<void>;
  readonly #onLogs = new Set<(flowRunIds: readonly string[]) => void>();
  readonly #stopping = new AbortController();
  #duties: Duties | undefined;
  #closed: Promise<void> | undefined;

  /**
   * Opens and migrates the database, and registers the flows.
   * @throws ChampionError UNREACHABLE, CONFIG
   */
  static async open(options: ControlPlaneOptions): Promise<ControlPlane> {
    const internalLog: InternalLog = options.onInternalLog ?? (() => undefined);
    const database = await openDatabase(options.databaseUrl, internalLog);
    try {
      await migrate(database.pool);
      const plane = new ControlPlane(options, database, internalLog);
      await plane.#channel.open();
      return plane;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  private constructor(options: ControlPlaneOptions, database: Database, internalLog: InternalLog) {
    const clock = options.clock ?? systemClock;
    const channel = new Channel(options.databaseUrl, database, randomUUID(), internalLog);
    const events = new EngineEvents(internalLog);
    const flows = new Map(options.flows.map((flow) => [flow.name, flow]));
    const notify = (kind: 'work' | 'deployments') => channel.send({ kind });
    this.#options = options;
    this.#database = database;
    this.#channel = channel;
    this.#internalLog = internalLog;
    this.#clock = clock;
    this.events = events;
    this.runs = new RunReader(database);
    this.workers = new WorkerRecords(database);
    this.queues = new WorkQueues({ database, clock, notify });
    const policy = { allowPrivate: options.notifications?.allowPrivateNetworks ?? false };
    const secretKey = options.secretKey && new SecretKey(options.secretKey);
    const blocks = new Blocks({ database, clock, secretKey, policy });
    this.blocks = blocks;
    this.notifications = new Notifications({ ...options.notifications, database, clock, internalLog, blocks });
    this.followers = new Followers({ database, clock, internalLog });
    const calendar = options.calendar === undefined ? {} : { calendar: options.calendar };
    this.scheduler = new Scheduler({ database, flows, ...calendar, clock, internalLog, notify });
    this.deployments = new Deployments({ database, flows, scheduler: this.scheduler, clock, notify });
    const records = new RunRecords(database, 'control-plane');
    const forget = (ids: readonly string[]) => durable.forget(options.databaseUrl, database.pool, ids);
    this.control = new RunControl({ database, records, flows, events, channel, clock, forget });
    this.#forget = forget;
    channel.subscribe((message) => this.#hear(message));
    tellOthers(events, channel);
  }

  /** Makes the flows known, as a worker that starts does. */
  async registerFlows(): Promise<void> {
    const flows = this.#options.flows.map(({ name, description, parameters }) => ({
      name,
      description,
      parameters: z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }),
    }));
    await new RunRecords(this.#database, 'control-plane').registerFlows(flows, this.#clock.now());
  }

  /** Calls `listener` when runs have new log lines in the records. Returns the way to stop. */
  onLogs(listener: (flowRunIds: readonly string[]) => void): () => void {
    this.#onLogs.add(listener);
    return () => this.#onLogs.delete(listener);
  }

  /**
   * Takes part in what one process per database has to do: making scheduled runs, marking late ones, ending what was to be
   * cancelled by a worker that died, alerts, telling followers, and pruning.
   */
  startDuties(options: { readonly retention?: Retention; readonly further?: readonly Duty[] } = {}): void {
    const { retention } = options;
    const pruning: Duty[] =
      retention === undefined
        ? []
        : [{ name: 'retention', everyMs: PRUNE_EVERY_MS, run: (now) => this.#prune(retention, now) }];
    this.#duties ??= new Duties({
      databaseUrl: this.#options.databaseUrl,
      clock: this.#clock,
      internalLog: this.#internalLog,
      duties: [
        { name: 'schedules', everyMs: SCHEDULE_EVERY_MS, run: (now) => this.scheduler.tick(now) },
        { name: 'abandoned runs', everyMs: ABANDONED_EVERY_MS, run: () => this.control.endAbandoned() },
        ...this.notifications.duties(),
        ...this.followers.duties(),
        ...pruning,
        ...(options.further ?? []),
      ],
    });
    this.#duties.start();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopping.abort();
    this.followers.close();
    await this.#duties?.stop();
    await this.notifications.close();
    await this.#channel.close();
    await this.#database.close();
  }

  async #prune(retention: Retention, now: Date): Promise<void> {
    const pruned = await prune(this.#database, {
      flowRunsOlderThan: retention.runsMs,
      logsOlderThan: retention.logsMs,
      statesOlderThan: retention.logsMs,
      now,
      forget: this.#forget,
      signal: this.#stopping.signal,
    });
    await this.workers.prune(WORKERS_KEPT_MS);
    this.#internalLog('info', 'Old run records were pruned', { ...pruned });
  }

  #hear(message: Message): void {
    if (message.kind === 'event') {
      this.events.emit(toldEvent(message.event));
    } else if (message.kind === 'logs') {
      for (const listener of this.#onLogs) listener(message.ids);
    }
  }
}
