import type { ControlPlane, InternalLog } from '@champion/engine';
import type { Dataset, Services } from '@champion/flows';
import type { Events } from '../events/events.ts';
import type { ExchangeMetrics } from './exchange-metrics.ts';

/** What the server's metrics are made of. */
export interface MetricsParts {
  readonly plane: Pick<ControlPlane, 'runs' | 'queues' | 'workers' | 'notifications' | 'followers'>;
  readonly services: Pick<Services, 'lake' | 'warehouse' | 'calendar' | 'clock'>;
  readonly datasets: readonly Dataset[];
  /** The flows and tasks that are told apart; any other is "other". */
  readonly flows: readonly { readonly name: string; readonly tasks: readonly string[] }[];
  /** PostgreSQL; `probe` throws when it does not answer. */
  readonly database: { readonly probe: () => Promise<unknown> };
  /** Rows on their way to Kafka. */
  readonly events?: Pick<Events, 'on' | 'outbox'>;
  /** The data folder, absolute. */
  readonly home: string;
  /** What this process asks of the exchange. */
  readonly exchange: ExchangeMetrics;
  /** Of the product. */
  readonly version: string;
  readonly log: InternalLog;
}
