import { BusinessDateSchema, businessDate } from '@champion/core';
import { z } from 'zod';
import type { NamedQuery } from '../named-query.ts';
import sql from './sessions-loaded.sql';

const Params = z.object({
  from: BusinessDateSchema.default(businessDate('1994-11-03')),
  to: BusinessDateSchema.default(businessDate('2149-06-06')),
  /** The latest so many sessions. */
  limit: z.number().int().min(1).max(10_000).default(100),
});

const Row = z.object({
  trade_date: BusinessDateSchema,
  rows: z.coerce.number(),
  /** Rupees, four places. */
  turnover: z.string(),
  source_format: z.string(),
  /** Lines of the session's file that are in quarantine. */
  quarantined: z.coerce.number(),
});

export type SessionLoaded = z.infer<typeof Row>;

/** What equity_ohlc holds, one row per session, ascending. */
export const sessionsLoaded: NamedQuery<z.input<typeof Params>, SessionLoaded> = {
  name: 'sessions_loaded',
  sql,
  params: Params,
  row: Row,
};
