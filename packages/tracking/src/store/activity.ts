import { checkCount, experimentNumber, LIMITS } from '../limits.ts';
import type { RunStatus } from '../model.ts';
import type { Database } from './database.ts';

/** What goes on in an experiment. Deleted runs do not count. */
export interface ExperimentActivity {
  readonly experimentId: string;
  readonly runs: number;
  /** The one that began last. */
  readonly lastRun: {
    readonly runId: string;
    readonly runName: string;
    readonly status: RunStatus;
    /** Epoch milliseconds. */
    readonly startTime: number;
    /** Epoch milliseconds; null while the run is not at its end. */
    readonly endTime: number | null;
  } | null;
}

interface ActivityRow {
  readonly id: number;
  readonly runs: number;
  readonly run_id: string | null;
  readonly name: string;
  readonly status: RunStatus;
  readonly start_time: number;
  readonly end_time: number | null;
}

/** How many runs each of these experiments has, and the last one; those that are not there are left out. */
export async function experimentActivity(
  database: Database,
  experimentIds: readonly string[],
): Promise<ExperimentActivity[]> {
  checkCount('experiments', experimentIds.length, LIMITS.defaultResults);
  const rows = await database.rows<ActivityRow>(
    `SELECT e.id, counted.runs, latest.run_id, latest.name, latest.status, latest.start_time, latest.end_time
    FROM tracking.experiments e
    CROSS JOIN LATERAL (
      SELECT count(*) AS runs FROM tracking.runs r WHERE r.experiment_id = e.id AND r.lifecycle_stage = 'active'
    ) AS counted
    LEFT JOIN LATERAL (
      SELECT r.* FROM tracking.runs r WHERE r.experiment_id = e.id AND r.lifecycle_stage = 'active'
      ORDER BY r.start_time DESC, r.run_id COLLATE "C" LIMIT 1
    ) AS latest ON TRUE
    WHERE e.id = ANY ($1::bigint[])
    ORDER BY e.id`,
    [experimentIds.map(experimentNumber)],
  );
  return rows.map(({ id, runs, run_id, name, status, start_time, end_time }) => ({
    experimentId: String(id),
    runs,
    lastRun:
      run_id === null ? null : { runId: run_id, runName: name, status, startTime: start_time, endTime: end_time },
  }));
}
