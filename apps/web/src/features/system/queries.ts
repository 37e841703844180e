import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

export const systemQueries = {
  /** Its memory and processor are of the moment: whoever draws them asks with a `refetchInterval`. */
  read: () =>
    queryOptions({ queryKey: ['system'], queryFn: ({ signal }) => api().readSystem({ signal }), staleTime: 60_000 }),
};
