import { toJson } from '../json.ts';
import type { DeploymentDefinition } from './definition.ts';
import { type DeploymentChange, type DeploymentPlan, definedBy, planDeployments } from './plan.ts';
import type { DeploymentRow } from './rows.ts';
import * as sql from './statements.ts';
import { insertDeployment, insertSchedule, queueId, readForPlan, updateDeployment, updateSchedule } from './store.ts';
import type { Statements } from './transaction.ts';

/**
 * Carries out what the definitions ask for.
 * @returns the plan as it was, and the ids of the deployments that were changed
 */
export async function applyPlan(
  tx: Statements,
  definitions: readonly DeploymentDefinition[],
  now: Date,
): Promise<{ plan: DeploymentPlan; touched: string[] }> {
  // People who change something meanwhile wait until this is done.
  for (const row of await readForPlan(tx, definitions)) await tx.run(sql.LOCK_DEPLOYMENT, [row.id]);
  const stored = await readForPlan(tx, definitions);
  const plan = planDeployments(definitions, stored);
  const touched: string[] = [];
  for (const [i, change] of plan.changes.entries()) {
    const definition = definitions[i];
    if (definition === undefined) continue;
    const row = stored.find(({ flowName, name }) => flowName === definition.flow && name === definition.name);
    if (row === undefined) {
      touched.push(await create(tx, definition, now));
      continue;
    }
    if (change.action === 'update') {
      await update(tx, change, definition, row, now);
      touched.push(row.id);
    }
    await tx.run(sql.SET_DEFINED, [row.id, toJson(definedBy(definition))]);
  }
  return { plan, touched };
}

async function create(tx: Statements, definition: DeploymentDefinition, now: Date): Promise<string> {
  const { flow, schedules, ...rest } = definition;
  const given = { ...rest, flowName: flow, entrypoint: null, paused: false, schedules: [] };
  const id = await insertDeployment(tx, given, definedBy(definition), now);
  for (const schedule of schedules) await insertSchedule(tx, id, schedule, now);
  return id;
}

async function update(
  tx: Statements,
  change: DeploymentChange,
  definition: DeploymentDefinition,
  row: DeploymentRow,
  now: Date,
): Promise<void> {
  const changed = Object.fromEntries(change.fields.filter(({ kept }) => !kept).map(({ field, to }) => [field, to]));
  const next = { ...row, ...changed };
  const workQueueId = await queueId(tx, next.workPool ?? undefined, next.workQueue ?? definition.workQueue, now);
  await updateDeployment(tx, { ...next, workQueueId }, now);
  for (const { slug, action } of change.schedules) {
    const declared = definition.schedules.find((schedule) => schedule.slug === slug);
    const stored = row.schedules.find((schedule) => schedule.slug === slug);
    if (action === 'create' && declared !== undefined) await insertSchedule(tx, row.id, declared, now);
    if (stored === undefined) continue;
    if (action === 'update' && declared !== undefined) {
      await updateSchedule(tx, stored.id, { ...declared, active: stored.active }, now);
    }
    if (action === 'delete') {
      await tx.run(sql.DROP_WAITING, [row.id, stored.id, new Date(0)]);
      await tx.run(sql.DELETE_SCHEDULE, [stored.id]);
    }
  }
  await tx.run(sql.DROP_WAITING, [row.id, null, now]);
}
