import type { DeploymentFilter as EngineFilter } from '@champion/engine';
import type { Plane } from '../parts.ts';
import type { Conditions } from './conditions.ts';
import { flowNamesOf, MOST_FLOWS } from './flows.ts';
import { both, given, says, supportNothing, supportOnly } from './support.ts';
import { queueIdsOf } from './work.ts';

const SUPPORTED = [
  'id.any_',
  'name.any_',
  'name.like_',
  'flow_or_deployment_name.like_',
  'paused.eq_',
  'tags.all_',
  'work_queue_name.any_',
];

export async function deploymentFilter(plane: Plane, conditions: Conditions): Promise<EngineFilter> {
  supportNothing('flow_runs', conditions.flow_runs);
  supportNothing('task_runs', conditions.task_runs);
  const { deployments } = conditions;
  supportOnly('deployments', deployments, SUPPORTED);
  const queueNames = deployments?.work_queue_name?.any_;
  const [flowNames, queues, ofNamedQueues, found] = await Promise.all([
    flowNamesOf(plane, conditions.flows),
    queueIdsOf(plane, conditions),
    queueNames == null ? undefined : queueIdsOf(plane, { work_queues: { name: { any_: queueNames } } }),
    searched(plane, deployments?.flow_or_deployment_name?.like_),
  ]);
  return given({
    ids: both(deployments?.id?.any_, found),
    flowNames,
    names: deployments?.name?.any_ ?? undefined,
    nameLike: deployments?.name?.like_ ?? undefined,
    tags: deployments?.tags?.all_ ?? undefined,
    paused: deployments?.paused?.eq_ ?? undefined,
    workQueueIds: both(queues, ofNamedQueues),
  });
}

/** Ids of the deployments that fit; undefined when nothing is said of them. */
export async function deploymentIdsOf(
  plane: Plane,
  deployments: Conditions['deployments'],
): Promise<readonly string[] | undefined> {
  if (!says(deployments)) return undefined;
  const filter = await deploymentFilter(plane, { deployments });
  if (filter.ids !== undefined && Object.keys(filter).length === 1) return filter.ids;
  return (await plane.deployments.list(filter)).map(({ id }) => id);
}

/** Those whose own name or whose flow's name contains the text. */
async function searched(plane: Plane, text: string | null | undefined): Promise<string[] | undefined> {
  if (text == null || text === '') return undefined;
  const flows = await plane.runs.flows.list({ nameContains: text }, { limit: MOST_FLOWS });
  const [byName, byFlow] = await Promise.all([
    plane.deployments.list({ nameLike: text }),
    plane.deployments.list({ flowNames: flows.map(({ name }) => name) }),
  ]);
  return [...new Set([...byName, ...byFlow].map(({ id }) => id))];
}
