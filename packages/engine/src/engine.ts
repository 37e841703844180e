import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChampionError, type Clock, closest, systemClock } from '@champion/core';
import { z } from 'zod';
import * as durable from './durable.ts';
import { EngineEvents, type InternalLog } from './events.ts';
import { executeFlow } from './execute.ts';
import { lockExecutor } from './executor-lock.ts';
import type { AnyFlow } from './flow.ts';
import { cancelledError, FlowRun, type RunHost } from './flow-run.ts';
import { throughJson } from './json.ts';
import type { FlowRunOutcome } from './outcome.ts';
import { parseParameters } from './parameters.ts';
import { reconcile } from './reconcile.ts';
import { type Database, openDatabase } from './records/database.ts';
import { migrate } from './records/migrate.ts';
import { RunReader } from './records/run-reader.ts';
import { type FlowRunIdentity, RunRecords, type UnfinishedFlowRun } from './records/run-records.ts';
import { RunLog } from './run-log.ts';
import { runNameOf } from './run-name.ts';
import { isTerminal } from './states.ts';

export interface EngineOptions {
  readonly databaseUrl: string;
  /** Every flow that may run here, child flows included. */
  readonly flows: readonly AnyFlow[];
  /** Names this process among those on one database; a killed process's runs are resumed by the next of its name. Default "local". */
  readonly executorId?: string;
  readonly clock?: Clock;
  /** Gets what concerns the engine itself rather than a run. */
  readonly onInternalLog?: InternalLog;
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
    const records = new RunRecords(database, options.executorId);
    const clock = options.clock ?? systemClock;
    this.#host = {
      records,
      clock,
      events: this.events,
      runLog: new RunLog(records, this.events, clock, internalLog),
      hasFlow: (name) => this.#flows.has(name),
      outcomeOf: (id) => this.#outcomeOf(id),
      cancel: (id, reason) => this.cancel(id, reason),
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
    const unfinished = await this.#host.records.unfinished();
    await durable.launch({
      databaseUrl,
      executorId: this.#executorId,
      execute: (id, input) => this.#execute(id, input),
      internalLog,
    });
    try {
      const goingOn = await this.#reconcile(unfinished);
      this.#recovered = goingOn
        .filter((run) => run.executorId === this.#executorId)
        .map((run) => this.#handle(run.id, run.name));
    } catch (error) {
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
      const written = await durable.start(id, { flowName, name, parameters });
      return this.#handle(id, name, isNew ? written() : undefined);
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
    const family = await this.#host.records.cancelling(checkedId(id), reason, this.#host.clock.now());
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
    for (const run of family) this.#announce(run, { type: 'CANCELLING', name: 'Cancelling', message: reason });
    // In the database first: what the stopping tasks then report can't be taken for their outcome.
    for (const run of family) await durable.cancel(run.id);
    for (const run of family) {
      const here = this.#active.get(run.id);
      if (here !== undefined) {
        here.run.stop('cancelled', cancelledError(run.name, reason));
        continue;
      }
      const state = { type: 'CANCELLED', name: 'Cancelled', message: reason } as const;
      if (await this.#host.records.end(run.id, state, {}, this.#host.clock.now())) this.#announce(run, state);
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
      await atMost(drainMs, Promise.allSettled([...this.#active.values()].map(({ done }) => done)));
      const left = [...this.#active.values()].map(({ run }) => run);
      for (const run of left) run.stop('suspended', this.#closing.signal.reason);
      await atMost(LET_GO_MS, Promise.all(left.map((run) => run.bodiesSettled())));
      await durable.shutdown({ finish: left.length === 0 });
      await this.#host.runLog.flush();
    } finally {
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
        await this.#reconcile((await this.#host.records.unfinished()).filter((run) => run.id === id));
      }
      await sleep(POLL_MS);
    }
  }

  #reconcile(unfinished: readonly UnfinishedFlowRun[]): Promise<UnfinishedFlowRun[]> {
    const { records, clock } = this.#host;
    return reconcile(unfinished, { records, clock, executorId: this.#executorId });
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

  #announce(run: FlowRunIdentity, state: { type: 'CANCELLING' | 'CANCELLED'; name: string; message: string }): void {
    const { id: flowRunId, ...identity } = run;
    this.events.emit({ type: 'flow_run', flowRunId, ...identity, state, at: this.#host.clock.now() });
  }

  #unknownFlow(name: string): never {
    const meant = closest(name, [...this.#flows.keys()]);
    throw new ChampionError(`There is no flow ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`, {
      code: 'NOT_FOUND',
      hint: `The flows: ${[...this.#flows.keys()].join(', ')}.`,
      context: { flow: name },
    });
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
