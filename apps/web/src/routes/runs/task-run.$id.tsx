import { createFileRoute, redirect } from '@tanstack/react-router';
import { api } from '../../app/api.ts';

/** The address of a task run that Prefect's clients print. */
export const Route = createFileRoute('/runs/task-run/$id')({
  loader: async ({ params: { id } }) => {
    const { flow_run_id: runId } = await api().readTaskRun({ params: { id } });
    if (runId === null) throw redirect({ to: '/runs', replace: true });
    throw redirect({ to: '/runs/$runId', params: { runId }, search: { tab: 'tasks', task: id }, replace: true });
  },
});
