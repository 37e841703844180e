export { type ExchangeMetrics, exchangeMetrics } from './exchange-metrics.ts';
export { listenForMetrics, type MetricsListener } from './listener.ts';
export { type Metrics, metricsOf, workerMetricsOf } from './metrics.ts';
export type { MetricsParts } from './parts.ts';
export { metricsRoute } from './route.ts';
