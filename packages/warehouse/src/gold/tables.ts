import highsLows from './01-highs-lows-52w.sql';
import advanceDecline from './02-advance-decline.sql';
import sectorTurnover from './03-sector-turnover.sql';
import indicators from './04-indicators.sql';
import summary from './05-daily-market-summary.sql';

export interface GoldTable {
  readonly name: string;
  /** A session's rows, every column but `computed_at`. Undefined for a view, which is always as new as its inputs. */
  readonly sql: string | undefined;
  /** Tables it reads. Where one is not in the warehouse, its dataset is not part of this product. */
  readonly inputs: readonly string[];
}

/** The gold layer in the order of computation: later ones read earlier ones. */
export const GOLD_TABLES: readonly GoldTable[] = [
  { name: 'highs_lows_52w', sql: highsLows, inputs: ['equity_ohlc'] },
  { name: 'advance_decline', sql: advanceDecline, inputs: ['equity_ohlc'] },
  { name: 'sector_turnover', sql: sectorTurnover, inputs: ['equity_ohlc', 'index_constituents'] },
  { name: 'indicators', sql: indicators, inputs: ['equity_ohlc'] },
  { name: 'daily_market_summary', sql: summary, inputs: ['equity_ohlc', 'bulk_block_deals'] },
  { name: 'option_summary', sql: undefined, inputs: ['option_summary'] },
];
