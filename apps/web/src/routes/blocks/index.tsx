import { createFileRoute } from '@tanstack/react-router';
import { BlocksPage } from '../../features/blocks/blocks-page.tsx';
import { readBlocksSearch } from '../../features/blocks/search.ts';

export const Route = createFileRoute('/blocks/')({ validateSearch: readBlocksSearch, component: Blocks });

function Blocks() {
  const navigate = Route.useNavigate();
  return (
    <BlocksPage
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
