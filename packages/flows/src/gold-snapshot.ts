import type { BusinessDate } from '@champion/core';
import {
  type AdvanceDecline,
  advanceDecline,
  type IndexMove,
  indexMoves,
  type MarketSummary,
  type Mover,
  marketSummary,
  type OptionSummary,
  optionSummary,
  type SectorTurnover,
  sectorTurnover,
  topMovers,
  type Warehouse,
} from '@champion/warehouse';

/** The market at the end of a session. What is not loaded is null or empty. */
export interface MarketSnapshot {
  readonly trade_date: BusinessDate;
  readonly summary: MarketSummary | null;
  /** By group of series. */
  readonly breadth: readonly AdvanceDecline[];
  /** Of series EQ with a turnover of a crore or more. */
  readonly gainers: readonly Mover[];
  readonly losers: readonly Mover[];
  /** By turnover, the shares of unknown industry last. */
  readonly sectors: readonly SectorTurnover[];
  readonly indices: readonly IndexMove[];
  /** The nearest expiry of each symbol, at the session's last snapshot. */
  readonly options: readonly OptionSummary[];
}

const MOVERS = 5;

/** Reads a session's snapshot from gold. */
export async function takeSnapshot(warehouse: Pick<Warehouse, 'query'>, date: BusinessDate): Promise<MarketSnapshot> {
  const movers = (direction: 'gainers' | 'losers') => warehouse.query(topMovers, { date, direction, limit: MOVERS });
  const [[summary], breadth, gainers, losers, sectors, indices, options] = await Promise.all([
    warehouse.query(marketSummary, { date }),
    warehouse.query(advanceDecline, { date }),
    movers('gainers'),
    movers('losers'),
    warehouse.query(sectorTurnover, { date }),
    warehouse.query(indexMoves, { date }),
    warehouse.query(optionSummary, { date }),
  ]);
  return {
    trade_date: date,
    summary: summary ?? null,
    breadth,
    gainers,
    losers,
    sectors,
    indices,
    options: options.filter(({ symbol }, i) => options[i - 1]?.symbol !== symbol),
  };
}
