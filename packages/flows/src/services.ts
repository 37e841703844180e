import type { Clock, TradingCalendar } from '@champion/core';
import type { Outbox } from '@champion/events';
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
  /** Where rows are left to be sent to Kafka. */
  readonly events?: {
    /** Whether runs that begin now leave theirs. */
    readonly on: boolean;
    /** The outbox, opened and migrated at first use: a run that began when it was on ends so elsewhere too. */
    readonly outbox: () => Promise<Outbox>;
  };
  readonly calendar: TradingCalendar;
  readonly clock: Clock;
}
