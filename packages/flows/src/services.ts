import type { Clock, TradingCalendar } from '@champion/core';
import type { Exchange } from '@champion/exchange';
import type { Lake } from '@champion/lake';
import type { Warehouse } from '@champion/warehouse';

/** What the flows work with; the composition root makes them once per process. */
export interface Services {
  readonly exchange: Exchange;
  /** The lake at a folder, or the configured one. Opened once per folder. */
  readonly lake: (basePath: string | undefined) => Promise<Lake>;
  /** The warehouse, opened and migrated at first use. */
  readonly warehouse: () => Promise<Warehouse>;
  readonly calendar: TradingCalendar;
  readonly clock: Clock;
}
