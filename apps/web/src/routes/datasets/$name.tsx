import { createFileRoute } from '@tanstack/react-router';
import { DatasetPage } from '../../features/datasets/dataset-page.tsx';
import { readDatasetSearch } from '../../features/datasets/search.ts';

export const Route = createFileRoute('/datasets/$name')({
  validateSearch: readDatasetSearch,
  component: OneDataset,
});

function OneDataset() {
  const navigate = Route.useNavigate();
  const { name } = Route.useParams();
  return (
    <DatasetPage
      key={name}
      name={name}
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
