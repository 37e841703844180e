import { z } from 'zod';

/** A finished task of a run. */
export interface TimedTask {
  readonly name: string;
  readonly startTime: Date | null;
  readonly endTime: Date | null;
}

/** The kinds of work whose time is compared between runs; a task's name begins with its kind. */
const KINDS = ['scrape', 'parse', 'normalize', 'write', 'load'] as const;

/** What is read of the result of an ingest flow (IngestResult) or of the combined flow (CombinedResult). */
const ResultSchema = z.object({
  rows_in_file: z.number().optional(),
  rows_loaded: z.number().optional(),
  rows_quarantined: z.number().optional(),
  anomalies: z.union([z.number(), z.array(z.unknown())]).optional(),
  file_size_bytes: z.number().optional(),
  slices: z
    .array(
      z.object({ slice: z.string(), rows_loaded: z.number(), metrics: z.record(z.string(), z.number()).catch({}) }),
    )
    .optional(),
});

const BYTES_PER_MB = 1_000_000;

/**
 * The numbers by which runs of a flow are compared: `<kind>_duration_seconds` of each kind of task, `total_duration` in
 * seconds, and, of a run that loaded something, `rows_processed`, `rows_loaded`, `rows_filtered`, `validation_pass_rate`
 * (0 to 1), `anomalies_detected` and `file_size_mb` (10^6 bytes); for a dataset of several slices `<slice>_count` of each.
 */
export function runMetrics(
  run: { readonly startTime: Date | null; readonly endTime: Date | null; readonly result: unknown },
  tasks: readonly TimedTask[],
): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const kind of KINDS) {
    const seconds = tasks
      .filter(({ name }) => name.startsWith(`${kind}_`))
      .map(secondsOf)
      .filter((took) => took !== undefined);
    if (seconds.length > 0) metrics[`${kind}_duration_seconds`] = seconds.reduce((sum, took) => sum + took, 0);
  }
  const total = secondsOf(run);
  if (total !== undefined) metrics.total_duration = total;

  const result = ResultSchema.safeParse(run.result).data;
  if (result === undefined) return metrics;
  const { rows_in_file, rows_loaded, rows_quarantined, anomalies, file_size_bytes, slices = [] } = result;
  const processed = rows_in_file ?? (rows_loaded === undefined ? undefined : rows_loaded + (rows_quarantined ?? 0));
  if (processed !== undefined) metrics.rows_processed = processed;
  if (rows_loaded !== undefined) metrics.rows_loaded = rows_loaded;
  if (rows_quarantined !== undefined) metrics.rows_filtered = rows_quarantined;
  if (processed !== undefined && rows_quarantined !== undefined) {
    metrics.validation_pass_rate = processed === 0 ? 1 : 1 - rows_quarantined / processed;
  }
  if (anomalies !== undefined)
    metrics.anomalies_detected = typeof anomalies === 'number' ? anomalies : anomalies.length;
  if (file_size_bytes !== undefined) metrics.file_size_mb = file_size_bytes / BYTES_PER_MB;
  for (const { slice, rows_loaded: rows, metrics: own } of slices) {
    if (slices.length > 1) metrics[`${metricName(slice)}_count`] = rows;
    for (const [name, value] of Object.entries(own)) {
      metrics[slices.length > 1 ? `${metricName(slice)}_${metricName(name)}` : metricName(name)] = value;
    }
  }
  return metrics;
}

function secondsOf({ startTime, endTime }: Omit<TimedTask, 'name'>): number | undefined {
  return startTime === null || endTime === null ? undefined : (endTime.getTime() - startTime.getTime()) / 1_000;
}

function metricName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]+/g, '_');
}
