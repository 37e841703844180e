import { Registry } from 'prom-client';
import { Collectors } from './collectors.ts';
import { datasetCollector } from './dataset-gauges.ts';
import { EndedRuns } from './ended-runs.ts';
import { eventsCollector } from './events-gauges.ts';
import type { ExchangeMetrics } from './exchange-metrics.ts';
import type { MetricsParts } from './parts.ts';
import { processMetrics } from './process-metrics.ts';
import { runMetrics, wantsResult } from './run-metrics.ts';
import { alertCollector, forwardingCollector } from './sent-gauges.ts';
import { systemCollectors } from './system-gauges.ts';
import { workCollectors } from './work-gauges.ts';

/** What a process tells Prometheus. */
export interface Metrics {
  /** Others of this process may add metrics of their own. */
  readonly register: Registry;
  readonly contentType: string;
  /** In Prometheus's text format, up to date. What can't be looked up in time is left out; it never throws for that. */
  text(): Promise<string>;
  /** Ends what goes on between scrapes. */
  close(): void;
}

/** Between scrapes too, so that what ended is read in small parts, and before it is pruned. */
const LOOK_EVERY_MS = 15_000;

/** The metrics of the server: of the platform as a whole, by its records and stores, and of this process. */
export function metricsOf(parts: MetricsParts): Metrics {
  const register = registerOf(parts);
  const tell = runMetrics(register, parts);
  const ended = new EndedRuns(parts.plane.runs, { since: new Date(), wantsResult });
  const look = () => ended.look(new Date(), tell);
  const collectors = new Collectors(
    register,
    [
      { name: 'ended runs', everyMs: 0, collect: look, clear: () => undefined },
      ...workCollectors(register, parts),
      datasetCollector(register, parts),
      eventsCollector(register, parts),
      alertCollector(register, parts),
      forwardingCollector(register, parts),
      ...systemCollectors(register, parts),
    ],
    parts.log,
  );
  const timer = setInterval(() => {
    // The same failure shows at the next scrape, and is told of there.
    look().catch((error: unknown) => parts.log('debug', 'Runs that ended could not be counted yet', { error }));
  }, LOOK_EVERY_MS);
  timer.unref();
  return {
    register,
    contentType: register.contentType,
    text: async () => {
      await collectors.refresh();
      return register.metrics();
    },
    close: () => clearInterval(timer),
  };
}

export interface WorkerMetricsParts {
  readonly exchange: ExchangeMetrics;
  readonly version: string;
}

/** The metrics of a process that only runs flows: what it asks of the exchange, and itself. The rest the server tells. */
export function workerMetricsOf(parts: WorkerMetricsParts): Metrics {
  const register = registerOf(parts);
  return {
    register,
    contentType: register.contentType,
    text: () => register.metrics(),
    close: () => undefined,
  };
}

function registerOf({ exchange, version }: Pick<MetricsParts, 'exchange' | 'version'>): Registry {
  const register = Registry.merge([exchange.register]);
  processMetrics(register, { version });
  return register;
}
