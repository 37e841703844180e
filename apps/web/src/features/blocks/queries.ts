import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

export const blockQueries = {
  list: () =>
    queryOptions({
      queryKey: ['blocks'],
      queryFn: ({ signal }) => api().filterBlockDocuments({ signal }),
      staleTime: 30_000,
    }),
  /** What blocks of each type hold. They come with the program. */
  schemas: () =>
    queryOptions({
      queryKey: ['blocks', 'schemas'],
      queryFn: ({ signal }) => api().filterBlockSchemas({ signal }),
      staleTime: Number.POSITIVE_INFINITY,
    }),
};
