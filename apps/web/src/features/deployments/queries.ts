import type { SessionRule } from '@champion/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

/** A schedule that is not saved yet. */
export interface ScheduleSketch {
  readonly cron: string;
  readonly timezone: string;
  readonly calendar: SessionRule | null;
}

export const deploymentQueries = {
  list: () =>
    queryOptions({
      queryKey: ['deployments'],
      queryFn: ({ signal }) => api().filterDeployments({ body: { sort: 'NAME_ASC', limit: 200 }, signal }),
      staleTime: 60_000,
    }),
  byName: (flowName: string, name: string) =>
    queryOptions({
      queryKey: ['deployments', 'name', flowName, name],
      queryFn: ({ signal }) => api().readDeploymentByName({ params: { flow_name: flowName, name }, signal }),
      staleTime: 60_000,
    }),
  /** The next moments that its schedules name, those on which nothing runs included. */
  upcoming: (id: string, limit: number) =>
    queryOptions({
      queryKey: ['deployments', 'upcoming', id, limit],
      queryFn: ({ signal }) => api().readUpcoming({ params: { id }, query: { limit }, signal }),
      refetchInterval: 60_000,
      placeholderData: keepPreviousData,
    }),
  preview: (sketch: ScheduleSketch, limit: number) =>
    queryOptions({
      queryKey: ['deployments', 'preview', sketch, limit],
      queryFn: ({ signal }) => api().previewSchedule({ body: { ...sketch, limit }, signal }),
      placeholderData: keepPreviousData,
      retry: false,
    }),
};
