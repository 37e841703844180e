import { type FlowRunFilter, STATE_TYPES, type StateType } from '@champion/contract';
import type { FlowRunFilter as EngineFilter, TimeWindow } from '@champion/engine';
import type { Plane } from '../parts.ts';
import type { Conditions } from './conditions.ts';
import { deploymentIdsOf } from './deployments.ts';
import { flowNamesOf } from './flows.ts';
import { both, given, says, supportOnly, window } from './support.ts';
import { queueIdsOf } from './work.ts';

const SUPPORTED = [
  'id.any_',
  'name.any_',
  'name.like_',
  'tags.all_',
  'tags.any_',
  'deployment_id.any_',
  'work_queue_name.any_',
  'state.type.any_',
  'state.type.not_any_',
  'state.name.any_',
  'state.name.not_any_',
  'start_time.before_',
  'start_time.after_',
  'end_time.before_',
  'end_time.after_',
  'expected_start_time.before_',
  'expected_start_time.after_',
  'next_scheduled_start_time.before_',
  'next_scheduled_start_time.after_',
  'parent_flow_run_id.any_',
  'parent_task_run_id.is_null_',
  'idempotency_key.any_',
];

/** @throws ChampionError INVALID_INPUT for a condition that runs can't be selected by */
export async function flowRunFilter(plane: Plane, conditions: Conditions): Promise<EngineFilter> {
  supportOnly('task_runs', conditions.task_runs, ['id.any_', 'flow_run_id.any_']);
  const [flowNames, deploymentIds, workQueueIds, ofTasks] = await Promise.all([
    flowNamesOf(plane, conditions.flows),
    deploymentIdsOf(plane, conditions.deployments),
    queueIdsOf(plane, conditions),
    flowRunsOfTasks(plane, conditions.task_runs),
  ]);
  const own = ownFilter(conditions.flow_runs);
  return given({
    ...own,
    ids: both(own.ids, ofTasks),
    flowNames,
    deploymentIds: both(own.deploymentIds, deploymentIds),
    workQueueIds,
  });
}

function ownFilter(runs: FlowRunFilter | null | undefined): EngineFilter {
  supportOnly('flow_runs', runs, SUPPORTED);
  const scheduled = window(runs?.next_scheduled_start_time);
  const expected = overlap(window(runs?.expected_start_time), scheduled);
  // Prefect's clients leave child runs out by asking for runs without a task as their parent.
  const alone = runs?.parent_task_run_id?.is_null_;
  return given({
    ids: runs?.id?.any_ ?? undefined,
    names: runs?.name?.any_ ?? undefined,
    nameContains: runs?.name?.like_ ?? undefined,
    allTags: runs?.tags?.all_ ?? undefined,
    anyTags: runs?.tags?.any_ ?? undefined,
    deploymentIds: runs?.deployment_id?.any_ ?? undefined,
    workQueueNames: runs?.work_queue_name?.any_ ?? undefined,
    stateTypes: both(stateTypesOf(runs?.state?.type), scheduled === undefined ? undefined : (['SCHEDULED'] as const)),
    stateNames: runs?.state?.name?.any_ ?? undefined,
    exceptStateNames: runs?.state?.name?.not_any_ ?? undefined,
    start: window(runs?.start_time),
    end: window(runs?.end_time),
    expectedStart: expected,
    parentIds: runs?.parent_flow_run_id?.any_ ?? undefined,
    hasParent: alone == null ? undefined : !alone,
    idempotencyKeys: runs?.idempotency_key?.any_ ?? undefined,
  });
}

/** Every type but those that are ruled out. */
export function stateTypesOf(
  type:
    | {
        readonly any_?: readonly StateType[] | null | undefined;
        readonly not_any_?: readonly StateType[] | null | undefined;
      }
    | null
    | undefined,
): StateType[] | undefined {
  const without = type?.not_any_;
  return both(type?.any_, without == null ? undefined : STATE_TYPES.filter((each) => !without.includes(each)));
}

function overlap(one: TimeWindow | undefined, other: TimeWindow | undefined): TimeWindow | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const from = [one.from, other.from].filter((at) => at !== undefined).sort((a, b) => b.getTime() - a.getTime())[0];
  const to = [one.to, other.to].filter((at) => at !== undefined).sort((a, b) => a.getTime() - b.getTime())[0];
  return given({ from, to });
}

async function flowRunsOfTasks(plane: Plane, tasks: Conditions['task_runs']): Promise<string[] | undefined> {
  if (!says(tasks)) return undefined;
  const ids = tasks?.id?.any_;
  const of = ids == null ? undefined : (await plane.runs.taskRuns.list({ ids })).map(({ flowRunId }) => flowRunId);
  return both(of, tasks?.flow_run_id?.any_);
}
