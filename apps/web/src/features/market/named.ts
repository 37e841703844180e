import { day, type NamedQuery, namedQuery, number, orNull, text, type Values } from './ask.ts';
import bars from './sql/bars.sql?raw';
import breadth from './sql/breadth.sql?raw';
import daySummary from './sql/day-summary.sql?raw';
import deals from './sql/deals.sql?raw';
import indices from './sql/indices.sql?raw';
import instrumentSearch from './sql/instrument-search.sql?raw';
import movers from './sql/movers.sql?raw';
import optionChain from './sql/option-chain.sql?raw';
import optionExpiries from './sql/option-expiries.sql?raw';
import optionSummary from './sql/option-summary.sql?raw';
import sectors from './sql/sectors.sql?raw';
import seriesOfSymbol from './sql/series-of-symbol.sql?raw';
import sessions from './sql/sessions.sql?raw';

type RowOf<Q> = Q extends NamedQuery<Values, infer Row> ? Row : never;

export const instrumentSearchQuery = namedQuery<{ text: string; limit: number }>()({
  name: 'instrument-search',
  sql: instrumentSearch,
  maxRows: 50,
  columns: {
    symbol: text,
    series: text,
    name: orNull(text),
    isin: orNull(text),
    turnover: text,
    last_session: day,
  },
});
export type Instrument = RowOf<typeof instrumentSearchQuery>;

export const barsQuery = namedQuery<{ symbol: string; series: string; limit: number }>()({
  name: 'bars',
  sql: bars,
  maxRows: 8000,
  columns: {
    trade_date: day,
    isin: orNull(text),
    name: orNull(text),
    open: text,
    high: text,
    low: text,
    close: text,
    prev_close: text,
    volume: text,
    turnover: text,
    trades: orNull(text),
    delivery_qty: orNull(text),
    delivery_pct: orNull(text),
  },
});
export type Bar = RowOf<typeof barsQuery>;

export const seriesQuery = namedQuery<{ symbol: string }>()({
  name: 'series-of-symbol',
  sql: seriesOfSymbol,
  maxRows: 50,
  columns: { series: text, last_session: day, sessions: number },
});

export const dealsQuery = namedQuery<{ symbol: string; limit: number }>()({
  name: 'deals',
  sql: deals,
  maxRows: 500,
  columns: {
    trade_date: day,
    deal_type: text,
    client_name: orNull(text),
    side: orNull(text),
    quantity: text,
    price: orNull(text),
    value: orNull(text),
  },
});
export type Deal = RowOf<typeof dealsQuery>;

export const sessionsQuery = namedQuery<{ limit: number }>()({
  name: 'sessions',
  sql: sessions,
  maxRows: 1000,
  columns: { trade_date: day },
});

export const daySummaryQuery = namedQuery<{ date: string }>()({
  name: 'day-summary',
  sql: daySummary,
  maxRows: 1,
  columns: {
    trade_date: day,
    instruments: number,
    symbols: number,
    traded: number,
    advances: number,
    declines: number,
    unchanged: number,
    turnover: text,
    turnover_eq: text,
    volume: text,
    trades: orNull(text),
    delivery_percent: orNull(number),
    new_highs: orNull(number),
    new_lows: orNull(number),
    high_low_sessions: number,
    bulk_deals: orNull(number),
    bulk_bought: orNull(text),
    block_deals: orNull(number),
    block_bought: orNull(text),
  },
});

export const breadthQuery = namedQuery<{ date: string }>()({
  name: 'breadth',
  sql: breadth,
  maxRows: 50,
  columns: {
    series_group: text,
    instruments: number,
    traded: number,
    advances: number,
    declines: number,
    unchanged: number,
    turnover: text,
  },
});

export const moversQuery = namedQuery<{ date: string; by: string; min_turnover: string; limit: number }>()({
  name: 'movers',
  sql: movers,
  maxRows: 100,
  columns: {
    symbol: text,
    series: text,
    close: text,
    prev_close: text,
    change_percent: number,
    turnover: text,
    delivery_pct: orNull(text),
  },
});
export type Mover = RowOf<typeof moversQuery>;

export const sectorsQuery = namedQuery<{ date: string }>()({
  name: 'sectors',
  sql: sectors,
  maxRows: 100,
  columns: {
    industry: orNull(text),
    instruments: number,
    advances: number,
    declines: number,
    turnover: text,
    turnover_percent: orNull(number),
  },
});

export const indicesQuery = namedQuery<{ date: string }>()({
  name: 'indices',
  sql: indices,
  maxRows: 400,
  columns: { index_name: text, close: text, points_change: orNull(text), change_pct: orNull(text) },
});

export const optionExpiriesQuery = namedQuery<Values>()({
  name: 'option-expiries',
  sql: optionExpiries,
  maxRows: 2000,
  columns: { symbol: text, expiry: day, snapshot_time: text },
});

export const optionChainQuery = namedQuery<{ symbol: string; expiry: string; snapshot: string }>()({
  name: 'option-chain',
  sql: optionChain,
  maxRows: 1000,
  columns: {
    strike: text,
    call_oi: orNull(text),
    call_oi_change: orNull(text),
    call_volume: orNull(text),
    call_iv: orNull(text),
    call_last: orNull(text),
    put_oi: orNull(text),
    put_oi_change: orNull(text),
    put_volume: orNull(text),
    put_iv: orNull(text),
    put_last: orNull(text),
    underlying: orNull(text),
  },
});
export type ChainRow = RowOf<typeof optionChainQuery>;

export const optionSummaryQuery = namedQuery<{ symbol: string; expiry: string; snapshot: string }>()({
  name: 'option-summary',
  sql: optionSummary,
  maxRows: 1,
  columns: {
    underlying: orNull(text),
    call_oi: text,
    put_oi: text,
    put_call_ratio: orNull(number),
    max_pain: orNull(text),
    atm_strike: orNull(text),
    atm_iv: orNull(number),
  },
});
