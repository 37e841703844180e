import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  type AboutAnswer,
  type ActivityAnswer,
  aboutOf,
  type ExperimentAnswer,
  experimentOf,
  listedOf,
  type PointAnswer,
  pointOf,
  type RunAnswer,
  runOf,
} from './answers.ts';
import { ask } from './ask.ts';
import type { ListedExperiment, Point } from './types.ts';

/** As many of an experiment's runs are asked for at once. */
const RUNS_PER_PAGE = 100;
/** As many points of a metric's history are drawn. */
const MOST_POINTS = 5_000;
const LOOK_AGAIN_MS = 10_000;

/** Which runs, in which order. */
export interface RunSearch {
  readonly experimentId: string;
  readonly filter: string;
  /** "metrics.rows DESC"; the API's own order when empty: the latest first. */
  readonly orderBy: string;
}

interface RunsAnswer {
  readonly runs?: readonly RunAnswer[];
  readonly next_page_token?: string;
}

interface ExperimentsAnswer {
  readonly experiments?: readonly ExperimentAnswer[];
  readonly next_page_token?: string;
}

function searchRuns(search: RunSearch, more: { max_results: number; page_token?: string }, signal: AbortSignal) {
  const { experimentId, filter, orderBy } = search;
  const body = { experiment_ids: [experimentId], filter, order_by: orderBy === '' ? [] : [orderBy], ...more };
  return ask<RunsAnswer>('/mlflow/runs/search', { body, signal });
}

export const aboutQueries = {
  read: () =>
    queryOptions({
      queryKey: ['about'],
      queryFn: async ({ signal }) => aboutOf(await ask<AboutAnswer>('/champion/about', { signal })),
      staleTime: 60_000,
    }),
};

export const experimentQueries = {
  /** A page of experiments, each with how many runs it has. */
  list: () =>
    infiniteQueryOptions({
      queryKey: ['experiments'],
      queryFn: async ({ signal, pageParam }) => {
        const { experiments = [], next_page_token } = await ask<ExperimentsAnswer>('/mlflow/experiments/search', {
          body: { max_results: 200, order_by: ['name'], page_token: pageParam },
          signal,
        });
        const { activity } = await ask<{ readonly activity: readonly ActivityAnswer[] }>(
          '/champion/experiment-activity',
          { query: { experiment_ids: experiments.map(({ experiment_id }) => experiment_id) }, signal },
        );
        const known = new Map(activity.map((one) => [one.experiment_id, one]));
        const items: ListedExperiment[] = experiments.map((one) => listedOf(one, known.get(one.experiment_id)));
        return { items, next: next_page_token };
      },
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ next }) => next,
      refetchInterval: LOOK_AGAIN_MS,
    }),
  read: (experimentId: string) =>
    queryOptions({
      queryKey: ['experiments', experimentId],
      queryFn: async ({ signal }) => {
        const query = { experiment_id: experimentId };
        const { experiment } = await ask<{ experiment: ExperimentAnswer }>('/mlflow/experiments/get', {
          query,
          signal,
        });
        return experimentOf(experiment);
      },
      staleTime: 60_000,
    }),
};

export const runQueries = {
  /** Runs page by page. The first page is asked for again and again; who has read on is left in peace. */
  pages: (search: RunSearch) =>
    infiniteQueryOptions({
      queryKey: ['runs', 'pages', search],
      queryFn: async ({ signal, pageParam }) => {
        const page = { max_results: RUNS_PER_PAGE, ...(pageParam === undefined ? {} : { page_token: pageParam }) };
        const { runs = [], next_page_token } = await searchRuns(search, page, signal);
        return { items: runs.map(runOf), next: next_page_token };
      },
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ next }) => next,
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : LOOK_AGAIN_MS),
    }),
  /** The latest runs that fit a filter, the latest first. */
  latest: (experimentId: string, filter: string, count: number) =>
    queryOptions({
      queryKey: ['runs', 'latest', experimentId, filter, count],
      queryFn: async ({ signal }) => {
        const search = { experimentId, filter, orderBy: '' };
        const { runs = [], next_page_token } = await searchRuns(search, { max_results: count }, signal);
        return { items: runs.map(runOf), hasMore: next_page_token !== undefined };
      },
      placeholderData: keepPreviousData,
      refetchInterval: LOOK_AGAIN_MS,
    }),
  read: (runId: string) =>
    queryOptions({
      queryKey: ['run', runId],
      queryFn: async ({ signal }) =>
        runOf((await ask<{ run: RunAnswer }>('/mlflow/runs/get', { query: { run_id: runId }, signal })).run),
      refetchInterval: ({ state }) => (state.data?.status === 'RUNNING' ? 3_000 : false),
    }),
  /** Every point of a metric, the oldest first, up to a limit. */
  history: (runId: string, metric: string) =>
    queryOptions({
      queryKey: ['run', runId, 'history', metric],
      queryFn: async ({ signal }) => {
        const query = { run_id: runId, metric_key: metric, max_results: MOST_POINTS };
        const answer = await ask<{ metrics?: readonly PointAnswer[]; next_page_token?: string }>(
          '/mlflow/metrics/get-history',
          { query, signal },
        );
        const points: Point[] = (answer.metrics ?? []).map(pointOf);
        return { points, hasMore: answer.next_page_token !== undefined };
      },
    }),
  /** A metric's course in several runs, thinned by the server. */
  courses: (runIds: readonly string[], metric: string) =>
    queryOptions({
      queryKey: ['runs', 'courses', runIds, metric],
      queryFn: async ({ signal }) => {
        const query = { run_ids: runIds, metric_key: metric };
        const answer = await ask<{ metrics?: readonly (PointAnswer & { readonly run_id: string })[] }>(
          '/mlflow/metrics/get-history-bulk-interval',
          { query, signal },
        );
        return (answer.metrics ?? []).map((one) => ({ ...pointOf(one), runId: one.run_id }));
      },
    }),
};
