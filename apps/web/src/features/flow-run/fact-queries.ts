import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

// Keys begin as those of app/live.ts do for one run, so that its events mark these as changed too.
export const factQueries = {
  artifacts: (id: string) =>
    queryOptions({
      queryKey: ['flow-run', id, 'artifacts'],
      queryFn: ({ signal }) =>
        api().filterArtifacts({
          body: { flow_runs: { id: { any_: [id] } }, sort: 'KEY_ASC', limit: 200 },
          signal,
        }),
    }),
  metrics: (id: string) =>
    queryOptions({
      queryKey: ['flow-run', id, 'metrics'],
      queryFn: ({ signal }) => api().readRunMetrics({ params: { id }, signal }),
    }),
};
