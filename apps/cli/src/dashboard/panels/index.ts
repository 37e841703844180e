import type { Panel } from '../panel.ts';
import { flowsPanel } from './flows.ts';
import { guidePanel } from './guide.ts';
import { lineagePanel } from './lineage.ts';
import { metricsPanel } from './metrics.ts';
import { pipelinePanel } from './pipeline.ts';
import { sourcesPanel } from './sources.ts';
import { stackPanel } from './stack.ts';
import { tasksPanel } from './tasks.ts';

/** In the order of their keys, 1 to 8. */
export const panels: readonly Panel[] = [
  pipelinePanel,
  flowsPanel,
  lineagePanel,
  tasksPanel,
  sourcesPanel,
  metricsPanel,
  stackPanel,
  guidePanel,
];
