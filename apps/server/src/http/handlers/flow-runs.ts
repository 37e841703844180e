import { type HandlersOf, STATE_TYPES, type StateType, type TaskRunDetail } from '@champion/contract';
import { ChampionError } from '@champion/core';
import type { FlowRunFilter, FlowRunSort, TaskRunSummary } from '@champion/engine';
import { flowRunFilter } from '../filters/flow-runs.ts';
import { given } from '../filters/support.ts';
import type { ApiParts, Plane } from '../parts.ts';
import { wireFlowRun, wireFlowRunDetail } from '../wire/flow-run.ts';
import { wireGraph } from '../wire/graph.ts';
import { wireHistory } from '../wire/history.ts';
import { wireRunLog } from '../wire/log.ts';
import { wireState } from '../wire/state.ts';
import { wireTaskRunDetail } from '../wire/task-run.ts';
import { createFlowRun } from './create-run.ts';
import { findFlowRun, missing } from './find.ts';
import { LEVELS, readLines } from './log-lines.ts';
import { numbered, range, slice } from './pages.ts';
import { checkingParameters } from './parameters.ts';
import { resume, setState } from './set-state.ts';

export const RUN_SORTS = {
  ID_DESC: 'idDesc',
  START_TIME_ASC: 'startTimeAsc',
  START_TIME_DESC: 'startTimeDesc',
  EXPECTED_START_TIME_ASC: 'expectedStartAsc',
  EXPECTED_START_TIME_DESC: 'expectedStartDesc',
  NAME_ASC: 'nameAsc',
  NAME_DESC: 'nameDesc',
  NEXT_SCHEDULED_START_TIME_ASC: 'nextScheduledAsc',
  END_TIME_DESC: 'endTimeDesc',
} as const satisfies Record<string, FlowRunSort>;

/** Lines that a run's detail shows. */
const SHOWN_LINES = 200;
const TASKS_PER_PAGE = 1_000;
const MOST_TASKS = 10_000;

