import type { ScheduleRow } from '../schedules/schedule.ts';

/** A deployment as it is kept. */
export interface DeploymentRow {
  readonly id: string;
  readonly flowId: string;
  readonly flowName: string;
  readonly name: string;
  readonly version: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly sessionParameter: string | null;
  readonly paused: boolean;
  readonly concurrencyLimit: number | null;
  readonly workPool: string | null;
  readonly workQueue: string | null;
  readonly workQueueId: string | null;
  readonly entrypoint: string | null;
  /** False: a person made it. */
  readonly fromCode: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Oldest first. */
  readonly schedules: readonly ScheduleRow[];
}
