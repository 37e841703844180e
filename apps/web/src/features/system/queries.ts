import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

/** As far back as the charts go. */
const HISTORY_HOURS = 6;

export const systemQueries = {
  /** The server's own samples; the stream adds to them. */
  history: () =>
    queryOptions({
      queryKey: ['system', 'history'],
      queryFn: ({ signal }) => api().readSystemHistory({ query: { hours: HISTORY_HOURS }, signal }),
      staleTime: 300_000,
    }),
  read: () =>
    queryOptions({
      queryKey: ['system', 'now'],
      queryFn: ({ signal }) => api().readSystem({ signal }),
      staleTime: 60_000,
    }),
};
