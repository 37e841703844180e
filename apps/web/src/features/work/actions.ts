import type { RateLimit, WorkPool, WorkQueue } from '@champion/contract';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../app/api.ts';
import { queryClient } from '../../app/query-client.ts';
import { notify, notifyError } from '../../ui/toast.tsx';

export interface QueueChange {
  readonly is_paused?: boolean;
  /** Null: any number of runs at once. */
  readonly concurrency_limit?: number | null;
  readonly priority?: number;
  /** Null: as they come. */
  readonly rate_limit?: RateLimit | null;
}

export interface PoolChange {
  readonly is_paused?: boolean;
  readonly concurrency_limit?: number | null;
}

async function refresh() {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['work-queues'] }),
    queryClient.invalidateQueries({ queryKey: ['work-pools'] }),
  ]);
}

function said(change: { readonly is_paused?: boolean }): string {
  return change.is_paused === undefined
    ? 'Saved'
    : change.is_paused
      ? 'Paused: no more runs are handed out'
      : 'Resumed';
}

export function useQueueChange(queue: WorkQueue) {
  return useMutation({
    mutationFn: (change: QueueChange) => api().updateWorkQueue({ params: { id: queue.id }, body: change }),
    onSuccess: async (_, change) => {
      notify(said(change), `Work queue ${queue.name}`);
      await refresh();
    },
    onError: (error) => notifyError('The work queue could not be changed', error),
  });
}

export function usePoolChange(pool: WorkPool) {
  return useMutation({
    mutationFn: (change: PoolChange) => api().updateWorkPool({ params: { name: pool.name }, body: change }),
    onSuccess: async (_, change) => {
      notify(said(change), `Work pool ${pool.name}`);
      await refresh();
    },
    onError: (error) => notifyError('The work pool could not be changed', error),
  });
}

/** Makes a queue in a pool. */
export function useNewQueue() {
  return useMutation({
    mutationFn: ({ pool, name }: { readonly pool: string; readonly name: string }) =>
      api().createPoolQueue({ params: { pool }, body: { name } }),
    onSuccess: async (queue) => {
      notify('Work queue made', `champion worker start -q ${queue.name}`);
      await refresh();
    },
    onError: (error) => notifyError('The work queue could not be made', error),
  });
}
