import type { ControlPlane, FlowRunReader, InternalLog } from '@champion/engine';
import { BackfillRunner, controlPlaneRuns, type Dataset, type RunsPlane, type Services } from '@champion/flows';
import type { DataParts } from './parts.ts';

const QUEUE = 'default';

/** Backfills whose runs any worker of the control plane may take. */
export function backfillsOver(parts: {
  readonly services: Services;
  readonly datasets: readonly Dataset[];
  readonly plane: RunsPlane & {
    readonly workers: Pick<ControlPlane['workers'], 'list'>;
    readonly queues: Pick<ControlPlane['queues'], 'queueByName'>;
  };
  readonly log?: InternalLog;
}): BackfillRunner {
  const { plane, ...rest } = parts;
  return new BackfillRunner({
    ...rest,
    runs: ({ id, key }) =>
      controlPlaneRuns(plane, {
        keyOf: ({ trade_date }) => `backfill ${id} ${key} ${String(trade_date)}`,
        tags: ['backfill'],
        createdBy: `backfill ${id}`,
      }),
    obstacle: async () => {
      const [workers, queue] = await Promise.all([plane.workers.list(), plane.queues.queueByName(QUEUE)]);
      if (queue?.isPaused) return `waiting: the work queue "${QUEUE}" is paused`;
      const serving = workers.some(({ status, workQueues }) => status === 'online' && workQueues.includes(QUEUE));
      if (serving) return undefined;
      return `waiting for a worker: none serves the queue "${QUEUE}". Start one with: champion worker start -q ${QUEUE}`;
    },
  });
}

/** The latest run of each flow, from the run records. */
export function latestRuns(reader: Pick<FlowRunReader, 'latestOfFlows'>): DataParts['readRuns'] {
  return async (flowNames) => {
    const latest = await reader.latestOfFlows(flowNames, 1);
    return new Map([...latest].flatMap(([flow, [run]]) => (run === undefined ? [] : [[flow, run] as const])));
  };
}
