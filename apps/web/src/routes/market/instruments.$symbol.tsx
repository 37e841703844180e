import { createFileRoute } from '@tanstack/react-router';
import { InstrumentPage } from '../../features/market/instrument-page.tsx';
import { readInstrumentSearch } from '../../features/market/search.ts';

export const Route = createFileRoute('/market/instruments/$symbol')({
  validateSearch: readInstrumentSearch,
  component: Instrument,
});

function Instrument() {
  const navigate = Route.useNavigate();
  const { symbol } = Route.useParams();
  return (
    <InstrumentPage
      key={symbol}
      symbol={symbol}
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
