import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

export const lineageQueries = {
  read: () =>
    queryOptions({
      queryKey: ['lineage'],
      queryFn: ({ signal }) => api().readLineage({ signal }),
      refetchInterval: 60_000,
    }),
};
