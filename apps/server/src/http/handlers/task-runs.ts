import type { HandlersOf } from '@champion/contract';
import { ChampionError } from '@champion/core';
import { taskRunFilter } from '../filters/task-runs.ts';
import type { ApiParts } from '../parts.ts';
import { wireTaskHistory } from '../wire/history.ts';
import { wireState } from '../wire/state.ts';
import { wireTaskRun } from '../wire/task-run.ts';
import { missing } from './find.ts';
import { range } from './pages.ts';

export function taskRunHandlers({ plane, clock }: ApiParts): HandlersOf<'task runs'> {
  const { taskRuns } = plane.runs;
  const find = async (id: string) =>
    (await taskRuns.find(id)) ?? missing('task run', id, 'champion flow-run inspect RUN');
  return {
    filterTaskRuns: async ({ body }) => {
      const rows = await taskRuns.list(await taskRunFilter(plane, body), { order: orderOf(body.sort), ...range(body) });
      const now = clock.now();
      return rows.map((row) => wireTaskRun(row, now));
    },
    countTaskRuns: async ({ body }) => (await taskRuns.count(await taskRunFilter(plane, body))).count,
    readTaskRunHistory: async ({ body }) =>
      wireTaskHistory(
        await taskRuns.countByBucket({
          from: new Date(body.history_start),
          to: new Date(body.history_end),
          intervalSeconds: body.history_interval_seconds,
          filter: await taskRunFilter(plane, body),
        }),
      ),
    readTaskRun: async ({ params }) => wireTaskRun(await find(params.id), clock.now()),
    listTaskRunStates: async ({ query }) => {
      const { id, flowRunId } = await find(query.task_run_id);
      const states = await plane.runs.states.ofTaskRun(id);
      return states.map((state) => wireState(state, { flowRunId, taskRunId: id }));
    },
  };
}

/** Task runs are listed by when they began. */
function orderOf(sort: string | null | undefined): 'asc' | 'desc' {
  if (sort == null || sort === 'EXPECTED_START_TIME_DESC' || sort === 'ID_DESC') return 'desc';
  if (sort === 'EXPECTED_START_TIME_ASC') return 'asc';
  throw new ChampionError(`Champion does not sort task runs by ${sort}`, {
    code: 'INVALID_INPUT',
    hint: 'Sort by EXPECTED_START_TIME_ASC or EXPECTED_START_TIME_DESC.',
    context: { sort },
  });
}
