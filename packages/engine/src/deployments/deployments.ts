import { ChampionError, type Clock, gather, systemClock } from '@champion/core';
import type { AnyFlow } from '../flow.ts';
import type { Database } from '../records/database.ts';
import {
  explain,
  NewScheduleSchema,
  parseSchedule,
  type ScheduleRow,
  type ScheduleSpec,
} from '../schedules/schedule.ts';
import type { Scheduler } from '../schedules/scheduler.ts';
import { applyPlan } from './apply.ts';
import {
  about,
  checkDefinitions,
  checkParameters,
  type DeploymentDefinition,
  knownFlow,
  type NewDeployment,
  NewDeploymentSchema,
} from './definition.ts';
import { type DeploymentPlan, planDeployments } from './plan.ts';
import type { DeploymentRow } from './rows.ts';
import * as sql from './statements.ts';
import {
  insertDeployment,
  insertSchedule,
  queueId,
  readDeployments,
  readForPlan,
  slugTaken,
  updateDeployment,
  updateSchedule,
} from './store.ts';
import { type Statements, transaction } from './transaction.ts';

const LIST_LIMIT = 200;
const EVER = new Date(0);

export interface DeploymentsOptions {
  readonly database: Database;
  readonly flows: ReadonlyMap<string, AnyFlow>;
  /** Makes the runs to come of what was changed. */
  readonly scheduler: Scheduler;
  readonly clock?: Clock;
  /** Called after each change. */
  readonly notify: (kind: 'deployments') => void;
}

export interface DeploymentFilter {
  readonly ids?: readonly string[];
  readonly flowNames?: readonly string[];
  readonly names?: readonly string[];
  /** Part of the name, in any case. */
  readonly nameLike?: string;
  /** Has all of them. */
  readonly tags?: readonly string[];
  readonly paused?: boolean;
  readonly workQueueIds?: readonly string[];
}

/** What can be changed of a deployment. What is not given stays. */
export type DeploymentPatch = Partial<
  Pick<
    DeploymentRow,
    'version' | 'description' | 'tags' | 'parameters' | 'sessionParameter' | 'concurrencyLimit' | 'paused'
  > & { readonly workPool: string; readonly workQueue: string }
>;

/** What can be changed of a schedule. What is not given stays. */
export type SchedulePatch = Partial<ScheduleSpec>;

/** Deployments and their schedules: what code declares, and what people make of it. */
export class Deployments {
  readonly #database: Database;
  readonly #flows: ReadonlyMap<string, AnyFlow>;
  readonly #scheduler: Scheduler;
  readonly #clock: Clock;
  readonly #notify: (kind: 'deployments') => void;

