import { randomUUID } from 'node:crypto';
import { systemClock } from '@champion/core';
import { Database } from '../records/database.ts';
import { migrate } from '../records/migrate.ts';
import type { StateType } from '../states.ts';
import { startTestPostgres } from './stack.ts';

/** A flow run as a test puts it into the table; what is left out is unremarkable. */
export interface GivenRun {
  readonly id: string;
  readonly flowName: string;
  readonly name: string;
  readonly stateType: StateType;
  readonly stateName: string;
  readonly expected: Date;
  readonly start: Date | null;
  readonly end: Date | null;
  readonly parentId: string | null;
  readonly deploymentId: string | null;
  readonly workQueueId: string | null;
  readonly scheduleId: string | null;
  readonly idempotencyKey: string | null;
  readonly tags: readonly string[];
}

export function givenRun(run: Partial<GivenRun> = {}): GivenRun {
  const { id = randomUUID(), stateType = 'COMPLETED', expected = new Date('2026-11-01T10:00:00Z') } = run;
  return {
    id,
    flowName: 'flow-a',
    name: `run-${id.slice(0, 8)}`,
    stateType,
    stateName: stateType.charAt(0) + stateType.slice(1).toLowerCase(),
    expected,
    start: expected,
    end: new Date(expected.getTime() + 60_000),
    parentId: null,
    deploymentId: null,
    workQueueId: null,
    scheduleId: null,
    idempotencyKey: null,
    tags: [],
    ...run,
  };
}

/** A migrated database of the test's own, and the way to fill it. */
export async function startRecords() {
  const postgres = await startTestPostgres();
  const database = new Database(postgres.url, () => undefined);
  await migrate(database.pool);
  return {
    database,
    query: postgres.query,
    insertRuns: (runs: readonly GivenRun[]) => postgres.query(INSERT_RUNS, [JSON.stringify(runs), systemClock.now()]),
    stop: async () => {
      await database.close();
      await postgres.stop();
    },
  };
}

const INSERT_RUNS = `
  INSERT INTO champion.flow_runs (id, flow_name, name, parameters, state_type, state_name, state_at, created_at,
    expected_start_time, start_time, end_time, parent_flow_run_id, deployment_id, work_queue_id, schedule_id,
    idempotency_key, tags)
  SELECT id, "flowName", name, '{}', "stateType", "stateName", coalesce("end", start, expected), $2, expected, start,
    "end", "parentId", "deploymentId", "workQueueId", "scheduleId", "idempotencyKey",
    ARRAY(SELECT jsonb_array_elements_text(tags))
  FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, "flowName" text, name text, "stateType" text, "stateName" text,
    expected timestamptz, start timestamptz, "end" timestamptz, "parentId" uuid, "deploymentId" uuid,
    "workQueueId" uuid, "scheduleId" uuid, "idempotencyKey" text, tags jsonb)`;
