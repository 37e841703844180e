import { createFileRoute } from '@tanstack/react-router';
import { OptionsPage } from '../../features/market/options-page.tsx';
import { readOptionsSearch } from '../../features/market/search.ts';

export const Route = createFileRoute('/market/options')({ validateSearch: readOptionsSearch, component: Options });

function Options() {
  const navigate = Route.useNavigate();
  return (
    <OptionsPage
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
