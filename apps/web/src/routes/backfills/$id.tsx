import { createFileRoute } from '@tanstack/react-router';
import { BackfillPage } from '../../features/backfills/backfill-page.tsx';

export const Route = createFileRoute('/backfills/$id')({ component: OneBackfill });

function OneBackfill() {
  const { id } = Route.useParams();
  return <BackfillPage key={id} id={id} />;
}
