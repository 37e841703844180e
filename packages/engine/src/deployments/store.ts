import { ChampionError } from '@champion/core';
import type { z } from 'zod';
import { storableText, toJson } from '../json.ts';
import type { Statement } from '../records/database.ts';
import type { ScheduleRow, ScheduleSpec } from '../schedules/schedule.ts';
import { DEFAULT_POOL, type DeploymentDefinition, type NewDeploymentSchema } from './definition.ts';
import type { Defined } from './plan.ts';
import type { DeploymentRow } from './rows.ts';
import * as sql from './statements.ts';
import type { Statements } from './transaction.ts';

type Row = Omit<DeploymentRow, 'schedules'>;

/** Deployments that a statement selects, with their schedules. */
export async function readDeployments<R extends Row = Row>(
  database: Statements,
  statement: Statement,
  values: readonly unknown[],
): Promise<(R & Pick<DeploymentRow, 'schedules'>)[]> {
  const rows = await database.run<R>(statement, values);
  if (rows.length === 0) return [];
  const schedules = await database.run<ScheduleRow>(sql.SCHEDULES, [rows.map(({ id }) => id)]);
  return rows.map((row) => ({ ...row, schedules: schedules.filter(({ deploymentId }) => deploymentId === row.id) }));
}

export function readForPlan(
  database: Statements,
  definitions: readonly DeploymentDefinition[],
): Promise<(DeploymentRow & { readonly defined: Defined | null })[]> {
  const names = definitions.map(({ flow, name }) => `${flow}/${name}`);
  return readDeployments<Row & { readonly defined: Defined | null }>(database, sql.DEPLOYMENTS_TO_PLAN, [names]);
}

/** @throws ChampionError INVALID_INPUT when there is one of this name, NOT_FOUND for a flow that no process registered */
export async function insertDeployment(
  tx: Statements,
  given: z.output<typeof NewDeploymentSchema>,
  defined: Defined | null,
  now: Date,
): Promise<string> {
  const called = `${given.flowName}/${given.name}`;
  const [made] = await tx.run<{ id: string }>(sql.INSERT_DEPLOYMENT, [
    given.flowName,
    given.name,
    given.version,
    text(given.description),
    given.tags.map(storableText),
    toJson(given.parameters),
    given.sessionParameter,
    given.paused,
    given.concurrencyLimit,
    await queueId(tx, given.workPool, given.workQueue, now),
    text(given.entrypoint),
    defined === null ? null : toJson(defined),
    now,
  ]);
  if (made !== undefined) return made.id;
  const there = await tx.run({ name: 'deployment-flow-known', text: 'SELECT FROM champion.flows WHERE name = $1' }, [
    given.flowName,
  ]);
  if (there.length === 0) {
    throw new ChampionError(`The flow ${given.flowName} is not registered in this database`, {
      code: 'NOT_FOUND',
      hint: 'Start a server or a worker of this version once: it registers the flows.',
      context: { flow: given.flowName },
    });
  }
  throw new ChampionError(`There is a deployment ${called} already`, {
    code: 'INVALID_INPUT',
    hint: 'Change that one, or choose another name.',
    context: { deployment: called },
  });
}

export async function updateDeployment(
  tx: Statements,
  row: Omit<DeploymentRow, 'schedules' | 'fromCode' | 'createdAt' | 'updatedAt'>,
  now: Date,
): Promise<void> {
  await tx.run(sql.UPDATE_DEPLOYMENT, [
    row.id,
    row.version,
    text(row.description),
    row.tags.map(storableText),
    toJson(row.parameters),
    row.sessionParameter,
    row.concurrencyLimit,
    row.workQueueId,
    row.paused,
    now,
  ]);
}

/** @throws ChampionError INVALID_INPUT when the deployment has a schedule of this slug */
export async function insertSchedule(
  tx: Statements,
  deploymentId: string,
  schedule: ScheduleSpec,
  now: Date,
): Promise<string> {
  const [made] = await tx.run<{ id: string }>(sql.INSERT_SCHEDULE, [deploymentId, ...columns(schedule), now]);
  if (made === undefined) throw slugTaken(schedule.slug);
  return made.id;
}

export async function updateSchedule(tx: Statements, id: string, schedule: ScheduleSpec, now: Date): Promise<void> {
  await tx.run(sql.UPDATE_SCHEDULE, [id, ...columns(schedule), now]);
}

function columns(schedule: ScheduleSpec): unknown[] {
  return [
    schedule.slug,
    schedule.cron,
    schedule.timezone,
    schedule.dayOr,
    schedule.calendar === null ? null : toJson(schedule.calendar),
    schedule.catchUp,
    toJson(schedule.parameters),
    schedule.active,
  ];
}

/** The queue of a name, made if it is not there. @throws ChampionError NOT_FOUND for an unknown pool */
export async function queueId(tx: Statements, pool: string | undefined, queue: string, now: Date): Promise<string> {
  const [found] = await tx.run<{ id: string }>(sql.ENSURE_QUEUE, [pool ?? DEFAULT_POOL, queue, now]);
  if (found !== undefined) return found.id;
  throw new ChampionError(`There is no work pool ${pool}`, {
    code: 'NOT_FOUND',
    hint: 'List them with: champion work-pool ls',
    context: { pool },
  });
}

export function slugTaken(slug: string | null): ChampionError {
  return new ChampionError(`There is a schedule ${slug} in this deployment already`, {
    code: 'INVALID_INPUT',
    hint: 'Change that one, or choose another slug.',
    context: { slug },
  });
}

function text(value: string | null): string | null {
  return value === null ? null : storableText(value);
}
