import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

// Kept up to date by the stream: see app/live.ts.
export const workQueries = {
  workers: () =>
    queryOptions({
      queryKey: ['workers'],
      queryFn: ({ signal }) => api().listWorkers({ signal }),
    }),
  queues: () =>
    queryOptions({
      queryKey: ['work-queues'],
      queryFn: ({ signal }) => api().filterWorkQueues({ body: { limit: 200 }, signal }),
    }),
  pools: () =>
    queryOptions({
      queryKey: ['work-pools'],
      queryFn: ({ signal }) => api().filterWorkPools({ body: { limit: 200 }, signal }),
    }),
};
