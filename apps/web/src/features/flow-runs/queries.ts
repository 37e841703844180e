import type { FlowRunQuery, StateType } from '@champion/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';
import type { RunConditions } from './search.ts';

/** Rows of one page of the table: the most that the API gives at once. */
export const RUN_PAGE = 200;

/** Types of states that a run has once it has begun. */
const BEGUN: StateType[] = ['RUNNING', 'COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED', 'CANCELLING', 'PAUSED'];

// Keys: everything of lists begins with "flow-runs", everything of one run with "flow-run" and its id. app/live.ts marks
// them by these beginnings.
export const runQueries = {
  count: (conditions: RunConditions) =>
    queryOptions({
      queryKey: ['flow-runs', 'count', conditions],
      queryFn: ({ signal }) => api().countFlowRuns({ body: conditions, signal }),
      placeholderData: keepPreviousData,
    }),
  /** The `page`th 200 rows, from 0. */
  page: (conditions: RunConditions, sort: FlowRunQuery['sort'], page: number) =>
    queryOptions({
      queryKey: ['flow-runs', 'page', conditions, sort, page],
      queryFn: ({ signal }) =>
        api().filterFlowRuns({ body: { ...conditions, sort, limit: RUN_PAGE, offset: page * RUN_PAGE }, signal }),
      gcTime: 60_000,
    }),
  /** For charts: duration over time, the latest first. */
  bars: (conditions: RunConditions, limit: number) =>
    queryOptions({
      queryKey: ['flow-runs', 'bars', conditions, limit],
      queryFn: ({ signal }) =>
        api().readRunBars({ body: { ...conditions, sort: 'EXPECTED_START_TIME_DESC', limit }, signal }),
      placeholderData: keepPreviousData,
    }),
  /** Runs whose name has this text, the latest first. */
  search: (text: string) =>
    queryOptions({
      queryKey: ['flow-runs', 'search', text],
      queryFn: ({ signal }) =>
        api().filterFlowRuns({
          body: {
            sort: 'START_TIME_DESC',
            limit: 8,
            ...(text === '' ? {} : { flow_runs: { name: { like_: text } } }),
          },
          signal,
        }),
      placeholderData: keepPreviousData,
    }),
  /** The last runs that have begun, of one flow, the latest first. */
  recentOfFlow: (flowName: string, limit: number) =>
    queryOptions({
      queryKey: ['flow-runs', 'recent', flowName, limit],
      queryFn: ({ signal }) =>
        api().filterFlowRuns({
          body: {
            sort: 'START_TIME_DESC',
            limit,
            flows: { name: { any_: [flowName] } },
            flow_runs: { state: { type: { any_: BEGUN } } },
          },
          signal,
        }),
      placeholderData: keepPreviousData,
    }),
  /** What went wrong lately, the latest first. */
  failures: (since: string) =>
    queryOptions({
      queryKey: ['flow-runs', 'failures', since],
      queryFn: ({ signal }) =>
        api().filterFlowRuns({
          body: {
            sort: 'END_TIME_DESC',
            limit: 50,
            flow_runs: { state: { type: { any_: ['FAILED', 'CRASHED'] } }, end_time: { after_: since } },
          },
          signal,
        }),
      placeholderData: keepPreviousData,
    }),
  upcoming: (limit: number) =>
    queryOptions({
      queryKey: ['flow-runs', 'upcoming', limit],
      queryFn: ({ signal }) =>
        api().filterFlowRuns({
          body: {
            sort: 'NEXT_SCHEDULED_START_TIME_ASC',
            limit,
            flow_runs: { state: { type: { any_: ['SCHEDULED', 'PENDING'] } } },
          },
          signal,
        }),
    }),
  running: () =>
    queryOptions({
      queryKey: ['flow-runs', 'running'],
      queryFn: ({ signal }) =>
        api().filterFlowRuns({
          body: {
            sort: 'START_TIME_DESC',
            limit: 50,
            flow_runs: { state: { type: { any_: ['RUNNING', 'CANCELLING'] } } },
          },
          signal,
        }),
    }),
  detail: (id: string) =>
    queryOptions({
      queryKey: ['flow-run', id, 'detail'],
      queryFn: ({ signal }) => api().readFlowRun({ params: { id }, signal }),
    }),
  tasks: (id: string) =>
    queryOptions({
      queryKey: ['flow-run', id, 'tasks'],
      queryFn: ({ signal }) => api().listFlowRunTasks({ params: { id }, signal }),
    }),
  graph: (id: string) =>
    queryOptions({
      queryKey: ['flow-run', id, 'graph'],
      queryFn: ({ signal }) => api().readFlowRunGraph({ params: { id }, signal }),
    }),
  /** Runs that this one started. */
  children: (id: string) =>
    queryOptions({
      queryKey: ['flow-run', id, 'children'],
      queryFn: ({ signal }) =>
        api().filterFlowRuns({
          body: { sort: 'EXPECTED_START_TIME_ASC', limit: 200, flow_runs: { parent_flow_run_id: { any_: [id] } } },
          signal,
        }),
    }),
  states: (id: string) =>
    queryOptions({
      queryKey: ['flow-run', id, 'states'],
      queryFn: ({ signal }) => api().listFlowRunStates({ query: { flow_run_id: id }, signal }),
    }),
};
