import { createFileRoute } from '@tanstack/react-router';
import { WorkQueuesPage } from '../../features/work/work-queues-page.tsx';

export const Route = createFileRoute('/work-queues/')({ component: WorkQueuesPage });
