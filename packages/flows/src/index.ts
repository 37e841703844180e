export { type BackfillGap, type BackfillReport, type BackfillRequest, backfill } from './backfill.ts';
export type { BackfillProgress } from './backfill-log.ts';
export {
  BACKFILL_SELECTIONS,
  type BackfillRecord,
  BackfillRecordSchema,
  type BackfillSelection,
  listBackfills,
} from './backfill-record.ts';
export {
  BackfillRunner,
  type BackfillRunnerOptions,
  type BackfillView,
  type NewBackfill,
} from './backfill-runner.ts';
export type { AtWork } from './backfill-work.ts';
export {
  COMBINED_FLOW,
  type CombinedResult,
  describeFlows,
  type FlowEnd,
  latestOfAll,
  marketFlows,
} from './combined.ts';
export { type ControlPlaneRunsOptions, controlPlaneRuns, type RunsPlane } from './control-plane-runs.ts';
export {
  type Coverage,
  type CoverageRequest,
  coverage,
  defaultSlices,
  isThere,
  type SliceCoverage,
  slicesOn,
} from './coverage.ts';
export { deployments } from './deployments.ts';
export { GOLD_FLOW } from './gold.ts';
export { type MarketSnapshot, takeSnapshot } from './gold-snapshot.ts';
export { parquetRows } from './parquet.ts';
export { latestPublished } from './publication.ts';
export { passRate, qualityLines } from './quality.ts';
export type { IngestResult } from './references.ts';
export { marketReport } from './report.ts';
export { runMetrics } from './run-metrics.ts';
export type { RunsPort, StartedRun } from './runs-port.ts';
export type { Services } from './services.ts';
export type { Dataset } from './session.ts';
export { sweepStaging } from './staging.ts';
export { PUBLISH_TASK } from './steps/publish.ts';
