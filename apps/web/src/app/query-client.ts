import { retryOf } from '@champion/core';
import { onlineManager, QueryClient } from '@tanstack/react-query';
import { connection, onConnection } from './connection.ts';

/** What is shown stays until it is known to have changed: by an event of the stream, or by an action of ours. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 5 * 60_000,
      // While the server is away, or wants its key, what is asked waits for it: a page keeps what it shows, and the notice
      // says why nothing changes.
      retry: (failures, error) => connection() !== 'up' || (failures < 2 && retryOf(error) !== 'never'),
      refetchOnWindowFocus: true,
      networkMode: 'online',
    },
    mutations: { networkMode: 'always' },
  },
});

// Whether this machine is on a network says nothing of the server.
onlineManager.setEventListener((setOnline) => onConnection((state) => setOnline(state === 'up')));

onConnection((state, before) => {
  if (state === 'up' && before !== 'up') void queryClient.invalidateQueries();
});
