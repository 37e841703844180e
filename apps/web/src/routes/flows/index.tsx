import { createFileRoute } from '@tanstack/react-router';
import { FlowsPage } from '../../features/flows/flows-page.tsx';
import { readFlowsSearch } from '../../features/flows/search.ts';

export const Route = createFileRoute('/flows/')({
  validateSearch: readFlowsSearch,
  component: Flows,
});

function Flows() {
  const navigate = Route.useNavigate();
  return (
    <FlowsPage
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
