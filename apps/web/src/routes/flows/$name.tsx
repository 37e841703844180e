import { createFileRoute } from '@tanstack/react-router';
import { FlowPage } from '../../features/flows/flow-page.tsx';
import { readFlowSearch } from '../../features/flows/search.ts';

export const Route = createFileRoute('/flows/$name')({
  validateSearch: readFlowSearch,
  component: Flow,
});

function Flow() {
  const navigate = Route.useNavigate();
  const { name } = Route.useParams();
  return (
    <FlowPage
      key={name}
      name={name}
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
