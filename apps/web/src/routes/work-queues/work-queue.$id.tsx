import { createFileRoute, redirect } from '@tanstack/react-router';

/** The address of a work queue that Prefect's clients print. */
export const Route = createFileRoute('/work-queues/work-queue/$id')({
  beforeLoad: () => {
    throw redirect({ to: '/work-queues', replace: true });
  },
});
