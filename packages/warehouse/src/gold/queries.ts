import { type BusinessDate, BusinessDateSchema } from '@champion/core';
import { z } from 'zod';
import type { NamedQuery } from '../named-query.ts';
import advanceDeclineSql from './queries/advance-decline.sql';
import indexMovesSql from './queries/index-moves.sql';
import marketSessionsSql from './queries/market-sessions.sql';
import marketSummarySql from './queries/market-summary.sql';
import optionSummarySql from './queries/option-summary.sql';
import sectorTurnoverSql from './queries/sector-turnover.sql';
import topMoversSql from './queries/top-movers.sql';

// What people ask of a session's gold. Money is rupees as a decimal string; percentages are 0 to 100.

const Count = z.coerce.number();
const Money = z.string();
const Limit = z.number().int().min(1).max(10_000);
const Session = z.object({ date: BusinessDateSchema });

const MarketSummaryRow = z.object({
  trade_date: BusinessDateSchema,
  instruments: Count,
  symbols: Count,
  traded: Count,
  advances: Count,
  declines: Count,
  unchanged: Count,
  without_previous: Count,
  turnover: Money,
  turnover_eq: Money,
  /** Shares. */
  volume: z.string(),
  trades: z.string().nullable(),
  /** Shares. */
  delivery_quantity: z.string().nullable(),
  delivery_volume: z.string(),
  delivery_percent: z.number().nullable(),
  new_highs: Count.nullable(),
  new_lows: Count.nullable(),
  high_low_instruments: Count,
  high_low_sessions: Count,
  bulk_deals: Count.nullable(),
  bulk_bought: Money.nullable(),
  bulk_sold: Money.nullable(),
  block_deals: Count.nullable(),
  block_bought: Money.nullable(),
  block_sold: Money.nullable(),
  short_quantity: z.string().nullable(),
});
export type MarketSummary = z.infer<typeof MarketSummaryRow>;

/** One row, or none when the session's gold was never computed or it has no bars. */
export const marketSummary: NamedQuery<z.input<typeof Session>, MarketSummary> = {
  name: 'market_summary',
  sql: marketSummarySql,
  params: Session,
  row: MarketSummaryRow,
};

const SessionsParams = z.object({ limit: Limit.default(1) });

/** Sessions whose gold is there, latest first. */
export const marketSessions: NamedQuery<z.input<typeof SessionsParams>, { readonly trade_date: BusinessDate }> = {
  name: 'market_sessions',
  sql: marketSessionsSql,
  params: SessionsParams,
  row: z.object({ trade_date: BusinessDateSchema }),
};

const AdvanceDeclineRow = z.object({
  trade_date: BusinessDateSchema,
  series_group: z.string(),
  instruments: Count,
  traded: Count,
  advances: Count,
  declines: Count,
  unchanged: Count,
  without_previous: Count,
  advance_decline_ratio: z.number().nullable(),
  turnover: Money,
  volume: z.string(),
});
export type AdvanceDecline = z.infer<typeof AdvanceDeclineRow>;

/** Breadth by group of series, the largest turnover first. */
export const advanceDecline: NamedQuery<z.input<typeof Session>, AdvanceDecline> = {
  name: 'advance_decline',
  sql: advanceDeclineSql,
  params: Session,
  row: AdvanceDeclineRow,
};

const SectorParams = Session.extend({ limit: Limit.default(100) });
const SectorTurnoverRow = z.object({
  trade_date: BusinessDateSchema,
  /** Null: shares whose industry is not known. */
  industry: z.string().nullable(),
  instruments: Count,
  advances: Count,
  declines: Count,
  turnover: Money,
  turnover_percent: z.number().nullable(),
  volume: z.string(),
});
export type SectorTurnover = z.infer<typeof SectorTurnoverRow>;

/** Industries by turnover, the unknown one last. */
export const sectorTurnover: NamedQuery<z.input<typeof SectorParams>, SectorTurnover> = {
  name: 'sector_turnover',
  sql: sectorTurnoverSql,
  params: SectorParams,
  row: SectorTurnoverRow,
};

const MoversParams = Session.extend({
  direction: z.enum(['gainers', 'losers']),
  /** Rupees: below it a price moves on too little to mean much. One crore unless said otherwise. */
  min_turnover: z
    .string()
    .regex(/^\d{1,20}(\.\d{1,4})?$/, 'expected rupees, such as 10000000')
    .default('10000000'),
  series: z.array(z.string()).default(['EQ']),
  limit: Limit.default(5),
});
const MoverRow = z.object({
  symbol: z.string(),
  series: z.string(),
  close: Money,
  prev_close: Money,
  change_percent: z.number(),
  turnover: Money,
});
export type Mover = z.infer<typeof MoverRow>;

/** Instruments that moved furthest from the previous close that the exchange printed, furthest first. */
export const topMovers: NamedQuery<z.input<typeof MoversParams>, Mover> = {
  name: 'top_movers',
  sql: topMoversSql,
  params: MoversParams,
  row: MoverRow,
};

const ListParams = Session.extend({ limit: Limit.default(1_000) });
const IndexMoveRow = z.object({
  index_name: z.string(),
  close: z.string(),
  points_change: z.string().nullable(),
  change_percent: z.number().nullable(),
});
export type IndexMove = z.infer<typeof IndexMoveRow>;

/** Where the indices closed, by name. */
export const indexMoves: NamedQuery<z.input<typeof ListParams>, IndexMove> = {
  name: 'index_moves',
  sql: indexMovesSql,
  params: ListParams,
  row: IndexMoveRow,
};

const OptionSummaryRow = z.object({
  symbol: z.string(),
  expiry: BusinessDateSchema,
  /** IST, the exchange's own: "2026-10-30 15:40:00.000". */
  snapshot_time: z.string(),
  underlying: z.string().nullable(),
  put_call_ratio: z.number().nullable(),
  max_pain: z.string().nullable(),
  atm_strike: z.string().nullable(),
  atm_iv: z.number().nullable(),
});
export type OptionSummary = z.infer<typeof OptionSummaryRow>;

/** The session's last snapshot of each option chain, by symbol and expiry. */
export const optionSummary: NamedQuery<z.input<typeof ListParams>, OptionSummary> = {
  name: 'option_summary',
  sql: optionSummarySql,
  params: ListParams,
  row: OptionSummaryRow,
};
