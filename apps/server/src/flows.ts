import { datasets } from '@champion/datasets';
import { describeFlows } from '@champion/flows';

/** Every flow by name, with what it does and the names of its tasks. */
export const flows = describeFlows(datasets);
