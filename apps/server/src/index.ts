export { datasets } from '@champion/datasets';
export type { Engine, FlowRunHandle } from '@champion/engine';
export type { IngestResult } from '@champion/flows';
export { latestPublished } from '@champion/flows';
export { parseFault, startSimulator } from '@champion/simulator';
export { sessionsLoaded } from '@champion/warehouse';
export { type Config, parseEnv, variables } from './config.ts';
export { openStack, type Stack } from './stack.ts';
