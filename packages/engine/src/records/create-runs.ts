import { storableText, toJson } from '../json.ts';
import type { State } from '../states.ts';
import type { Database, Statement } from './database.ts';

/** A run as it is recorded before any worker has it. */
export interface NewScheduledRun {
  readonly id: string;
  readonly flowName: string;
  readonly name: string;
  /** False: the run is named anew by its parameters, defaults included, when it begins. */
  readonly nameGiven: boolean;
  /** As given; the defaults are filled in when it begins. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** SCHEDULED, or the state of a run that ends without being begun. */
  readonly state: State;
  readonly expectedStartTime: Date;
  readonly deploymentId?: string;
  readonly deploymentVersion?: string;
  readonly workQueueId?: string;
  readonly scheduleId?: string;
  /** Unique within the flow: a second run with it is not created. */
  readonly idempotencyKey?: string;
  readonly tags?: readonly string[];
  readonly autoScheduled?: boolean;
  readonly createdBy?: string;
  /** The run that it repeats, and the task (or child flow) from which on; without the latter, from the beginning. */
  readonly retryOf?: string;
  readonly restartFrom?: string;
}

/**
 * Records runs that wait for a worker, in one statement.
 * @returns the ids of those that were created: a run whose id or idempotency key is in use is not
 */
export async function createRuns(
  database: Pick<Database, 'run'>,
  runs: readonly NewScheduledRun[],
  at: Date,
): Promise<string[]> {
  if (runs.length === 0) return [];
  const safe = runs.map((run) => ({ ...run, name: storableText(run.name) }));
  const rows = await database.run<{ id: string }>(CREATE_RUNS, [toJson(safe), at]);
  return rows.map(({ id }) => id);
}

const CREATE_RUNS: Statement = {
  name: 'flow-runs-create',
  text: `
    WITH given AS (
      SELECT *
      FROM jsonb_to_recordset($1::jsonb) AS r (
        id uuid, "flowName" text, name text, "nameGiven" boolean, parameters jsonb, state jsonb,
        "expectedStartTime" timestamptz, "deploymentId" uuid, "deploymentVersion" text, "workQueueId" uuid,
        "scheduleId" uuid, "idempotencyKey" text, tags jsonb, "autoScheduled" boolean, "createdBy" text,
        "retryOf" uuid, "restartFrom" text)
    ), run AS (
      INSERT INTO champion.flow_runs (id, flow_name, name, name_given, parameters, state_type, state_name, state_message,
        state_at, created_at, end_time, expected_start_time, deployment_id, deployment_version, work_queue_id,
        schedule_id, idempotency_key, tags, auto_scheduled, created_by, retry_of, restart_from, logical_start)
      SELECT id, "flowName", name, "nameGiven", parameters, state ->> 'type', state ->> 'name', state ->> 'message',
        $2::timestamptz, $2, CASE WHEN state ->> 'type' <> 'SCHEDULED' THEN $2 END, "expectedStartTime", "deploymentId",
        "deploymentVersion", "workQueueId", "scheduleId", "idempotencyKey",
        ARRAY(SELECT jsonb_array_elements_text(coalesce(tags, '[]'))), coalesce("autoScheduled", false), "createdBy",
        "retryOf", "restartFrom", CASE WHEN "restartFrom" IS NOT NULL THEN (
          SELECT coalesce(o.logical_start, o.start_time) FROM champion.flow_runs o WHERE o.id = "retryOf") END
      FROM given
      ON CONFLICT DO NOTHING
      RETURNING id, state_type, state_name, state_message
    ), history AS (
      INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, message, at)
      SELECT id, 'flow', id, state_type, state_name, state_message, $2 FROM run
    )
    SELECT id FROM run`,
};
