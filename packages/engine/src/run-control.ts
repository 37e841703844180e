import { randomUUID } from 'node:crypto';
import { ChampionError, type Clock, closest, gather } from '@champion/core';
import type { Channel } from './channel.ts';
import type { EngineEvents } from './events.ts';
import type { AnyFlow } from './flow.ts';
import { storableText } from './json.ts';
import { parseParameters } from './parameters.ts';
import { announceCancelling, endCancelled } from './records/cancelling.ts';
import { createRuns, type NewScheduledRun } from './records/create-runs.ts';
import type { Database, Statement } from './records/database.ts';
import type { RunRecords } from './records/run-records.ts';
import { runNameOf } from './run-name.ts';
import { isTerminal, type StateType } from './states.ts';

export interface NewRunRequest {
  readonly flowName: string;
  /** As the caller has them; checked now, completed with the defaults when the run begins. */
  readonly parameters?: unknown;
  readonly name?: string;
  readonly tags?: readonly string[];
  /** Default: the queue "default". */
  readonly workQueueId?: string;
  readonly deployment?: { readonly id: string; readonly version: string | null };
  /** Default: now. */
  readonly scheduledTime?: Date;
  /** A second request with it, of the same flow, gets the first one's run. */
  readonly idempotencyKey?: string;
  readonly createdBy?: string;
}

export interface CreatedRun {
  readonly id: string;
  /** False: there was one with this idempotency key, and this is it. */
  readonly created: boolean;
}

interface Original {
  readonly id: string;
  readonly flowName: string;
  readonly name: string;
  readonly nameGiven: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly stateType: StateType;
  readonly tags: readonly string[];
  readonly workQueueId: string | null;
  readonly deploymentId: string | null;
  readonly deploymentVersion: string | null;
}

/** What people and programs do with runs, from any process: some worker begins and stops them. */
export class RunControl {
  readonly #database: Database;
  readonly #records: RunRecords;
  readonly #flows: ReadonlyMap<string, AnyFlow>;
  readonly #events: EngineEvents;
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #forget: (ids: readonly string[]) => Promise<void>;
  readonly #insertTogether: (run: NewScheduledRun) => Promise<boolean>;
  #defaultQueue: string | undefined;

  constructor(parts: {
    readonly database: Database;
    readonly records: RunRecords;
    readonly flows: ReadonlyMap<string, AnyFlow>;
    readonly events: EngineEvents;
    readonly channel: Channel;
    readonly clock: Clock;
    /** Removes the durable workflows of runs that are to be removed. */
    readonly forget: (ids: readonly string[]) => Promise<void>;
  }) {
    this.#database = parts.database;
    this.#records = parts.records;
    this.#flows = parts.flows;
    this.#events = parts.events;
    this.#channel = parts.channel;
    this.#clock = parts.clock;
    this.#forget = parts.forget;
    this.#insertTogether = gather(async (runs) => {
      const created = new Set(await createRuns(this.#database, runs, this.#clock.now()));
      return runs.map(({ id }) => created.has(id));
    });
  }

  /**
   * Creates a run that begins when a worker has room for it.
   * @throws ChampionError NOT_FOUND for an unknown flow
   * @throws ChampionError INVALID_INPUT for wrong parameters
   */
  async create(request: NewRunRequest): Promise<CreatedRun> {
    const flow = this.#flows.get(request.flowName) ?? this.#unknownFlow(request.flowName);
    const given = (request.parameters ?? {}) as Record<string, unknown>;
    const parameters = parseParameters(flow.name, flow.parameters, given);
    const id = randomUUID();
    const now = this.#clock.now();
    const run: NewScheduledRun = {
      id,
      flowName: flow.name,
      name: request.name ?? runNameOf(flow, parameters, id),
      nameGiven: request.name !== undefined,
      parameters: given,
      state: { type: 'SCHEDULED', name: 'Scheduled' },
      expectedStartTime: request.scheduledTime ?? now,
      workQueueId: request.workQueueId ?? (await this.#queue()),
      tags: request.tags ?? [],
      ...(request.deployment === undefined ? {} : { deploymentId: request.deployment.id }),
      ...(request.deployment?.version == null ? {} : { deploymentVersion: request.deployment.version }),
      ...(request.idempotencyKey === undefined ? {} : { idempotencyKey: request.idempotencyKey }),
      ...(request.createdBy === undefined ? {} : { createdBy: request.createdBy }),
    };
    if (await this.#insert(run, now)) return { id, created: true };
    const [existing] = await this.#database.run<{ id: string }>(BY_IDEMPOTENCY_KEY, [
      flow.name,
      request.idempotencyKey,
    ]);
    if (existing === undefined) throw new Error(`The run ${id} of ${flow.name} could not be created`);
    return { id: existing.id, created: false };
  }

  /**
   * Runs an ended run again, as a new run with the same parameters.
   * @throws ChampionError NOT_FOUND, or INVALID_INPUT while it has not ended
   */
  async retry(id: string): Promise<CreatedRun> {
    const original = await this.#ended(id, 'retried');
    return this.#repeat(original, { retryOf: original.id });
  }

