import { createFileRoute } from '@tanstack/react-router';
import { DayPage } from '../../features/market/day-page.tsx';
import { readMarketSearch } from '../../features/market/search.ts';

export const Route = createFileRoute('/market/')({ validateSearch: readMarketSearch, component: MarketDay });

function MarketDay() {
  const navigate = Route.useNavigate();
  return (
    <DayPage
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
