import { createFileRoute, redirect } from '@tanstack/react-router';

/** The address of a work pool that Prefect's clients print: queues and pools are on one page. */
export const Route = createFileRoute('/work-pools/work-pool/$name')({
  beforeLoad: () => {
    throw redirect({ to: '/work-queues', replace: true });
  },
});
