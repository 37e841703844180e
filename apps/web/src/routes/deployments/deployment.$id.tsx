import { createFileRoute, redirect } from '@tanstack/react-router';
import { api } from '../../app/api.ts';

/** The address of a deployment that Prefect's clients print. */
export const Route = createFileRoute('/deployments/deployment/$id')({
  loader: async ({ params: { id } }) => {
    const { flow_name: flowName, name } = await api().readDeployment({ params: { id } });
    throw redirect({ to: '/deployments/$flowName/$name', params: { flowName, name }, replace: true });
  },
});
