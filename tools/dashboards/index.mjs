import { dataQuality } from './data-quality.mjs';
import { exchange } from './exchange.mjs';
import { overview } from './overview.mjs';
import { performance } from './performance.mjs';
import { pipelineHealth } from './pipeline-health.mjs';

/** Every dashboard, in the order in which a person looks at them. */
export const dashboards = [overview, pipelineHealth, dataQuality, performance, exchange];
