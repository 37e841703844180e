import { retryOf } from '@champion/core';
import { QueryClient } from '@tanstack/react-query';
import { onConnection } from './connection.ts';

/** What is shown stays until it is known to have changed: by an event of the stream, or by an action of ours. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 5 * 60_000,
      retry: (failures, error) => failures < 2 && retryOf(error) !== 'never',
      refetchOnWindowFocus: true,
      // A page whose server went away asks again by itself when it is back.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

onConnection((state, before) => {
  if (state === 'up' && before !== 'up') void queryClient.invalidateQueries();
});
