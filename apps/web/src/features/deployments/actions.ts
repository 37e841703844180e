import type { Deployment, ScheduleCreate } from '@champion/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { queryClient } from '../../app/query-client.ts';
import { notify, notifyError } from '../../ui/toast.tsx';

/** What is changed of a deployment itself. */
interface DeploymentChange {
  readonly tags: string[];
  readonly work_queue_name: string | null;
  /** Null: any number of its runs at once. */
  readonly concurrency_limit: number | null;
}

/** What is asked of a deployment. */
export type DeploymentAction =
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'change'; readonly change: DeploymentChange }
  /** An id: this schedule changes; none: a new one. */
  | { readonly kind: 'schedule'; readonly scheduleId: string | undefined; readonly schedule: ScheduleCreate }
  | { readonly kind: 'activate'; readonly scheduleId: string; readonly active: boolean }
  | { readonly kind: 'unschedule'; readonly scheduleId: string };

const failure: Readonly<Record<DeploymentAction['kind'], string>> = {
  pause: 'The deployment could not be paused',
  resume: 'The deployment could not be resumed',
  change: 'The deployment could not be changed',
  schedule: 'The schedule could not be saved',
  activate: 'The schedule could not be changed',
  unschedule: 'The schedule could not be deleted',
};

function done(action: DeploymentAction): string {
  switch (action.kind) {
    case 'pause':
      return 'Paused: its schedules rest';
    case 'resume':
      return 'Resumed: its schedules go on';
    case 'change':
      return 'Saved';
    case 'schedule':
      return action.scheduleId === undefined ? 'Schedule added' : 'Schedule saved';
    case 'activate':
      return action.active ? 'The schedule goes on' : 'The schedule rests';
    case 'unschedule':
      return 'Schedule deleted';
  }
}

async function ask(id: string, action: DeploymentAction): Promise<unknown> {
  const params = { id };
  switch (action.kind) {
    case 'pause':
      return api().pauseDeployment({ params });
    case 'resume':
      return api().resumeDeployment({ params });
    case 'change':
      return api().updateDeployment({ params, body: action.change });
    case 'schedule':
      return action.scheduleId === undefined
        ? api().createSchedules({ params, body: [action.schedule] })
        : api().updateSchedule({ params: { id, schedule_id: action.scheduleId }, body: action.schedule });
    case 'activate':
      return api().updateSchedule({
        params: { id, schedule_id: action.scheduleId },
        body: { active: action.active },
      });
    case 'unschedule':
      return api().deleteSchedule({ params: { id, schedule_id: action.scheduleId } });
  }
}

/** Changes a deployment; everything that shows it, or runs of it that are ahead, is read again. */
export function useDeploymentAction(deployment: Pick<Deployment, 'id' | 'flow_name' | 'name'>) {
  return useMutation({
    mutationFn: (action: DeploymentAction) => ask(deployment.id, action),
    onSuccess: async (_, action) => {
      notify(done(action), `${deployment.flow_name}/${deployment.name}`);
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['deployments'] }),
        queryClient.invalidateQueries({ queryKey: ['flow-runs'] }),
      ]);
    },
    onError: (error, action) => notifyError(failure[action.kind], error),
  });
}

/** Starts a run, and goes to it. */
export function useRunDeployment(deployment: Pick<Deployment, 'id' | 'flow_name' | 'name'>) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (parameters: Readonly<Record<string, unknown>>) =>
      api().createDeploymentRun({ params: { id: deployment.id }, body: { parameters: { ...parameters } } }),
    onSuccess: (run) => {
      void queryClient.invalidateQueries({ queryKey: ['flow-runs'] });
      notify('A run has been started', `${run.flow_name} · ${run.name}`);
      void navigate({ to: '/runs/$runId', params: { runId: run.id } });
    },
    onError: (error) => notifyError('The run could not be started', error),
  });
}
