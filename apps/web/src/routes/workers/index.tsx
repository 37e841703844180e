import { createFileRoute } from '@tanstack/react-router';
import { WorkersPage } from '../../features/work/workers-page.tsx';

export const Route = createFileRoute('/workers/')({ component: WorkersPage });
