import { createFileRoute } from '@tanstack/react-router';
import { LineagePage } from '../features/lineage/lineage-page.tsx';
import { readLineageSearch } from '../features/lineage/search.ts';

export const Route = createFileRoute('/lineage')({ validateSearch: readLineageSearch, component: DataLineage });

function DataLineage() {
  const navigate = Route.useNavigate();
  return (
    <LineagePage
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
