import type { Database, Statement } from '../records/database.ts';
import type { UnfinishedFlowRun } from '../records/run-records.ts';
import type { StateType } from '../states.ts';
import { DEAD_AFTER_MS } from './worker-records.ts';

/** Most runs that one worker takes over at once; what is left is there for the others. */
const AT_ONCE = 100;

/**
 * Makes runs of workers that are dead, or have left, this one's.
 * @param judgesSilence false: only runs of workers that have said that they leave. Whoever was itself cut off from the
 *   database can't tell a dead worker from one that was cut off with it
 */
export async function takeOverRuns(
  database: Database,
  worker: string,
  judgesSilence: boolean,
): Promise<UnfinishedFlowRun[]> {
  const rows = await database.run<{
    id: string;
    name: string;
    flow_name: string;
    parent_flow_run_id: string | null;
    state_type: StateType;
    state_message: string | null;
    created_at: Date;
  }>(TAKE_OVER, [worker, judgesSilence, AT_ONCE]);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    flowName: row.flow_name,
    ...(row.parent_flow_run_id === null ? {} : { parentFlowRunId: row.parent_flow_run_id }),
    stateType: row.state_type,
    stateMessage: row.state_message,
    executorId: worker,
    createdAt: row.created_at,
  }));
}

/** The dead worker's row says so at once: should it live after all, its next heartbeat tells it what it has lost. */
const TAKE_OVER: Statement = {
  name: 'runs-take-over',
  text: `
    WITH silent AS (
      UPDATE champion.workers SET status = 'offline', stopped_at = last_heartbeat_at
      WHERE $2 AND name <> $1 AND status <> 'offline'
        AND last_heartbeat_at < clock_timestamp() - make_interval(secs => ${DEAD_AFTER_MS / 1_000})
      RETURNING name
    ), gone AS (
      SELECT name FROM silent
      UNION
      SELECT name FROM champion.workers WHERE status = 'offline' AND name <> $1
    ), orphan AS (
      SELECT r.id FROM champion.flow_runs r JOIN gone ON gone.name = r.executor_id
      WHERE r.state_type NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'SCHEDULED')
      ORDER BY r.parent_flow_run_id IS NOT NULL, r.created_at
      LIMIT $3
      FOR UPDATE OF r SKIP LOCKED
    )
    UPDATE champion.flow_runs r SET executor_id = $1 FROM orphan
    WHERE r.id = orphan.id
      AND r.state_type NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'SCHEDULED')
    RETURNING r.id, r.name, r.flow_name, r.parent_flow_run_id, r.state_type, r.state_message, r.created_at`,
};
