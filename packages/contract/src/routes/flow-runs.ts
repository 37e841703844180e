import { z } from 'zod';
import type { RouteTable } from '../route.ts';
import { Count, Id, Instant, JsonObject, paginated } from '../schemas/common.ts';
import { EventType, RunEvent } from '../schemas/event.ts';
import { Conditions } from '../schemas/filters.ts';
import {
  FlowRun,
  FlowRunCreate,
  FlowRunDetail,
  FlowRunPageQuery,
  FlowRunQuery,
  FlowRunUpdate,
  HistoryQuery,
  RunGraph,
  SetStateRequest,
} from '../schemas/flow-run.ts';
import { LiveEvent } from '../schemas/live.ts';
import { Log, LogCreate, LogLevel, LogQuery, RunLog } from '../schemas/log.ts';
import { HistoryInterval, OrchestrationResult, State } from '../schemas/state.ts';
import { TaskRunDetail } from '../schemas/task-run.ts';

const byId = z.object({ id: Id });

export const flowRunRoutes = {
  listFlowRuns: {
    method: 'GET',
    path: '/flow_runs',
    tag: 'flow runs',
    summary: 'The latest runs',
    query: z.object({
      limit: z.int().min(1).max(200).default(20),
      /** Id of the last run of the page before. */
      after: Id.optional(),
      flow_name: z.string().optional(),
      state: z.string().optional(),
    }),
    responses: { 200: z.array(FlowRun) },
  },
  createFlowRun: {
    method: 'POST',
    path: '/flow_runs',
    tag: 'flow runs',
    summary: 'Record a run that the client executes itself',
    body: FlowRunCreate,
    responses: { 201: FlowRun, 200: FlowRun },
  },
  filterFlowRuns: {
    method: 'POST',
    path: '/flow_runs/filter',
    tag: 'flow runs',
    summary: 'List runs',
    body: FlowRunQuery,
    responses: { 200: z.array(FlowRun) },
  },
  countFlowRuns: {
    method: 'POST',
    path: '/flow_runs/count',
    tag: 'flow runs',
    summary: 'Count runs',
    body: z.object(Conditions),
    responses: { 200: Count },
  },
  paginateFlowRuns: {
    method: 'POST',
    path: '/flow_runs/paginate',
    tag: 'flow runs',
    summary: 'List runs by numbered pages',
    body: FlowRunPageQuery,
    responses: { 200: paginated(FlowRun) },
  },
  readFlowRunHistory: {
    method: 'POST',
    path: '/flow_runs/history',
    tag: 'flow runs',
    summary: 'How many runs were in each state, interval by interval',
    body: HistoryQuery,
    responses: { 200: z.array(HistoryInterval) },
  },
  readFlowRun: {
    method: 'GET',
    path: '/flow_runs/{id}',
    tag: 'flow runs',
    summary: 'One run, with its duration and latest log lines',
    params: byId,
    responses: { 200: FlowRunDetail },
  },
  updateFlowRun: {
    method: 'PATCH',
    path: '/flow_runs/{id}',
    tag: 'flow runs',
    summary: 'Rename or tag a run',
    params: byId,
    body: FlowRunUpdate,
    responses: { 204: null },
  },
  deleteFlowRun: {
    method: 'DELETE',
    path: '/flow_runs/{id}',
    tag: 'flow runs',
    summary: 'Delete the record of a run that has ended',
    params: byId,
    responses: { 204: null },
  },
  setFlowRunState: {
    method: 'POST',
    path: '/flow_runs/{id}/set_state',
    tag: 'flow runs',
    summary: 'Ask for a state, as Prefect does it: CANCELLING cancels',
    params: byId,
    body: SetStateRequest,
    responses: { 201: OrchestrationResult, 200: OrchestrationResult },
  },
  resumeFlowRun: {
    method: 'POST',
    path: '/flow_runs/{id}/resume',
    tag: 'flow runs',
    summary: 'Let a paused run go on',
    params: byId,
    body: z.object({ run_input: JsonObject.nullish() }),
    responses: { 201: OrchestrationResult, 200: OrchestrationResult },
  },
  cancelFlowRun: {
    method: 'POST',
    path: '/flow_runs/{id}/cancel',
    tag: 'flow runs',
    summary: 'End a run and its children; one that has ended stays as it is',
    params: byId,
    body: z.object({ reason: z.string().max(1000).optional() }),
    responses: { 200: FlowRun },
  },
  retryFlowRun: {
    method: 'POST',
    path: '/flow_runs/{id}/retry',
    tag: 'flow runs',
    summary: 'Run it again as it was: a new run',
    params: byId,
    responses: { 201: FlowRun },
  },
  restartFlowRun: {
    method: 'POST',
    path: '/flow_runs/{id}/restart',
    tag: 'flow runs',
    summary: 'Run it again from a task on, with the results of those before: a new run',
    params: byId,
    body: z.object({
      /** A task's key within the run, for example "parse_polars_raw-0". */
      from: z.string().min(1),
    }),
    responses: { 201: FlowRun },
  },
  cloneFlowRun: {
    method: 'POST',
    path: '/flow_runs/{id}/clone',
    tag: 'flow runs',
    summary: 'Run it again with other parameters: a new run',
    params: byId,
    body: z.object({
      /** In place of those that it had; the others stay. */
      parameters: JsonObject.optional(),
      name: z.string().min(1).optional(),
    }),
    responses: { 201: FlowRun },
  },
  readFlowRunGraph: {
    method: 'GET',
    path: '/flow_runs/{id}/graph-v2',
    tag: 'flow runs',
    summary: "A run's tasks and what they were given by one another",
    params: byId,
    query: z.object({ since: Instant.optional() }),
    responses: { 200: RunGraph },
  },
  listFlowRunTasks: {
    method: 'GET',
    path: '/flow_runs/{id}/task_runs',
    tag: 'flow runs',
    summary: "A run's tasks with each of their attempts, in order",
    params: byId,
    responses: { 200: z.array(TaskRunDetail) },
  },
  listFlowRunLogs: {
    method: 'GET',
    path: '/flow_runs/{id}/logs',
    tag: 'flow runs',
    summary: "A run's log, from a line on",
    params: byId,
    query: z.object({
      /** Id of the last line that the client has. */
      after: z.int().nonnegative().optional(),
      limit: z.int().min(1).max(1000).default(200),
      /** Lines of this level and above. */
      level: LogLevel.optional(),
      task_run_id: Id.optional(),
    }),
    responses: { 200: z.array(RunLog) },
  },
  listFlowRunStates: {
    method: 'GET',
    path: '/flow_run_states',
    tag: 'flow runs',
    summary: 'The states that a run went through, oldest first',
    query: z.object({ flow_run_id: Id }),
    responses: { 200: z.array(State) },
  },
  createLogs: {
    method: 'POST',
    path: '/logs',
    tag: 'logs',
    summary: 'Record lines of runs that the client executes itself',
    body: z.array(LogCreate).max(10_000),
    responses: { 201: z.null() },
  },
  filterLogs: {
    method: 'POST',
    path: '/logs/filter',
    tag: 'logs',
    summary: "Lines of runs' logs",
    body: LogQuery,
    responses: { 200: z.array(Log) },
  },
  streamEvents: {
    method: 'GET',
    path: '/events',
    tag: 'events',
    summary: 'What happens in runs, as it happens; with flow_run_id it ends when the run has',
    query: z.object({ flow_run_id: Id.optional(), types: z.array(EventType).optional() }),
    responses: { 200: null },
    stream: RunEvent,
  },
  streamLive: {
    method: 'GET',
    path: '/live',
    tag: 'events',
    summary: 'What a page lives on: the states of all runs, everything of the runs followed, and how the platform is',
    query: z.object({ follow: z.array(Id).max(20).optional() }),
    responses: { 200: null },
    stream: LiveEvent,
  },
} as const satisfies RouteTable;
