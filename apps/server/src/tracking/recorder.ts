import type { Follower, RunReader } from '@champion/engine';
import type { TrackingStore } from '@champion/tracking';
import { trackedRun } from './tracked-run.ts';

/** Makes of every flow run that has ended a tracking run of the same id: its flow is the experiment. */
export function recorder(runs: RunReader, tracking: TrackingStore): Follower {
  return {
    name: 'tracking',
    types: ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'],
    // Runs are also made where no server is, by commands.
    fromBeginning: true,
    tell: async ({ flowRunId }) => {
      const run = await trackedRun(runs, flowRunId);
      if (run === undefined) return;
      const { flowRunId: id, ...record } = run;
      await tracking.recordRun({ ...record, runId: id.replaceAll('-', '') });
    },
  };
}
