import { createFileRoute } from '@tanstack/react-router';
import { RunPage } from '../../features/flow-run/run-page.tsx';
import { readRunSearch } from '../../features/flow-run/search.ts';

export const Route = createFileRoute('/runs/$runId')({
  validateSearch: readRunSearch,
  component: Run,
});

function Run() {
  const navigate = Route.useNavigate();
  const { runId } = Route.useParams();
  return (
    <RunPage
      key={runId}
      runId={runId}
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
