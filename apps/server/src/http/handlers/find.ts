import { ChampionError, closest } from '@champion/core';
import type { DeploymentRow, FlowRow, FlowRunRow, WorkQueueRow } from '@champion/engine';
import type { Plane } from '../parts.ts';

// Each gives what is there, or says that it is not and where to look.

export async function findFlow(plane: Plane, id: string): Promise<FlowRow> {
  return (await plane.runs.flows.find(id)) ?? missing('flow', id, 'champion flow ls');
}

export async function findFlowByName(plane: Plane, name: string): Promise<FlowRow> {
  const flow = await plane.runs.flows.findByName(name);
  if (flow !== undefined) return flow;
  return missing(
    'flow',
    name,
    'champion flow ls',
    (await plane.runs.flows.list()).map((other) => other.name),
  );
}

export async function findFlowRun(plane: Plane, id: string): Promise<FlowRunRow> {
  return (await plane.runs.flowRuns.find(id)) ?? missing('flow run', id, 'champion flow-run ls');
}

export async function findDeployment(plane: Plane, id: string): Promise<DeploymentRow> {
  return (await plane.deployments.find(id)) ?? missing('deployment', id, 'champion deployment ls');
}

export async function findDeploymentByName(plane: Plane, name: string): Promise<DeploymentRow> {
  const deployment = await plane.deployments.byName(name);
  if (deployment !== undefined) return deployment;
  const known = (await plane.deployments.list()).map((row) => `${row.flowName}/${row.name}`);
  return missing('deployment', name, 'champion deployment ls', known);
}

export async function findQueue(plane: Plane, id: string): Promise<WorkQueueRow> {
  return (await plane.queues.queue(id)) ?? missing('work queue', id, 'champion work-queue ls');
}

export async function findQueueByName(plane: Plane, name: string, pool = 'default'): Promise<WorkQueueRow> {
  const queue = await plane.queues.queueByName(name, pool);
  if (queue !== undefined) return queue;
  const known = (await plane.queues.queues({ pools: [pool] })).map((row) => row.name);
  return missing(`work queue of the pool ${pool}`, name, 'champion work-queue ls', known);
}

export function missing(what: string, name: string, command: string, known: readonly string[] = []): never {
  const meant = closest(name, known);
  throw new ChampionError(`There is no ${what} ${name}`, {
    code: 'NOT_FOUND',
    hint: meant === undefined ? `List them with: ${command}` : `Did you mean ${meant}?`,
    context: { [what.includes(' ') ? 'name' : what]: name },
  });
}
