import { createFileRoute, redirect } from '@tanstack/react-router';

/** The address of a run that Prefect's clients print. */
export const Route = createFileRoute('/runs/flow-run/$id')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/runs/$runId', params: { runId: params.id }, replace: true });
  },
});
