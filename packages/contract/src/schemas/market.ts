import { z } from 'zod';
import { Count, Day, Id, Instant } from './common.ts';
import { Freshness } from './dataset.ts';
import { SessionKind } from './schedule.ts';
import { StateType } from './state.ts';

/** Where the data comes from and what it becomes. */
export const Lineage = z
  .object({
    nodes: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['exchange', 'raw', 'bronze', 'silver', 'warehouse', 'gold']),
        name: z.string(),
        dataset: z.string().nullable(),
        /** The run that last wrote it. */
        last_run: z
          .object({ id: Id, name: z.string(), state_type: StateType, state_name: z.string(), at: Instant })
          .nullable(),
        rows: Count.nullable(),
        /** The latest session in it. */
        as_of: Day.nullable(),
        /** Whether what should be in it is, as its dataset tells; null where nothing is expected. */
        freshness: Freshness.nullable(),
      }),
    ),
    /** Data goes from one node to another, by this flow. */
    edges: z.array(z.object({ from: z.string(), to: z.string(), flow: z.string().nullable() })),
  })
  .meta({ id: 'Lineage' });

export const CalendarDay = z
  .object({
    date: Day,
    open: z.boolean(),
    kind: z.enum([...SessionKind.options, 'weekend', 'holiday', 'before-first']),
    /** The holiday, the weekday, or what is special about the session. */
    name: z.string().nullable(),
    /** False: the holidays of its year are unknown, and its weekdays all look like sessions. */
    holidays_known: z.boolean(),
  })
  .meta({ id: 'CalendarDay' });

export const MarketToday = z
  .object({
    date: Day,
    now: Instant,
    /** open: trading now; closed: outside the session's hours, or a weekend; holiday: no session today. */
    state: z.enum(['open', 'closed', 'holiday']),
    day: CalendarDay,
    previous_session: Day,
    next_session: Day,
    /** Of today's session, or the next one where there is none today. */
    opens_at: Instant.nullable(),
    closes_at: Instant.nullable(),
    /** When the session after that one opens: what to count down to once today's has closed. */
    next_opens_at: Instant.nullable(),
  })
  .meta({ id: 'MarketToday' });
