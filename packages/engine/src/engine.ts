import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChampionError, type Clock, systemClock, toErrorRecord } from '@champion/core';
import { z } from 'zod';
import { openBlock } from './blocks/open-block.ts';
import { SecretKey, type SecretKeyOptions } from './blocks/secret-key.ts';
import { Channel, type Message } from './channel.ts';
import * as durable from './durable.ts';
import { EngineEvents, type InternalLog } from './events.ts';
import { executeFlow } from './execute.ts';
import { lockExecutor, oneAtATime } from './executor-lock.ts';
import type { AnyFlow } from './flow.ts';
import { cancelledError, FlowRun, type RunHost } from './flow-run.ts';
import { throughJson } from './json.ts';
import { alertOf } from './notifications/alert-of.ts';
import type { FlowRunOutcome } from './outcome.ts';
import { parseParameters } from './parameters.ts';
import { reconcile } from './reconcile.ts';
import { announceCancelling, endCancelled } from './records/cancelling.ts';
import { type Database, openDatabase } from './records/database.ts';
import { migrate } from './records/migrate.ts';
import { RunReader } from './records/run-reader.ts';
import { RunRecords, type UnfinishedFlowRun } from './records/run-records.ts';
import { tellOthers } from './relay.ts';
import { unknownFlow } from './run-control.ts';
import { RunLog } from './run-log.ts';
import { runNameOf } from './run-name.ts';
import { isTerminal } from './states.ts';
import type { ClaimedRun } from './workers/claim.ts';
import { ClaimLoop } from './workers/claim-loop.ts';
import { Heart } from './workers/heart.ts';
import { takeOverRuns } from './workers/takeover.ts';
import { type WorkerIdentity, WorkerRecords } from './workers/worker-records.ts';

export interface EngineOptions {
  readonly databaseUrl: string;
  /** Every flow that may run here, child flows included. */
  readonly flows: readonly AnyFlow[];
  /** Names this process among those on one database; a killed process's runs are resumed by the next of its name. Default "local". */
  readonly executorId?: string;
  /** Makes it a worker, which takes runs from work queues and goes on with those of dead workers. */
  readonly serve?: ServeOptions;
  /** Of the product, for people who look at the workers. */
  readonly version?: string;
  /** What secrets of blocks are encrypted with; without it no task can read one. */
  readonly secretKey?: SecretKeyOptions;
  readonly clock?: Clock;
  /** Gets what concerns the engine itself rather than a run. */
  readonly onInternalLog?: InternalLog;
}

export interface ServeOptions {
  /** Default: the pool "default". */
  readonly workPool?: string;
  readonly workQueues: readonly string[];
  /** Most runs at work at once, child runs not counted. Default 5. */
  readonly concurrency?: number;
}

export interface FlowRunHandle {
  readonly id: string;
  readonly name: string;
  /**
   * How the run ended, once it has. A failed run is an outcome, not an error.
   * @throws ChampionError CANCELLED when the engine stops first; the run goes on at its next start
   */
  result(): Promise<FlowRunOutcome>;
}

/** How long user code may take to notice that the engine stops. */
const LET_GO_MS = 2_000;
const POLL_MS = 250;
const DEFAULT_CONCURRENCY = 5;
/** A message to the other processes has room for no more. */
const IDS_PER_MESSAGE = 100;
/** Every so many polls of a run that is not here, DBOS is asked as well: a record can be lost, a workflow can't. */
const POLLS_PER_RECONCILIATION = 20;

interface Active {
  readonly run: FlowRun;
  readonly done: Promise<FlowRunOutcome>;
}

/** DBOS is one per process, and so is the engine on it. */
let current: Engine | 'starting' | undefined;

/** Runs flows durably and keeps their records. One at a time per process. */
export class Engine {
  readonly events: EngineEvents;
  readonly runs: RunReader;
  readonly #host: RunHost;
  readonly #executorId: string;
  readonly #flows: ReadonlyMap<string, AnyFlow>;
  readonly #database: Database;
  readonly #unlock: () => Promise<void>;
  readonly #channel: Channel;
  readonly #heart: Heart;
  readonly #claims: ClaimLoop | undefined;
  readonly #internalLog: InternalLog;
  /** Runs claimed or taken over that are about to be at work. */
  #beginning = 0;
  readonly #active = new Map<string, Active>();
  readonly #closing = new AbortController();
  readonly #closed: Promise<never>;
  #recovered: readonly FlowRunHandle[] = [];
  #stopping: Promise<void> | undefined;

