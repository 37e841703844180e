import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

/** Queues and pools send no events: they are looked at while a page shows them. */
const LOOK_MS = 5_000;

export const workQueries = {
  workers: () =>
    queryOptions({
      queryKey: ['workers'],
      queryFn: ({ signal }) => api().listWorkers({ signal }),
      // Workers send no events: their heartbeats are looked at.
      refetchInterval: 15_000,
    }),
  queues: () =>
    queryOptions({
      queryKey: ['work-queues'],
      queryFn: ({ signal }) => api().filterWorkQueues({ body: { limit: 200 }, signal }),
    }),
  /** The same, of the moment. */
  liveQueues: () => queryOptions({ ...workQueries.queues(), refetchInterval: LOOK_MS }),
  pools: () =>
    queryOptions({
      queryKey: ['work-pools'],
      queryFn: ({ signal }) => api().filterWorkPools({ body: { limit: 200 }, signal }),
      refetchInterval: LOOK_MS,
    }),
};
