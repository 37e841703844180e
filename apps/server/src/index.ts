export { datasets } from '@champion/datasets';
export type { Engine, FlowRunHandle } from '@champion/engine';
export type {
  BackfillProgress,
  BackfillReport,
  BackfillSelection,
  CombinedResult,
  Coverage,
  IngestResult,
  SliceCoverage,
} from '@champion/flows';
export {
  backfill,
  COMBINED_FLOW,
  coverage,
  latestOfAll,
  latestPublished,
  marketReport,
  passRate,
  qualityLines,
  slicesOn,
  takeSnapshot,
} from '@champion/flows';
export { parseFault, startSimulator } from '@champion/simulator';
export type { DataQuality } from '@champion/warehouse';
export { dataQuality, marketSessions, sessionsLoaded } from '@champion/warehouse';
export { type Config, parseEnv, patient, variables } from './config.ts';
export { type EventsStatus, eventsStatus, followEvents, waitingText } from './events/index.ts';
export { flows } from './flows.ts';
export { type ImportJob, importJobs } from './import-jobs.ts';
export { startServer } from './platform.ts';
export { openStack, type Stack } from './stack.ts';
export { startWorker } from './worker.ts';