  /**
   * Opens and migrates the database, puts right what a killed predecessor left, and resumes its runs.
   * @throws ChampionError BUSY when there is an engine in this process, or its executor id is in use by another
   * @throws ChampionError UNREACHABLE, CONFIG
   */
  static async start(options: EngineOptions): Promise<Engine> {
    if (current !== undefined) {
      throw new ChampionError('There is an engine in this process already', {
        code: 'BUSY',
        hint: 'Share the one there is, or stop it first.',
      });
    }
    current = 'starting';
    try {
      const engine = await Engine.#open(options);
      current = engine;
      return engine;
    } catch (error) {
      current = undefined;
      throw error;
    }
  }

  static async #open(options: EngineOptions): Promise<Engine> {
    const internalLog = withPlainFields(options.onInternalLog);
    const executorId = options.executorId ?? 'local';
    const database = await openDatabase(options.databaseUrl, internalLog);
    let unlock: (() => Promise<void>) | undefined;
    try {
      unlock = await lockExecutor(options.databaseUrl, executorId, internalLog);
      await migrate(database.pool);
      const engine = new Engine({ ...options, executorId }, database, unlock, internalLog);
      await engine.#launch(options.databaseUrl, internalLog);
      return engine;
    } catch (error) {
      await unlock?.();
      await database.close();
      throw error;
    }
  }

  private constructor(
    options: EngineOptions & { readonly executorId: string },
    database: Database,
    unlock: () => Promise<void>,
    internalLog: InternalLog,
  ) {
    this.#executorId = options.executorId;
    this.#flows = byName(options.flows);
    this.#database = database;
    this.#unlock = unlock;
    this.events = new EngineEvents(internalLog);
    this.runs = new RunReader(database);
    this.#internalLog = internalLog;
    const records = new RunRecords(database, options.executorId);
    const clock = options.clock ?? systemClock;
    const secretKey = options.secretKey && new SecretKey(options.secretKey);
    this.#channel = new Channel(options.databaseUrl, database, randomUUID(), internalLog);
    this.#channel.subscribe((message) => this.#hear(message));
    tellOthers(this.events, this.#channel);
    const onWritten = (ids: readonly string[]): void => {
      for (let from = 0; from < ids.length; from += IDS_PER_MESSAGE) {
        this.#channel.send({ kind: 'logs', ids: ids.slice(from, from + IDS_PER_MESSAGE) });
      }
    };
    const identity = identityOf(options);
    this.#heart = new Heart({
      records: new WorkerRecords(database),
      identity,
      internalLog,
      onCancelling: (runs) => {
        for (const { id, reason } of runs) this.#stopHere(id, reason ?? 'on request');
      },
      onDeclaredDead: () => this.#loseAll(),
      onBeat: () => this.#takeOver(),
    });
    if (options.serve !== undefined) {
      this.#claims = new ClaimLoop({
        database,
        clock,
        internalLog,
        request: { worker: identity.name, ...identity, flows: [...this.#flows.keys()] },
        concurrency: identity.concurrency,
        running: () => this.#rootRuns() + this.#beginning,
        begin: (run) => this.#beginClaimed(run),
      });
      this.#channel.onReconnect(() => this.#claims?.wake());
    }
    this.#host = {
      records,
      clock,
      events: this.events,
      runLog: new RunLog(records, this.events, clock, internalLog, onWritten),
      hasFlow: (name) => this.#flows.has(name),
      outcomeOf: (id) => this.#outcomeOf(id),
      cancel: (id, reason) => this.cancel(id, reason),
      alert: (id, rule) => alertOf(database, clock, id, rule),
      openBlock: (reference) => openBlock(database, secretKey, reference),
    };
    this.#closed = new Promise((_, reject) => {
      this.#closing.signal.addEventListener('abort', () => reject(this.#closing.signal.reason), { once: true });
    });
    this.#closed.catch(() => undefined);
  }

  async #launch(databaseUrl: string, internalLog: InternalLog): Promise<void> {
    const flows = [...this.#flows.values()].map(({ name, description, parameters }) => ({
      name,
      description,
      parameters: z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }),
    }));
    await this.#host.records.registerFlows(flows, this.#host.clock.now());
    await this.#channel.open();
    const launch = () => durable.launch({ databaseUrl, execute: (id, input) => this.#execute(id, input), internalLog });
    await oneAtATime(databaseUrl, internalLog, launch);
    try {
      // The name is this process's alone, so whoever had it before is dead, and what it had need not wait.
      const goingOn = await this.#goOn(await this.#host.records.unfinishedOf(this.#executorId));
      this.#recovered = goingOn.map((run) => this.#handle(run.id, run.name));
      await this.#heart.start();
      this.#claims?.start();
    } catch (error) {
      await this.#channel.close();
      await durable.shutdown({ finish: false });
      throw error;
    }
  }

  /** Runs of a killed or stopped predecessor that go on in this process. */
  get recovered(): readonly FlowRunHandle[] {
    return this.#recovered;
  }

  /**
   * Starts a run of a flow.
   * @param given the parameters as the caller has them; checked before anything is recorded
   * @param options.id a UUID of the caller's; a second call with it gets the first one's run
   * @throws ChampionError NOT_FOUND for an unknown flow
   * @throws ChampionError INVALID_INPUT for wrong parameters, or an id that was used for something else
   */
  async run(
    flowName: string,
    given: unknown = {},
    options: { readonly id?: string; readonly name?: string } = {},
  ): Promise<FlowRunHandle> {
    this.#closing.signal.throwIfAborted();
    const flow = this.#flows.get(flowName) ?? this.#unknownFlow(flowName);
    const parameters = parseParameters(flowName, flow.parameters, given);
    const id = options.id === undefined ? randomUUID() : checkedId(options.id);
    const name = options.name ?? runNameOf(flow, parameters, id);
    const run = { id, flowName, name, parameters };
    const isNew = await this.#host.records.create(run, this.#host.clock.now());
    if (!isNew) {
      const existing = await this.#host.records.compare(run);
      if (existing?.same !== true) throw idTaken(id, flowName);
      if (isTerminal(existing.stateType)) return this.#handle(id, existing.name);
    }
    try {
      const started = await durable.start(id, { flowName, name, parameters });
      return this.#handle(id, name, isNew ? started.written() : undefined);
    } catch (error) {
      if (!isNew) throw error;
      const message = 'The run could not be made durable';
      await this.#host.records.end(id, { type: 'CRASHED', name: 'Crashed', message }, {}, this.#host.clock.now());
      throw error;
    }
  }

  /**
   * Cancels a run and its children: running tasks get their signal, nothing further is begun.
   * @returns false when it had ended already, or is being cancelled
   * @throws ChampionError NOT_FOUND
   */
  async cancel(id: string, reason = 'on request'): Promise<boolean> {
    const { records, clock } = this.#host;
    const family = await records.cancelling(checkedId(id), reason, clock.now());
    if (family.length === 0) {
      const young = this.#active.get(id)?.run;
      if (young !== undefined && !young.signal.aborted) {
        // A child that has been started and is about to be recorded.
        await durable.cancel(id);
        young.stop('cancelled', cancelledError(young.name, reason));
        return true;
      }
      if ((await this.runs.find(id)) !== undefined) return false;
      throw new ChampionError(`There is no flow run ${id}`, { code: 'NOT_FOUND', context: { id } });
    }
    for (const run of family) announceCancelling(this.events, run, reason, clock.now());
    const away = family.filter((run) => !run.ended && !this.#active.has(run.id));
    this.#channel.send({ kind: 'cancel', ids: away.filter((run) => run.isHeld).map((run) => run.id), reason });
    for (const run of family) {
      if (run.ended) continue;
      if (this.#active.has(run.id)) {
        // In the database first: what the stopping tasks then report can't be taken for their outcome.
        await durable.cancel(run.id);
        this.#active.get(run.id)?.run.stop('cancelled', cancelledError(run.name, reason));
      } else if (!run.isHeld) {
        await durable.cancel(run.id);
        await endCancelled(records, this.events, run, reason, clock.now());
      }
    }
    return true;
  }

  /**
   * Stops: nothing new begins, runs get `drainMs` (default 5000) to end, and what then still runs is left for the next
   * start to resume. Its tasks get their signal.
   */
  stop(options: { readonly drainMs?: number } = {}): Promise<void> {
    this.#stopping ??= this.#stop(options.drainMs ?? 5_000);
    return this.#stopping;
  }

  async #stop(drainMs: number): Promise<void> {
    this.#closing.abort(
      new ChampionError('The engine is stopping', {
        code: 'CANCELLED',
        hint: 'Runs that have not ended go on at the next start.',
      }),
    );
    try {
      await this.#claims?.stop();
      await this.#heart.drain();
      await atMost(drainMs, Promise.allSettled([...this.#active.values()].map(({ done }) => done)));
      const left = [...this.#active.values()].map(({ run }) => run);
      for (const run of left) run.stop('suspended', this.#closing.signal.reason);
      await atMost(LET_GO_MS, Promise.all(left.map((run) => run.bodiesSettled())));
      await durable.shutdown({ finish: left.length === 0 });
      await this.#host.runLog.flush();
      await this.#heart.stop();
    } finally {
      await this.#channel.close();
      await this.#unlock();
      await this.#database.close();
      current = undefined;
    }
  }

  /** How a run ended, wherever it runs. Waits for it. */
  async #outcomeOf(id: string): Promise<FlowRunOutcome> {
    for (let polls = 0; ; polls++) {
      const here = this.#active.get(id);
      if (here !== undefined) {
        // Without an outcome this process has lost the run, to another or to a failing database: look at the records.
        const outcome = await Promise.race([here.done.catch(() => undefined), this.#closed]);
        if (outcome !== undefined) return outcome;
      }
      this.#closing.signal.throwIfAborted();
      const row = await this.runs.find(id);
      if (row !== undefined && isTerminal(row.stateType)) {
        const end = row.endTime ?? row.createdAt;
        return {
          id,
          state: row.stateType,
          stateName: row.stateName,
          ...(row.stateMessage === null ? {} : { message: row.stateMessage }),
          ...(row.stateType === 'COMPLETED' ? { result: row.result } : {}),
          ...(row.error === null ? {} : { error: row.error }),
          durationMs: end.getTime() - (row.startTime ?? row.createdAt).getTime(),
        };
      }
      if (polls % POLLS_PER_RECONCILIATION === POLLS_PER_RECONCILIATION - 1) {
        await this.#putRight(id);
      }
      await sleep(POLL_MS);
    }
  }

  /** A run whose record says that somebody has it, while nobody may: its workflow may have ended without its record. */
  async #putRight(id: string): Promise<void> {
    const run = await this.#host.records.unfinished(id);
    if (run === undefined) return;
    const fate = (await durable.fates([id])).get(id);
    if (fate !== undefined && fate.status !== 'active') await reconcile([run], this.#host);
  }

  /** Puts the records of runs that are this process's right, and goes on with those that can. */
  async #goOn(unfinished: readonly UnfinishedFlowRun[]): Promise<UnfinishedFlowRun[]> {
    const goingOn = await reconcile(unfinished, this.#host);
    await durable.takeOver(goingOn.map((run) => run.id));
    return goingOn;
  }

  /** Goes on with runs of workers that died. */
  async #takeOver(): Promise<void> {
    if (this.#claims === undefined || this.#closing.signal.aborted) return;
    const runs = await takeOverRuns(this.#database, this.#executorId, this.#heart.isSteady);
    if (runs.length === 0) return;
    const goingOn = await this.#goOn(runs);
    this.#internalLog('info', `Took over ${goingOn.length} runs of workers that are gone`, {
      runs: goingOn.map(({ id }) => id),
    });
    this.#channel.send({ kind: 'work' });
    this.#claims.wake();
  }

  /** Begins a run that this process has claimed. What keeps it from beginning is its end. */
  async #beginClaimed(claimed: ClaimedRun): Promise<void> {
    const { id, flowName, retryOf, restartFrom } = claimed;
    const { records, clock } = this.#host;
    this.#beginning++;
    try {
      const flow = this.#flows.get(flowName) ?? this.#unknownFlow(flowName);
      if (retryOf !== null && restartFrom !== null) {
        if (await durable.restart(id, retryOf, restartFrom)) return;
        throw notRestartable(retryOf, restartFrom);
      }
      const parameters = parseParameters(flowName, flow.parameters, claimed.parameters);
      const name = claimed.nameGiven ? claimed.name : runNameOf(flow, parameters, id);
      await durable.start(id, { flowName, name, parameters });
    } catch (thrown) {
      if (this.#closing.signal.aborted) {
        await records.unclaim(id, 'Its worker stopped before it began', clock.now());
        return;
      }
      const error = toErrorRecord(thrown);
      const state = { type: 'FAILED', name: 'Failed', message: error.message } as const;
      if (await records.end(id, state, { error }, clock.now())) {
        this.events.emit({
          type: 'flow_run',
          flowRunId: id,
          flowName,
          name: claimed.name,
          state,
          at: clock.now(),
          error,
        });
      }
    } finally {
      this.#beginning--;
    }
  }

  #rootRuns(): number {
    let roots = 0;
    for (const { run } of this.#active.values()) if (run.parentFlowRunId === undefined) roots++;
    return roots;
  }

  #hear(message: Message): void {
    if (message.kind === 'work') this.#claims?.wake();
    if (message.kind === 'cancel') for (const id of message.ids) this.#stopHere(id, message.reason);
  }

  /** Stops a run that the records say is being cancelled. */
  #stopHere(id: string, reason: string): void {
    const run = this.#active.get(id)?.run;
    if (run === undefined || run.signal.aborted) return;
    durable.cancel(id).then(
      () => run.stop('cancelled', cancelledError(run.name, reason)),
      (error: unknown) => this.#internalLog('warn', `The run ${run.name} could not be cancelled yet`, { error }),
    );
  }

  /** Everything at work here is another's. */
  #loseAll(): void {
    const reason = new ChampionError('Another worker has taken the run over', { code: 'CANCELLED' });
    for (const { run } of this.#active.values()) run.stop('lost', reason);
  }

  /** What DBOS calls to run a workflow, first or again. */
  async #execute(id: string, input: durable.WorkflowInput): Promise<durable.WorkflowOutput> {
    const run = new FlowRun(this.#host, { id, ...input });
    const executed = executeFlow(run, this.#flows.get(input.flowName), input);
    const done = executed.then(({ outcome }) => outcome);
    // Whoever holds a handle hears of it; nobody may.
    done.catch(() => undefined);
    this.#active.set(id, { run, done });
    try {
      return (await executed).conclude();
    } finally {
      this.#active.delete(id);
      this.#claims?.wake();
    }
  }

  #handle(id: string, name: string, written?: Promise<void>): FlowRunHandle {
    return {
      id,
      name,
      result: async () => {
        const outcome = await this.#outcomeOf(id);
        if (written !== undefined) await Promise.race([written, this.#closed]);
        return outcome;
      },
    };
  }

  #unknownFlow(name: string): never {
    throw unknownFlow(name, [...this.#flows.keys()]);
  }
}

/** Driver errors carry their whole client, password included; only what makes up an error record may leave here. */
function withPlainFields(log: InternalLog | undefined): InternalLog {
  return (level, message, fields) => log?.(level, message, throughJson(fields ?? {}) as Record<string, unknown>);
}

function byName(flows: readonly AnyFlow[]): ReadonlyMap<string, AnyFlow> {
  const map = new Map<string, AnyFlow>();
  for (const flow of flows) {
    if (map.has(flow.name)) {
      throw new ChampionError(`Two flows are called ${flow.name}`, { code: 'CONFIG', context: { flow: flow.name } });
    }
    map.set(flow.name, flow);
  }
  return map;
}

function identityOf(options: EngineOptions & { readonly executorId: string }): WorkerIdentity {
  return {
    name: options.executorId,
    host: hostname(),
    pid: process.pid,
    version: options.version ?? '',
    concurrency: options.serve?.concurrency ?? DEFAULT_CONCURRENCY,
    workPool: options.serve?.workPool ?? 'default',
    workQueues: options.serve?.workQueues ?? [],
  };
}

function notRestartable(origin: string, from: string): ChampionError {
  return new ChampionError(`The run ${origin} has no ${from} to restart from, or its history was pruned`, {
    code: 'NOT_FOUND',
    hint: 'Retry the whole run instead.',
    context: { run: origin, from },
  });
}

function checkedId(id: string): string {
  if (z.guid().safeParse(id).success) return id.toLowerCase();
  throw new ChampionError(`"${id}" is not a run id`, { code: 'INVALID_INPUT', hint: 'A run id is a UUID.' });
}

function idTaken(id: string, flowName: string): ChampionError {
  return new ChampionError(`The run id ${id} is in use by another run`, {
    code: 'INVALID_INPUT',
    hint: `Repeat an id only to ask for the same flow with the same parameters again; leave it out for a new run of ${flowName}.`,
    context: { id, flow: flowName },
  });
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const limit = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([work, limit]);
  timer.abort();
}
