import type { FlowFilter } from '@champion/contract';
import type { FlowFilter as EngineFilter } from '@champion/engine';
import type { Plane } from '../parts.ts';
import type { Conditions } from './conditions.ts';
import { deploymentFilter } from './deployments.ts';
import { both, given, says, supportNothing, supportOnly } from './support.ts';

export const MOST_FLOWS = 1_000;

/** A condition on flows alone. */
function flowFilter(flows: FlowFilter | null | undefined): EngineFilter {
  supportOnly('flows', flows, ['id.any_', 'name.any_', 'name.like_', 'tags.all_', 'tags.any_']);
  return given({
    ids: flows?.id?.any_ ?? undefined,
    names: flows?.name?.any_ ?? undefined,
    nameContains: flows?.name?.like_ ?? undefined,
    allTags: flows?.tags?.all_ ?? undefined,
    anyTags: flows?.tags?.any_ ?? undefined,
  });
}

/** Flows by all that a client may say of them; of deployments: those that have such a one. */
export async function flowsOf(plane: Plane, conditions: Conditions): Promise<EngineFilter> {
  supportNothing('flow_runs', conditions.flow_runs);
  supportNothing('task_runs', conditions.task_runs);
  supportNothing('work_pools', conditions.work_pools);
  supportNothing('work_queues', conditions.work_queues ?? conditions.work_pool_queues);
  const filter = flowFilter(conditions.flows);
  if (!says(conditions.deployments)) return filter;
  const deployments = await plane.deployments.list(
    await deploymentFilter(plane, { deployments: conditions.deployments }),
  );
  return given({ ...filter, names: both(filter.names, [...new Set(deployments.map(({ flowName }) => flowName))]) });
}

/** Names of the flows that fit; undefined when nothing is said of them. */
export async function flowNamesOf(
  plane: Plane,
  flows: FlowFilter | null | undefined,
): Promise<readonly string[] | undefined> {
  if (!says(flows)) return undefined;
  const filter = flowFilter(flows);
  if (filter.names !== undefined && Object.keys(filter).length === 1) return filter.names;
  return (await plane.runs.flows.list(filter, { limit: MOST_FLOWS })).map(({ name }) => name);
}
