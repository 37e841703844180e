import { z } from 'zod';
import { Instant } from './common.ts';
import { RunEvent } from './event.ts';
import { SystemSample } from './system.ts';
import { Worker, WorkPool, WorkQueue } from './work.ts';

/** What a page is told: what happens in runs, and how the platform is, each part when it has changed. */
export const LiveEvent = z
  .union([
    RunEvent,
    z.object({
      type: z.literal('platform'),
      at: Instant,
      workers: z.array(Worker).optional(),
      work_queues: z.array(WorkQueue).optional(),
      work_pools: z.array(WorkPool).optional(),
      /** Alerts were made, tried or delivered. */
      deliveries_changed: z.literal(true).optional(),
      sample: SystemSample.optional(),
    }),
  ])
  .meta({ id: 'LiveEvent' });
