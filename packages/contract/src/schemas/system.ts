import { z } from 'zod';
import { Instant } from './common.ts';

const bytes = z.number().nonnegative();

/** What runs here, and with what. */
export const System = z
  .object({
    version: z.string(),
    started_at: Instant,
    /** The exchange is the simulator: none of these rows are real. */
    simulated: z.boolean(),
    stores: z.array(
      z.object({
        name: z.string(),
        /** embedded: run by Champion itself. */
        kind: z.enum(['embedded', 'server']),
        state: z.enum(['up', 'down', 'off']),
        /** Version, address without secrets, or why it is down. */
        detail: z.string(),
      }),
    ),
    memory: z.object({ rss_bytes: bytes, heap_used_bytes: bytes, system_total_bytes: bytes, system_free_bytes: bytes }),
    cpu: z.object({
      cores: z.int().positive(),
      /** Share of one core that this process used lately, 0 to `cores`. */
      used: z.number().nonnegative(),
      load_average: z.array(z.number()),
    }),
    /** Of the file system that the home is on. */
    disk: z.object({ total_bytes: bytes, free_bytes: bytes }),
    /** The data folder. */
    home: z.string(),
  })
  .meta({ id: 'System' });
