import { createFileRoute } from '@tanstack/react-router';
import { BackfillsPage } from '../../features/backfills/backfills-page.tsx';

export const Route = createFileRoute('/backfills/')({ component: BackfillsPage });
