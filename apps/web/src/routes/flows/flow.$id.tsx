import { createFileRoute, redirect } from '@tanstack/react-router';
import { api } from '../../app/api.ts';

/** The address of a flow that Prefect's clients print. */
export const Route = createFileRoute('/flows/flow/$id')({
  loader: async ({ params: { id } }) => {
    const { name } = await api().readFlow({ params: { id } });
    throw redirect({ to: '/flows/$name', params: { name }, replace: true });
  },
});