  /** A run that is asked for looks up its deployment, and runs come in bursts. */
  readonly #findTogether = gather(async (ids: readonly string[]) => {
    const found = new Map((await this.list({ ids: [...new Set(ids)] })).map((row) => [row.id, row]));
    return ids.map((id) => found.get(id));
  });

  constructor(options: DeploymentsOptions) {
    this.#database = options.database;
    this.#flows = options.flows;
    this.#scheduler = options.scheduler;
    this.#clock = options.clock ?? systemClock;
    this.#notify = options.notify;
  }

  /**
   * What `apply` would change, field by field, and what a person changed that it would leave.
   * @throws ChampionError CONFIG for definitions that don't fit the flows
   */
  async plan(definitions: readonly DeploymentDefinition[]): Promise<DeploymentPlan> {
    checkDefinitions(definitions, this.#flows);
    return planDeployments(definitions, await readForPlan(this.#database, definitions));
  }

  /**
   * Registers what code declares, all of it or nothing. Doing it again changes nothing; deployments that code no longer
   * declares are named and stay.
   * @returns what was done
   * @throws ChampionError CONFIG
   */
  async apply(definitions: readonly DeploymentDefinition[]): Promise<DeploymentPlan> {
    checkDefinitions(definitions, this.#flows);
    const { plan, touched } = await transaction(this.#database, async (tx) => {
      await tx.run(sql.LOCK_DEFINITIONS, []);
      return applyPlan(tx, definitions, this.#clock.now());
    });
    for (const id of touched) await this.#scheduler.materialize(id);
    if (touched.length > 0) this.#notify('deployments');
    return plan;
  }

  /** Deployments with their schedules; by name and 200 at most unless told. */
  async list(
    options: DeploymentFilter & {
      readonly limit?: number;
      readonly offset?: number;
      readonly order?: 'name' | 'newest' | 'updated';
    } = {},
  ): Promise<DeploymentRow[]> {
    const limit = Math.min(options.limit ?? LIST_LIMIT, LIST_LIMIT);
    return readDeployments(this.#database, sql.listDeployments(options.order ?? 'name'), [
      ...filterValues(options),
      limit,
      options.offset ?? 0,
    ]);
  }

  async count(filter: DeploymentFilter = {}): Promise<number> {
    const [row] = await this.#database.run<{ count: number }>(sql.COUNT_DEPLOYMENTS, filterValues(filter));
    return row?.count ?? 0;
  }

  find(id: string): Promise<DeploymentRow | undefined> {
    return this.#findTogether(id);
  }

  /** @param name "flow/deployment" */
  async byName(name: string): Promise<DeploymentRow | undefined> {
    const slash = name.indexOf('/');
    if (slash < 0) return undefined;
    const found = await this.list({ flowNames: [name.slice(0, slash)], names: [name.slice(slash + 1)], limit: 1 });
    return found[0];
  }

  /**
   * Makes a deployment. A work queue that is not there is made with it; its pool must be there.
   * @throws ChampionError INVALID_INPUT when there is one of this name, or for parameters or schedules that can't be used
   * @throws ChampionError NOT_FOUND for an unknown flow or work pool
   */
  async create(given: NewDeployment): Promise<DeploymentRow> {
    const called = `${given.flowName}/${given.name}`;
    const checked = NewDeploymentSchema.safeParse(given);
    if (!checked.success) {
      throw new ChampionError(`The deployment ${called} can't be made so: ${explain(checked.error)}`, {
        code: 'INVALID_INPUT',
        context: { deployment: called },
      });
    }
    const flow = knownFlow(given.flowName, this.#flows);
    const schedules = about(called, 'INVALID_INPUT', () => {
      const parsed = checked.data.schedules.map(parseSchedule);
      checkParameters(flow, { ...checked.data, schedules: parsed });
      return parsed;
    });
    const now = this.#clock.now();
    const id = await transaction(this.#database, async (tx) => {
      const made = await insertDeployment(tx, checked.data, null, now);
      for (const schedule of schedules) await insertSchedule(tx, made, schedule, now);
      return made;
    });
    return this.#changed(id);
  }

  /**
   * Changes a deployment; runs to come that its schedules made are made anew by it.
   * @throws ChampionError NOT_FOUND, INVALID_INPUT
   */
  async update(id: string, patch: DeploymentPatch): Promise<DeploymentRow> {
    const now = this.#clock.now();
    await transaction(this.#database, async (tx) => {
      const row = await this.#locked(tx, id);
      const { workPool = row.workPool ?? undefined, workQueue = row.workQueue ?? undefined, ...rest } = patch;
      const next = { ...row, ...defined(rest) };
      this.#check(next);
      const queue = workQueue === undefined ? null : await queueId(tx, workPool, workQueue, now);
      await updateDeployment(tx, { ...next, workQueueId: queue }, now);
      if (row.paused && !next.paused) await tx.run(sql.RESUME_SCHEDULES, [id, now]);
      await tx.run(sql.DROP_WAITING, [id, null, next.paused && !row.paused ? EVER : now]);
    });
    return this.#changed(id);
  }

  /** No scheduled runs any more: those that wait are dropped. Runs that people ask for still run. */
  pause(id: string): Promise<DeploymentRow> {
    return this.update(id, { paused: true });
  }

  /** Schedules count again, from now on: what passed meanwhile is not caught up with. */
  resume(id: string): Promise<DeploymentRow> {
    return this.update(id, { paused: false });
  }

  /** Deletes it with its schedules and the runs that they put there; its other runs stay. @throws ChampionError NOT_FOUND */
  async delete(id: string): Promise<void> {
    await transaction(this.#database, async (tx) => {
      await this.#locked(tx, id);
      await tx.run(sql.DROP_WAITING, [id, null, EVER]);
      await tx.run(sql.DELETE_DEPLOYMENT, [id]);
    });
    this.#notify('deployments');
  }

  /** @throws ChampionError NOT_FOUND, INVALID_INPUT */
  async addSchedule(deploymentId: string, given: unknown): Promise<ScheduleRow> {
    const schedule = parseSchedule(given);
    const now = this.#clock.now();
    const id = await transaction(this.#database, async (tx) => {
      this.#check({ ...(await this.#locked(tx, deploymentId)), schedules: [schedule] });
      return insertSchedule(tx, deploymentId, schedule, now);
    });
    return scheduleOf(await this.#changed(deploymentId), id);
  }

  /**
   * Changes a schedule, pauses it (`active: false`) or resumes it. Its runs to come are made anew.
   * @throws ChampionError NOT_FOUND, INVALID_INPUT
   */
  async updateSchedule(deploymentId: string, scheduleId: string, patch: SchedulePatch): Promise<ScheduleRow> {
    const now = this.#clock.now();
    await transaction(this.#database, async (tx) => {
      const deployment = await this.#locked(tx, deploymentId);
      const row = scheduleOf(deployment, scheduleId);
      const next = parseSchedule({ ...specOf(row), ...defined(patch) });
      this.#check({ ...deployment, schedules: [next] });
      const others = deployment.schedules.filter((schedule) => schedule.id !== scheduleId);
      if (next.slug !== null && others.some(({ slug }) => slug === next.slug)) throw slugTaken(next.slug);
      await updateSchedule(tx, scheduleId, next, now);
      await tx.run(sql.DROP_WAITING, [deploymentId, scheduleId, row.active && !next.active ? EVER : now]);
    });
    return scheduleOf(await this.#changed(deploymentId), scheduleId);
  }

  /** @throws ChampionError NOT_FOUND */
  async deleteSchedule(deploymentId: string, scheduleId: string): Promise<void> {
    await transaction(this.#database, async (tx) => {
      scheduleOf(await this.#locked(tx, deploymentId), scheduleId);
      await tx.run(sql.DROP_WAITING, [deploymentId, scheduleId, EVER]);
      await tx.run(sql.DELETE_SCHEDULE, [scheduleId]);
    });
    this.#notify('deployments');
  }

  async #locked(tx: Statements, id: string): Promise<DeploymentRow> {
    await tx.run(sql.LOCK_DEPLOYMENT, [id]);
    const [row] = await readDeployments(tx, sql.listDeployments('name'), [...filterValues({ ids: [id] }), 1, 0]);
    return row ?? noDeployment(id);
  }

  /** A flow that this process does not have can't be asked; its runs will say what is wrong. */
  #check(
    row: Pick<DeploymentRow, 'flowName' | 'name' | 'parameters' | 'sessionParameter'> & {
      readonly schedules: readonly Pick<ScheduleSpec, 'parameters' | 'calendar'>[];
    },
  ): void {
    const flow = this.#flows.get(row.flowName);
    if (flow === undefined) return;
    about(`${row.flowName}/${row.name}`, 'INVALID_INPUT', () => checkParameters(flow, row));
  }

  async #changed(id: string): Promise<DeploymentRow> {
    await this.#scheduler.materialize(id);
    this.#notify('deployments');
    return (await this.find(id)) ?? noDeployment(id);
  }
}

