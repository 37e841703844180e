import type { Backfill } from '@champion/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../app/api.ts';
import { notify, notifyError } from '../../ui/toast.tsx';

/** The stream tells when one of its runs ends; of the backfill's own last step nothing tells. */
const LIVE_MS = 5000;

export function isAtWork({ state, at_work }: Pick<Backfill, 'state' | 'at_work'>): boolean {
  return state === 'running' || at_work;
}

export const backfillQueries = {
  list: () =>
    queryOptions({
      queryKey: ['backfills'],
      queryFn: ({ signal }) => api().listBackfills({ signal }),
      refetchInterval: ({ state }) => (state.data?.some(isAtWork) ? LIVE_MS : false),
    }),
  byId: (id: string) =>
    queryOptions({
      queryKey: ['backfills', id],
      queryFn: ({ signal }) => api().readBackfill({ params: { id }, signal }),
      refetchInterval: ({ state }) => (state.data !== undefined && isAtWork(state.data) ? LIVE_MS : false),
    }),
};

export type BackfillWish = Parameters<ReturnType<typeof api>['startBackfill']>[0]['body'];

/** Begins one; the same wish again goes on with what is left of it. */
export function useStartBackfill(onStarted?: (backfill: Backfill) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: BackfillWish) => api().startBackfill({ body: wish }),
    onSuccess: (backfill) => {
      void client.invalidateQueries({ queryKey: ['backfills'] });
      onStarted?.(backfill);
    },
    onError: (error) => notifyError('The backfill could not be started', error),
  });
}

export function useCancelBackfill() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api().cancelBackfill({ params: { id } }),
    onSuccess: () => {
      notify('The backfill ends', 'What is loaded stays. Resume goes on with the rest.');
      void client.invalidateQueries({ queryKey: ['backfills'] });
    },
    onError: (error) => notifyError('The backfill could not be ended', error),
  });
}
