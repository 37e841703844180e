import type { Database } from '../records/database.ts';

/** How long the parts of a run took, by name: its tasks, and the runs that it started. */
export interface ComparedRun {
  readonly id: string;
  readonly startTime: Date | null;
  readonly endTime: Date | null;
  readonly expectedStartTime: Date;
  readonly result: unknown;
  /** Completed ones. Several of a name are taken together. */
  readonly parts: readonly { readonly kind: 'task' | 'flow'; readonly name: string; readonly seconds: number }[];
}

export interface RunComparison {
  readonly run: ComparedRun & { readonly flowName: string };
  /** Completed runs of the same flow that were due before it, the latest first. */
  readonly before: readonly ComparedRun[];
}

/** Completed runs that are looked at for those worth comparing with: on most days there is a session. */
const MOST_LOOKED_AT = 300;

/**
 * A run beside the completed ones of its flow before it. Runs that had nothing to do (another state than Completed) and
 * those that went on from another's task are no measure. Undefined for an unknown run.
 */
export async function runComparison(
  database: Database,
  flowRunId: string,
  most: number,
): Promise<RunComparison | undefined> {
  const rows = await database.run<ComparedRun & { flowName: string }>({ name: 'run-comparison', text: COMPARISON }, [
    flowRunId,
    most,
  ]);
  const run = rows.find(({ id }) => id === flowRunId);
  return run && { run, before: rows.filter((row) => row !== run) };
}

const COMPARISON = `
  WITH this AS MATERIALIZED (
    SELECT id, flow_name, start_time, end_time, expected_start_time, result FROM champion.flow_runs WHERE id = $1
  ), latest AS (
    SELECT r.id, r.flow_name, r.start_time, r.end_time, r.expected_start_time, r.result, r.state_name, r.restart_from
    FROM this CROSS JOIN LATERAL (
      SELECT * FROM champion.flow_runs r
      WHERE r.flow_name = this.flow_name AND r.state_type = 'COMPLETED'
        AND (r.expected_start_time, r.id) < (this.expected_start_time, this.id)
      ORDER BY r.expected_start_time DESC, r.id DESC LIMIT ${MOST_LOOKED_AT}) r
  ), run AS (
    SELECT id, flow_name, start_time, end_time, expected_start_time, result FROM this
    UNION ALL
    (SELECT id, flow_name, start_time, end_time, expected_start_time, result FROM latest
     WHERE state_name = 'Completed' AND restart_from IS NULL AND start_time IS NOT NULL AND end_time IS NOT NULL
     ORDER BY expected_start_time DESC, id DESC LIMIT $2)
  )
  SELECT run.id, run.flow_name AS "flowName", run.start_time AS "startTime", run.end_time AS "endTime",
    run.expected_start_time AS "expectedStartTime", run.result, coalesce(parts.list, '[]') AS parts
  FROM run CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object('kind', kind, 'name', name, 'seconds', seconds) ORDER BY first, name) AS list
    FROM (
      SELECT 'task' AS kind, t.name, sum(date_part('epoch', t.end_time - t.start_time)) AS seconds,
        min(t.start_time) AS first
      FROM champion.task_runs t
      WHERE t.flow_run_id = run.id AND t.state_type = 'COMPLETED' AND t.end_time IS NOT NULL
      GROUP BY t.name
      UNION ALL
      SELECT 'flow', c.flow_name, sum(date_part('epoch', c.end_time - c.start_time)), min(c.start_time)
      FROM champion.flow_runs c
      WHERE c.parent_flow_run_id = run.id AND c.state_type = 'COMPLETED' AND c.state_name = 'Completed'
        AND c.start_time IS NOT NULL AND c.end_time IS NOT NULL
      GROUP BY c.flow_name
    ) part
  ) parts
  ORDER BY run.expected_start_time DESC, run.id DESC`;
