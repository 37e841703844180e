export { type MlflowAppOptions, mlflowApp } from './api/app.ts';
export { FilterError } from './filter/filter-error.ts';
export type {
  DatasetInput,
  Experiment,
  LifecycleStage,
  Metric,
  Page,
  Run,
  RunInfo,
  RunStatus,
  View,
} from './model.ts';
export type { ExperimentActivity } from './store/activity.ts';
export type { RunSearch } from './store/compile-search.ts';
export type { ExperimentSearch, NewExperiment } from './store/experiments.ts';
export type { BulkHistoryQuery, HistoryQuery, RunMetric } from './store/history.ts';
export type { Batch } from './store/log-batch.ts';
export type { RunRecord } from './store/record-run.ts';
export type { NewRun, RunUpdate } from './store/runs.ts';
export { openTracking, type TrackingOptions, type TrackingStore } from './tracking-store.ts';
