import type { HistoryInterval, StateType } from '@champion/contract';
import type { HistoryBucket, TaskRunBucket } from '@champion/engine';
import { instant } from './instant.ts';

export function wireHistory(buckets: readonly HistoryBucket[]): HistoryInterval[] {
  return buckets.map(({ from, to, states }) => ({
    interval_start: instant(from),
    interval_end: instant(to),
    states: states.map(({ type, name, count, runTime, lateness }) => ({
      state_type: type,
      state_name: name,
      count_runs: count,
      sum_estimated_run_time: runTime,
      sum_estimated_lateness: lateness,
    })),
  }));
}

/** Task runs are counted by the type of their state alone. */
export function wireTaskHistory(buckets: readonly TaskRunBucket[]): HistoryInterval[] {
  return buckets.map(({ from, to, counts }) => ({
    interval_start: instant(from),
    interval_end: instant(to),
    states: Object.entries(counts).map(([type, count]) => ({
      state_type: type as StateType,
      state_name: `${type.slice(0, 1)}${type.slice(1).toLowerCase()}`,
      count_runs: count,
      sum_estimated_run_time: 0,
      sum_estimated_lateness: 0,
    })),
  }));
}
