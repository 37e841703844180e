import { createFileRoute, redirect } from '@tanstack/react-router';

/** The address that `prefect block create` prints. */
export const Route = createFileRoute('/blocks/catalog/$slug/create')({
  beforeLoad: ({ params: { slug } }) => {
    throw redirect({ to: '/blocks', search: { new: slug }, replace: true });
  },
});
