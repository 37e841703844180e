import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

export const flowQueries = {
  list: () =>
    queryOptions({
      queryKey: ['flows'],
      queryFn: ({ signal }) => api().filterFlows({ body: { sort: 'NAME_ASC', limit: 200 }, signal }),
      staleTime: 300_000,
    }),
  byName: (name: string) =>
    queryOptions({
      queryKey: ['flows', 'name', name],
      queryFn: ({ signal }) => api().readFlowByName({ params: { name }, signal }),
      staleTime: 300_000,
    }),
  /** By the flow's id; null where none is ahead. It changes with the runs, so its key is one of theirs. */
  nextRuns: (ids: readonly string[]) =>
    queryOptions({
      queryKey: ['flow-runs', 'next', ids],
      queryFn: ({ signal }) => api().readNextRunsByFlow({ body: { flow_ids: ids.slice(0, 200) }, signal }),
    }),
};
