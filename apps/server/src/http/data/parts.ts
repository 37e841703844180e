import type { FlowRunSummary } from '@champion/engine';
import type { BackfillRunner, Dataset, Services } from '@champion/flows';

/** What the handlers of data, market and system work with. */
export interface DataParts {
  readonly services: Services;
  readonly datasets: readonly Dataset[];
  readonly config: {
    /** The data folder, absolute. */
    readonly home: string;
    /** The exchange is the simulator: none of the rows are real. */
    readonly simulated: boolean;
  };
  /** PostgreSQL. */
  readonly database: {
    readonly kind: 'embedded' | 'server';
    /** Its version or address, without secrets; throws when it does not answer. */
    readonly probe: () => Promise<string>;
  };
  /** Of the product. */
  readonly version: string;
  readonly startedAt: Date;
  readonly backfills: BackfillRunner;
  /** The latest run of each flow; flows without one are missing. */
  readonly readRuns: (flowNames: readonly string[]) => Promise<ReadonlyMap<string, LatestRun>>;
}

export type LatestRun = Pick<FlowRunSummary, 'id' | 'name' | 'stateType' | 'stateName' | 'stateAt'>;
