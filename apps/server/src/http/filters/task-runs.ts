import type { TaskRunFilter as EngineFilter } from '@champion/engine';
import type { Plane } from '../parts.ts';
import type { Conditions } from './conditions.ts';
import { flowRunFilter, stateTypesOf } from './flow-runs.ts';
import { both, given, says, supportOnly, window } from './support.ts';

const SUPPORTED = [
  'id.any_',
  'name.any_',
  'name.like_',
  'state.type.any_',
  'state.type.not_any_',
  'state.name.any_',
  'start_time.before_',
  'start_time.after_',
  'expected_start_time.before_',
  'expected_start_time.after_',
  'flow_run_id.any_',
];
/** Runs whose tasks are looked at, where a client says which by anything but their ids. */
const MOST_RUNS = 1_000;

export async function taskRunFilter(plane: Plane, conditions: Conditions): Promise<EngineFilter> {
  const { task_runs: tasks, ...ofRuns } = conditions;
  supportOnly('task_runs', tasks, SUPPORTED);
  // A task is expected to start when it does.
  const start = window(tasks?.start_time) ?? window(tasks?.expected_start_time);
  return given({
    ids: tasks?.id?.any_ ?? undefined,
    names: tasks?.name?.any_ ?? undefined,
    nameContains: tasks?.name?.like_ ?? undefined,
    stateTypes: stateTypesOf(tasks?.state?.type),
    stateNames: tasks?.state?.name?.any_ ?? undefined,
    flowRunIds: both(tasks?.flow_run_id?.any_, await flowRunIds(plane, ofRuns)),
    start,
  });
}

/** The latest runs that fit; undefined when nothing is said of them. */
export async function flowRunIds(plane: Plane, conditions: Conditions): Promise<string[] | undefined> {
  if (!Object.values(conditions).some(says)) return undefined;
  const filter = await flowRunFilter(plane, conditions);
  if (filter.ids !== undefined && Object.keys(filter).length === 1) return [...filter.ids];
  const { rows } = await plane.runs.flowRuns.list(filter, { limit: MOST_RUNS });
  return rows.map(({ id }) => id);
}
