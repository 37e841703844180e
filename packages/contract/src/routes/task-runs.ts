import { z } from 'zod';
import type { RouteTable } from '../route.ts';
import { Count, Id } from '../schemas/common.ts';
import { Conditions } from '../schemas/filters.ts';
import { HistoryQuery } from '../schemas/flow-run.ts';
import { HistoryInterval, State } from '../schemas/state.ts';
import { TaskRun, TaskRunQuery } from '../schemas/task-run.ts';

export const taskRunRoutes = {
  filterTaskRuns: {
    method: 'POST',
    path: '/task_runs/filter',
    tag: 'task runs',
    summary: 'List task runs',
    body: TaskRunQuery,
    responses: { 200: z.array(TaskRun) },
  },
  countTaskRuns: {
    method: 'POST',
    path: '/task_runs/count',
    tag: 'task runs',
    summary: 'Count task runs',
    body: z.object(Conditions),
    responses: { 200: Count },
  },
  readTaskRunHistory: {
    method: 'POST',
    path: '/task_runs/history',
    tag: 'task runs',
    summary: 'How many task runs were in each state, interval by interval',
    body: HistoryQuery,
    responses: { 200: z.array(HistoryInterval) },
  },
  readTaskRun: {
    method: 'GET',
    path: '/task_runs/{id}',
    tag: 'task runs',
    summary: 'One task run',
    params: z.object({ id: Id }),
    responses: { 200: TaskRun },
  },
  listTaskRunStates: {
    method: 'GET',
    path: '/task_run_states',
    tag: 'task runs',
    summary: 'The states that a task run went through, oldest first',
    query: z.object({ task_run_id: Id }),
    responses: { 200: z.array(State) },
  },
} as const satisfies RouteTable;