  /**
   * Runs an ended run again from one of its tasks on, as a new run that keeps the results of what came before.
   * @param from the task's key ("parse_polars_raw-0"), or the id of a child run
   * @throws ChampionError NOT_FOUND for an unknown run or task, or INVALID_INPUT while the run has not ended
   */
  async restart(id: string, from: string): Promise<CreatedRun> {
    const original = await this.#ended(id, 'restarted');
    const points = (await this.#database.run<{ key: string }>(POINTS, [id])).map(({ key }) => key);
    if (!points.includes(from)) {
      const meant = closest(from, points);
      throw new ChampionError(
        `The run ${original.name} has no task ${from}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
        { code: 'NOT_FOUND', hint: `It can be restarted from: ${points.join(', ')}.`, context: { run: id, from } },
      );
    }
    return this.#repeat(original, { retryOf: original.id, restartFrom: from });
  }

  /**
   * Runs a run's flow again with some parameters changed; null takes one away, so that its default holds.
   * @throws ChampionError NOT_FOUND, or INVALID_INPUT for wrong parameters
   */
  async clone(
    id: string,
    changes: { readonly parameters?: Readonly<Record<string, unknown>>; readonly name?: string } = {},
  ): Promise<CreatedRun> {
    const original = await this.#find(id);
    const merged = Object.entries({ ...original.parameters, ...changes.parameters }).filter(
      ([, value]) => value !== null,
    );
    const parameters = Object.fromEntries(merged);
    const flow = this.#flows.get(original.flowName) ?? this.#unknownFlow(original.flowName);
    const checked = parseParameters(flow.name, flow.parameters, parameters);
    const name = changes.name ?? runNameOf(flow, checked, original.id);
    return this.#repeat({ ...original, parameters, name, nameGiven: changes.name !== undefined }, {});
  }

  /**
   * Cancels a run and its children: whoever has them is told, and running tasks get their signal.
   * @returns false when it had ended already, or is being cancelled
   * @throws ChampionError NOT_FOUND
   */
  async cancel(id: string, reason = 'on request'): Promise<boolean> {
    const family = await this.#records.cancelling(id, reason, this.#clock.now());
    if (family.length === 0) {
      await this.#find(id);
      return false;
    }
    for (const run of family) announceCancelling(this.#events, run, reason, this.#clock.now());
    const held = family.filter((run) => !run.ended && run.isHeld).map((run) => run.id);
    if (held.length > 0) this.#channel.send({ kind: 'cancel', ids: held, reason });
    for (const run of family) {
      if (!run.ended && !run.isHeld) await endCancelled(this.#records, this.#events, run, reason, this.#clock.now());
    }
    return true;
  }

  /**
   * Gives a run another name or other tags.
   * @throws ChampionError NOT_FOUND
   */
  async update(id: string, patch: { readonly name?: string; readonly tags?: readonly string[] }): Promise<void> {
    const name = patch.name === undefined ? null : storableText(patch.name);
    const rows = await this.#database.run(UPDATE, [id, name, patch.tags?.map(storableText) ?? null]);
    if (rows.length === 0) throw notFound(id);
  }

  /**
   * Removes an ended run, its children and all that is recorded of them. What they loaded stays.
   * @throws ChampionError NOT_FOUND, or INVALID_INPUT while it, or a child, has not ended
   */
  async delete(id: string): Promise<void> {
    const { name } = await this.#ended(id, 'deleted');
    const family = await this.#database.run<{ id: string; ended: boolean }>(FAMILY, [id]);
    if (!family.every(({ ended }) => ended)) {
      throw new ChampionError(`A child of the run ${name} has not ended, so it can't be deleted`, {
        code: 'INVALID_INPUT',
        hint: 'Cancel it first.',
        context: { id },
      });
    }
    await this.#forget(family.map((run) => run.id));
    await this.#database.run(DELETE, [id]);
  }

  /** Ends runs that were to be cancelled and whose worker died before it could. @returns how many */
  async endAbandoned(): Promise<number> {
    const rows = await this.#database.run<{ id: string; reason: string | null }>(ABANDONED, []);
    for (const { id, reason } of rows) {
      const state = { type: 'CANCELLED', name: 'Cancelled', ...(reason === null ? {} : { message: reason }) } as const;
      await this.#records.end(id, state, {}, this.#clock.now());
    }
    return rows.length;
  }

  async #repeat(original: Original, of: Pick<NewScheduledRun, 'retryOf' | 'restartFrom'>): Promise<CreatedRun> {
    const id = randomUUID();
    const now = this.#clock.now();
    const run: NewScheduledRun = {
      ...of,
      id,
      flowName: original.flowName,
      name: original.name,
      nameGiven: of.restartFrom !== undefined || original.nameGiven,
      parameters: original.parameters,
      state: { type: 'SCHEDULED', name: 'Scheduled' },
      expectedStartTime: now,
      tags: original.tags,
      workQueueId: original.workQueueId ?? (await this.#queue()),
      ...(original.deploymentId === null ? {} : { deploymentId: original.deploymentId }),
      ...(original.deploymentVersion === null ? {} : { deploymentVersion: original.deploymentVersion }),
    };
    await this.#insert(run, now);
    return { id, created: true };
  }

