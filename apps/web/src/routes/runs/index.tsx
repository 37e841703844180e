import { createFileRoute } from '@tanstack/react-router';
import { RunsPage } from '../../features/flow-runs/runs-page.tsx';
import { readRunsSearch } from '../../features/flow-runs/search.ts';

export const Route = createFileRoute('/runs/')({
  validateSearch: readRunsSearch,
  component: Runs,
});

function Runs() {
  const navigate = Route.useNavigate();
  return (
    <RunsPage
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