function filterValues(filter: DeploymentFilter): unknown[] {
  return [
    filter.ids ?? null,
    filter.flowNames ?? null,
    filter.names ?? null,
    filter.nameLike ?? null,
    filter.tags ?? null,
    filter.paused ?? null,
    filter.workQueueIds ?? null,
  ];
}

function scheduleOf(deployment: DeploymentRow, id: string): ScheduleRow {
  const found = deployment.schedules.find((schedule) => schedule.id === id);
  if (found !== undefined) return found;
  const slugs = deployment.schedules.map(({ slug, id: other }) => `${other}${slug === null ? '' : ` (${slug})`}`);
  throw new ChampionError(`${deployment.flowName}/${deployment.name} has no schedule ${id}`, {
    code: 'NOT_FOUND',
    hint: slugs.length === 0 ? 'It has none at all.' : `It has ${slugs.join(', ')}.`,
    context: { deployment: deployment.id, schedule: id },
  });
}

function specOf(row: ScheduleRow): ScheduleSpec {
  const known = Object.keys(NewScheduleSchema.shape) as (keyof ScheduleSpec)[];
  return Object.fromEntries(known.map((key) => [key, row[key]])) as unknown as ScheduleSpec;
}

/** What was given as undefined was not given. */
function defined<T extends object>(patch: T): Partial<T> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function noDeployment(id: string): never {
  throw new ChampionError(`There is no deployment ${id}`, {
    code: 'NOT_FOUND',
    hint: 'List them with: champion deployment ls',
    context: { id },
  });
}
