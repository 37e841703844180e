import type { FlowRunSummary, Followers } from '@champion/engine';
import type { BackfillRunner, Dataset, Services } from '@champion/flows';
import type { Events } from '../../events/events.ts';
import type { ExchangeWatch } from '../system/exchange-watch.ts';
import type { SystemMonitor } from '../system/monitor.ts';

/** What the handlers of data, market and system work with. */
export interface DataParts {
  readonly services: Services;
  readonly datasets: readonly Dataset[];
  readonly config: {
    /** The data folder, absolute. */
    readonly home: string;
    /** The exchange is the simulator: none of the rows are real. */
    readonly simulated: boolean;
  };
  /** PostgreSQL. */
  readonly database: {
    readonly kind: 'embedded' | 'server';
    /** Its version or address, without secrets; throws when it does not answer. */
    readonly probe: () => Promise<string>;
  };
  /** Of the product. */
  readonly version: string;
  readonly startedAt: Date;
  /** What the server remembers of itself. */
  readonly monitor: SystemMonitor;
  /** How the exchange has been answering this process. */
  readonly exchange: ExchangeWatch;
  /** Rows on their way to Kafka. */
  readonly events?: Pick<Events, 'on' | 'brokers' | 'outbox'>;
  /** Who is told of what runs come to. */
  readonly followers?: Pick<Followers, 'status'>;
  /** Where the tracking listens; undefined until it does. */
  readonly trackingPort?: () => number | undefined;
  readonly backfills: BackfillRunner;
  /** The latest run of each flow; flows without one are missing. */
  readonly readRuns: (flowNames: readonly string[]) => Promise<ReadonlyMap<string, LatestRun>>;
}

export type LatestRun = Pick<FlowRunSummary, 'id' | 'name' | 'stateType' | 'stateName' | 'stateAt'>;
