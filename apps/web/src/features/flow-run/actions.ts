import type { FlowRun } from '@champion/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { queryClient } from '../../app/query-client.ts';
import { notify, notifyError } from '../../ui/toast.tsx';

/** What is asked of a run. */
type RunAction =
  | { readonly kind: 'cancel'; readonly id: string }
  | { readonly kind: 'retry'; readonly id: string }
  | { readonly kind: 'restart'; readonly id: string; readonly from: string }
  | { readonly kind: 'clone'; readonly id: string; readonly parameters: Readonly<Record<string, unknown>> };

const failure = {
  cancel: 'The run could not be cancelled',
  retry: 'The run could not be repeated',
  restart: 'The run could not be restarted',
  clone: 'The run could not be cloned',
};

function ask(action: RunAction): Promise<FlowRun> {
  const params = { id: action.id };
  switch (action.kind) {
    case 'cancel':
      return api().cancelFlowRun({ params, body: {} });
    case 'retry':
      return api().retryFlowRun({ params });
    case 'restart':
      return api().restartFlowRun({ params, body: { from: action.from } });
    case 'clone':
      return api().cloneFlowRun({ params, body: { parameters: { ...action.parameters } } });
  }
}

/** Cancels, repeats, restarts and clones runs; what makes a new run goes to it. */
export function useRunAction() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ask,
    onSuccess: (run, action) => {
      void queryClient.invalidateQueries({ queryKey: ['flow-runs'] });
      void queryClient.invalidateQueries({ queryKey: ['flow-run', action.id] });
      if (action.kind === 'cancel') {
        notify('Cancelling', `${run.flow_name} · ${run.name}`);
        return;
      }
      notify('A new run has been started', `${run.flow_name} · ${run.name}`);
      void navigate({ to: '/runs/$runId', params: { runId: run.id } });
    },
    onError: (error, action) => notifyError(failure[action.kind], error),
  });
}
