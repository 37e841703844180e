import { describe, expect, it } from 'vitest';
import { runMetrics } from './run-metrics.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 9, 13, 0, 0) + seconds * 1_000);
const run = (result: unknown) => ({ startTime: at(0), endTime: at(6), result });

describe('runMetrics', () => {
  it('tells the time of each kind of task, and what the run loaded', () => {
    const tasks = [
      { name: 'scrape_bhavcopy', startTime: at(0), endTime: at(1.5) },
      { name: 'parse_polars_raw', startTime: at(1.5), endTime: at(2) },
      { name: 'normalize_polars', startTime: at(2), endTime: at(2.25) },
      { name: 'write_parquet', startTime: at(2.25), endTime: at(3) },
      { name: 'load_clickhouse', startTime: at(3), endTime: at(5) },
      { name: 'plan_flows', startTime: at(5), endTime: at(6) },
    ];
    const result = {
      rows_in_file: 2_000,
      rows_loaded: 1_990,
      rows_quarantined: 10,
      anomalies: [{}, {}],
      file_size_bytes: 2_400_000,
      slices: [{ slice: 'bhavcopy', rows_loaded: 1_990, metrics: { joined: 1_900 } }],
    };
    expect(runMetrics(run(result), tasks)).toEqual({
      scrape_duration_seconds: 1.5,
      parse_duration_seconds: 0.5,
      normalize_duration_seconds: 0.25,
      write_duration_seconds: 0.75,
      load_duration_seconds: 2,
      total_duration: 6,
      rows_processed: 2_000,
      rows_loaded: 1_990,
      rows_filtered: 10,
      validation_pass_rate: 0.995,
      anomalies_detected: 2,
      file_size_mb: 2.4,
      joined: 1_900,
    });
  });

  it('counts each slice of a dataset that has several', () => {
    const slices = [
      { slice: 'bulk-deals', rows_loaded: 80, metrics: {} },
      { slice: 'block-deals', rows_loaded: 0, metrics: {} },
    ];
    expect(runMetrics(run({ rows_in_file: 80, rows_loaded: 80, rows_quarantined: 0, slices }), [])).toMatchObject({
      bulk_deals_count: 80,
      block_deals_count: 0,
      validation_pass_rate: 1,
    });
  });

  it('has no numbers of a run that has none: nothing stands in for them', () => {
    expect(runMetrics(run(null), [{ name: 'scrape_bhavcopy', startTime: at(0), endTime: null }])).toEqual({
      total_duration: 6,
    });
    expect(runMetrics({ startTime: null, endTime: at(1), result: { outcome: 'NO_SESSION' } }, [])).toEqual({});
  });
});
