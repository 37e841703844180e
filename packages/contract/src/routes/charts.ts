import { z } from 'zod';
import type { RouteTable } from '../route.ts';
import { Count, Id } from '../schemas/common.ts';
import { Conditions } from '../schemas/filters.ts';
import { NextRun, RunBar, RunBarQuery, TaskRunCounts } from '../schemas/ui.ts';

const conditions = z.object(Conditions);
const ofRuns = z.object({ flow_run_ids: z.array(Id).max(200) });
const ofFlows = z.object({ flow_ids: z.array(Id).max(200) });

export const chartRoutes = {
  readRunBars: {
    method: 'POST',
    path: '/ui/flow_runs/history',
    tag: 'charts',
    summary: 'Runs as the bars of a chart',
    body: RunBarQuery,
    responses: { 200: z.array(RunBar) },
  },
  countTaskRunsByFlowRun: {
    method: 'POST',
    path: '/ui/flow_runs/count-task-runs',
    tag: 'charts',
    summary: 'How many task runs each run has',
    body: ofRuns,
    responses: { 200: z.record(z.string(), Count) },
  },
  countDeploymentsByFlow: {
    method: 'POST',
    path: '/ui/flows/count-deployments',
    tag: 'charts',
    summary: 'How many deployments each flow has',
    body: ofFlows,
    responses: { 200: z.record(z.string(), Count) },
  },
  readNextRunsByFlow: {
    method: 'POST',
    path: '/ui/flows/next-runs',
    tag: 'charts',
    summary: 'The next scheduled run of each flow',
    body: ofFlows,
    responses: { 200: z.record(z.string(), NextRun.nullable()) },
  },
  countTaskRunsByState: {
    method: 'POST',
    path: '/ui/task_runs/count',
    tag: 'charts',
    summary: 'How many task runs completed and failed',
    body: conditions,
    responses: { 200: TaskRunCounts },
  },
  readTaskRunCounts: {
    method: 'POST',
    path: '/ui/task_runs/dashboard/counts',
    tag: 'charts',
    summary: 'How many task runs completed and failed, in equal parts of the span that the filter names',
    body: conditions,
    responses: { 200: z.array(TaskRunCounts) },
  },
} as const satisfies RouteTable;