export function flowRunHandlers(parts: ApiParts): HandlersOf<'flow runs'> {
  const { plane, clock } = parts;
  const { flowRuns, logLines } = plane.runs;
  const wireOf = async (id: string) => wireFlowRun(await findFlowRun(plane, id), clock.now());
  return {
    listFlowRuns: async ({ query }) => {
      const now = clock.now();
      const filter = given({
        flowNames: query.flow_name === undefined ? undefined : [query.flow_name],
        ...stateFilter(query.state),
        // The latest are those whose time has come; who wants those to come asks for them.
        expectedStart: query.state === undefined ? { to: now } : undefined,
      });
      const { rows } = await flowRuns.list(filter, {
        limit: query.limit,
        ...(query.after === undefined ? {} : { afterId: query.after }),
      });
      return rows.map((row) => wireFlowRun(row, now));
    },
    createFlowRun: ({ body }) => createFlowRun(parts, body),
    filterFlowRuns: async ({ body }) => {
      const { rows } = await flowRuns.list(await flowRunFilter(plane, body), {
        sort: RUN_SORTS[body.sort ?? 'EXPECTED_START_TIME_DESC'],
        ...range(body),
        ...(body.after == null ? {} : { afterId: body.after }),
      });
      const now = clock.now();
      return rows.map((row) => wireFlowRun(row, now));
    },
    countFlowRuns: async ({ body }) => (await flowRuns.count(await flowRunFilter(plane, body))).count,
    paginateFlowRuns: async ({ body }) => {
      const filter = await flowRunFilter(plane, body);
      const sort = RUN_SORTS[body.sort ?? 'EXPECTED_START_TIME_DESC'];
      const [{ rows }, { count }] = await Promise.all([
        flowRuns.list(filter, { sort, ...slice(body) }),
        flowRuns.count(filter),
      ]);
      const now = clock.now();
      return numbered(
        rows.map((row) => wireFlowRun(row, now)),
        count,
        body,
      );
    },
    readFlowRunHistory: async ({ body }) =>
      wireHistory(
        await flowRuns.history({
          from: new Date(body.history_start),
          to: new Date(body.history_end),
          intervalSeconds: body.history_interval_seconds,
          filter: await flowRunFilter(plane, body),
          detail: true,
          now: clock.now(),
        }),
      ),
    readFlowRun: async ({ params }) => {
      const [run, lines] = await Promise.all([
        findFlowRun(plane, params.id),
        logLines.tail({ flowRunIds: [params.id] }, SHOWN_LINES),
      ]);
      return wireFlowRunDetail(run, lines.map(wireRunLog), clock.now());
    },
    updateFlowRun: async ({ params, body }) => {
      const { name, tags, ...others } = body;
      const other = Object.entries(others).find(([, value]) => value != null);
      if (other !== undefined) {
        throw new ChampionError(`${other[0]} of a run cannot be changed`, {
          code: 'INVALID_INPUT',
          hint: `For other parameters make another run: POST /api/flow_runs/${params.id}/clone.`,
          context: { id: params.id },
        });
      }
      await plane.control.update(params.id, given({ name: name ?? undefined, tags: tags ?? undefined }));
    },
    deleteFlowRun: ({ params }) => plane.control.delete(params.id),
    setFlowRunState: ({ params, body }) => setState(plane, params.id, body.state),
    resumeFlowRun: ({ params }) => resume(plane, params.id),
    cancelFlowRun: async ({ params, body }) => {
      await plane.control.cancel(params.id, body.reason);
      return wireOf(params.id);
    },
    retryFlowRun: async ({ params }) => wireOf((await plane.control.retry(params.id)).id),
    restartFlowRun: async ({ params, body }) => wireOf((await plane.control.restart(params.id, body.from)).id),
    cloneFlowRun: async ({ params, body }) =>
      wireOf((await checkingParameters(() => plane.control.clone(params.id, given(body)))).id),
    readFlowRunGraph: async ({ params }) => {
      const [graph, tasks] = await Promise.all([plane.runs.graph(params.id), tasksOf(plane, params.id)]);
      if (graph === undefined) return missing('flow run', params.id, 'champion flow-run ls');
      return wireGraph(graph, new Map(tasks.map(({ id, dynamicKey }) => [id, dynamicKey])));
    },
    listFlowRunTasks: async ({ params }): Promise<TaskRunDetail[]> => {
      const [run, tasks] = await Promise.all([plane.runs.get(params.id), tasksOf(plane, params.id)]);
      if (run === undefined) return missing('flow run', params.id, 'champion flow-run ls');
      const details = new Map(run.taskRuns.map((task) => [task.id, task]));
      const now = clock.now();
      return tasks.map((task) => {
        const { result = null, error = null, attempts = [] } = details.get(task.id) ?? {};
        return wireTaskRunDetail({ ...task, result, error, attempts }, now);
      });
    },
    listFlowRunLogs: async ({ params, query }) => {
      await findFlowRun(plane, params.id);
      const filter = given({
        flowRunIds: [params.id],
        taskRunIds: query.task_run_id === undefined ? undefined : [query.task_run_id],
        minimumLevel: query.level === undefined ? undefined : LEVELS[query.level],
      });
      const lines = await readLines(logLines, filter, {
        limit: query.limit,
        ...(query.after === undefined ? {} : { after: query.after }),
      });
      return lines.map(wireRunLog);
    },
    listFlowRunStates: async ({ query }) => {
      const states = await plane.runs.states.ofFlowRun(query.flow_run_id);
      if (states.length === 0) await findFlowRun(plane, query.flow_run_id);
      return states.map((state) => wireState(state, { flowRunId: query.flow_run_id }));
    },
  };
}

/** A state's type in any case, or its name. */
function stateFilter(text: string | undefined): Pick<FlowRunFilter, 'stateTypes' | 'stateNames'> {
  if (text === undefined) return {};
  const type = text.toUpperCase() as StateType;
  return STATE_TYPES.includes(type) ? { stateTypes: [type] } : { stateNames: [text] };
}

async function tasksOf(plane: Plane, flowRunId: string): Promise<TaskRunSummary[]> {
  const tasks: TaskRunSummary[] = [];
  while (tasks.length < MOST_TASKS) {
    const page = await plane.runs.taskRuns.list(
      { flowRunIds: [flowRunId] },
      { order: 'asc', limit: TASKS_PER_PAGE, offset: tasks.length },
    );
    tasks.push(...page);
    if (page.length < TASKS_PER_PAGE) break;
  }
  return tasks;
}
