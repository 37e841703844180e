import { createFileRoute } from '@tanstack/react-router';
import { readSqlSearch } from '../features/sql/search.ts';
import { SqlPage } from '../features/sql/sql-page.tsx';

export const Route = createFileRoute('/sql')({ validateSearch: readSqlSearch, component: Sql });

function Sql() {
  const navigate = Route.useNavigate();
  return (
    <SqlPage
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
