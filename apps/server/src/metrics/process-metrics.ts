import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/** Of Node's metrics, those that say little or are not named by Prometheus's conventions. */
const LEFT_OUT = [
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_active_resources',
  'nodejs_active_resources_total',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
  'nodejs_heap_space_size_available_bytes',
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_used_bytes',
  'nodejs_version_info',
  'process_heap_bytes',
];

/** Memory, processor and event loop of this process, and which build it runs. */
export function processMetrics(registry: Registry, build: { readonly version: string }): void {
  collectDefaultMetrics({ register: registry });
  for (const name of LEFT_OUT) registry.removeSingleMetric(name);
  const info = new Gauge({
    name: 'champion_build_info',
    help: 'Always 1; the labels tell the version of Champion and of Node',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  info.set({ version: build.version, node: process.versions.node }, 1);
}