  async #insert(run: NewScheduledRun, now: Date): Promise<boolean> {
    if (!(await this.#insertTogether(run))) return false;
    this.#channel.send({ kind: 'work' });
    const { id: flowRunId, flowName, name, state } = run;
    this.#events.emit({ type: 'flow_run', flowRunId, flowName, name, state, at: now });
    return true;
  }

  async #find(id: string): Promise<Original> {
    const [found] = await this.#database.run<Original>(ORIGINAL, [id]);
    if (found !== undefined) return found;
    throw notFound(id);
  }

  async #ended(id: string, done: string): Promise<Original> {
    const run = await this.#find(id);
    if (!isTerminal(run.stateType)) {
      throw new ChampionError(`The run ${run.name} has not ended, so it can't be ${done}`, {
        code: 'INVALID_INPUT',
        hint: 'Cancel it first, or clone it.',
        context: { id, state: run.stateType },
      });
    }
    return run;
  }

  async #queue(): Promise<string> {
    if (this.#defaultQueue === undefined) {
      const [row] = await this.#database.run<{ id: string }>(DEFAULT_QUEUE, []);
      if (row === undefined) {
        throw new ChampionError('There is no work queue "default"', {
          code: 'CONFIG',
          hint: 'Make one, or name the queue that the run is for.',
        });
      }
      this.#defaultQueue = row.id;
    }
    return this.#defaultQueue;
  }

  #unknownFlow(name: string): never {
    throw unknownFlow(name, [...this.#flows.keys()]);
  }
}

function notFound(id: string): ChampionError {
  return new ChampionError(`There is no flow run ${id}`, {
    code: 'NOT_FOUND',
    hint: 'List the runs with `champion flow-run ls`.',
    context: { id },
  });
}

export function unknownFlow(name: string, known: readonly string[]): ChampionError {
  const meant = closest(name, known);
  return new ChampionError(`There is no flow ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`, {
    code: 'NOT_FOUND',
    hint: `The flows: ${known.join(', ')}.`,
    context: { flow: name },
  });
}

const BY_IDEMPOTENCY_KEY: Statement = {
  name: 'run-by-idempotency-key',
  text: 'SELECT id FROM champion.flow_runs WHERE flow_name = $1 AND idempotency_key = $2',
};

const DEFAULT_QUEUE: Statement = {
  name: 'default-queue',
  text: `SELECT q.id FROM champion.work_queues q JOIN champion.work_pools p ON p.id = q.work_pool_id
    WHERE q.name = 'default' AND p.name = 'default'`,
};

const ORIGINAL: Statement = {
  name: 'run-original',
  text: `
    SELECT id, flow_name AS "flowName", name, name_given AS "nameGiven", parameters, state_type AS "stateType", tags,
      work_queue_id AS "workQueueId", deployment_id AS "deploymentId", deployment_version AS "deploymentVersion"
    FROM champion.flow_runs WHERE id = $1`,
};

const UPDATE: Statement = {
  name: 'run-update',
  text: `
    UPDATE champion.flow_runs
    SET name = coalesce($2, name), name_given = name_given OR $2 IS NOT NULL, tags = coalesce($3::text[], tags)
    WHERE id = $1 RETURNING id`,
};

const FAMILY: Statement = {
  name: 'run-family',
  text: `
    WITH RECURSIVE family AS (
      SELECT id, state_type FROM champion.flow_runs WHERE id = $1
      UNION ALL
      SELECT child.id, child.state_type FROM champion.flow_runs child JOIN family ON child.parent_flow_run_id = family.id
    )
    SELECT id, state_type IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED') AS ended FROM family`,
};

const DELETE: Statement = { name: 'run-delete', text: 'DELETE FROM champion.flow_runs WHERE id = $1 RETURNING id' };

const POINTS: Statement = {
  name: 'run-restart-points',
  text: `
    SELECT key FROM (
      SELECT dynamic_key AS key, start_time FROM champion.task_runs WHERE flow_run_id = $1
      UNION ALL
      SELECT id::text, start_time FROM champion.flow_runs WHERE parent_flow_run_id = $1
    ) point ORDER BY start_time LIMIT 1000`,
};

const ABANDONED: Statement = {
  name: 'runs-abandoned',
  text: `
    SELECT id, state_message AS reason FROM champion.flow_runs r
    WHERE state_type = 'CANCELLING' AND state_at < clock_timestamp() - interval '15 seconds'
      AND NOT EXISTS (SELECT FROM champion.workers w WHERE w.name = r.executor_id AND w.status <> 'offline'
        AND w.last_heartbeat_at > clock_timestamp() - interval '10 seconds')
    LIMIT 100`,
};
