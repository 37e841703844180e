import type { HandlersOf } from '@champion/contract';
import { ChampionError } from '@champion/core';
import { flowRunFilter } from '../filters/flow-runs.ts';
import { taskRunFilter } from '../filters/task-runs.ts';
import type { ApiParts } from '../parts.ts';
import { wireNextRun, wireRunBar } from '../wire/flow-run.ts';
import { RUN_SORTS } from './flow-runs.ts';
import { range } from './pages.ts';

/** Parts that the dashboard's chart has. */
const PARTS = 20;

export function chartHandlers({ plane, clock }: ApiParts): HandlersOf<'charts'> {
  const { flowRuns, taskRuns, flows } = plane.runs;
  return {
    readRunBars: async ({ body }) => {
      const sort = RUN_SORTS[body.sort ?? 'EXPECTED_START_TIME_DESC'];
      const { rows } = await flowRuns.list(await flowRunFilter(plane, body), { sort, ...range(body) });
      const now = clock.now();
      return rows.map((row) => wireRunBar(row, now));
    },
    countTaskRunsByFlowRun: async ({ body }) => Object.fromEntries(await flowRuns.countTaskRuns(body.flow_run_ids)),
    countDeploymentsByFlow: async ({ body }) => {
      const counts = await flows.countDeployments(body.flow_ids);
      return Object.fromEntries(body.flow_ids.map((id) => [id, counts.get(id) ?? 0]));
    },
    readNextRunsByFlow: async ({ body }) => {
      const known = await flows.list({ ids: body.flow_ids });
      const next = await flowRuns.nextOfFlows(known.map(({ name }) => name));
      const nameOf = new Map(known.map(({ id, name }) => [id, name]));
      return Object.fromEntries(
        body.flow_ids.map((flowId) => {
          const run = next.get(nameOf.get(flowId) ?? '');
          return [flowId, run === undefined ? null : wireNextRun({ ...run, flowId })];
        }),
      );
    },
    countTaskRunsByState: async ({ body }) => {
      const filter = await taskRunFilter(plane, body);
      const count = async (...types: ('COMPLETED' | 'FAILED' | 'CRASHED')[]) => {
        const stateTypes = filter.stateTypes?.filter((type) => types.some((each) => each === type)) ?? types;
        return (await taskRuns.count({ ...filter, stateTypes })).count;
      };
      const [completed, failed] = await Promise.all([count('COMPLETED'), count('FAILED', 'CRASHED')]);
      return { completed, failed };
    },
    readTaskRunCounts: async ({ body }) => {
      const { start, ...filter } = await taskRunFilter(plane, body);
      if (start?.from === undefined) {
        throw new ChampionError('The counts of a span need its beginning', {
          code: 'INVALID_INPUT',
          hint: 'Give task_runs.start_time.after_, and before_ if it does not end now.',
        });
      }
      const { from, to = clock.now() } = start;
      const intervalSeconds = (to.getTime() - from.getTime()) / 1000 / PARTS;
      const buckets = await taskRuns.countByBucket({ from, to, intervalSeconds, filter });
      return buckets.map(({ counts }) => ({
        completed: counts.COMPLETED ?? 0,
        failed: (counts.FAILED ?? 0) + (counts.CRASHED ?? 0),
      }));
    },
  };
}
