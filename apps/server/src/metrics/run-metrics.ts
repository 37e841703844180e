import type { ErrorCode } from '@champion/core';
import { type FlowRunRow, type FlowRunSummary, isTerminal } from '@champion/engine';
import { Counter, Histogram, type Registry } from 'prom-client';
import { z } from 'zod';
import type { EndedRun } from './ended-runs.ts';
import { known, OTHER } from './labels.ts';
import type { MetricsParts } from './parts.ts';

/** A day's flow takes a second or two, a slow exchange minutes; 600 s is the limit that people are told of. */
const FLOW_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600];
const TASK_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900];
/** A worker that is free begins within 0.2 s; after 15 s a run is late. */
const DELAY_SECONDS = [0.05, 0.1, 0.2, 0.5, 1, 5, 15, 60, 300, 3_600];

const STATES = ['completed', 'failed', 'cancelled', 'crashed'];
const CODES = {
  NOT_PUBLISHED_YET: true,
  MISSING: true,
  BLOCKED: true,
  CORRUPT: true,
  NOT_FOUND: true,
  UNREACHABLE: true,
  TIMEOUT: true,
  CANCELLED: true,
  INVALID_INPUT: true,
  CONFIG: true,
  BUSY: true,
  STORE_FAILED: true,
  INTERNAL: true,
} satisfies Record<ErrorCode, true>;

/** What is counted of the result of a dataset's flow that loaded something (IngestResult). */
const LoadedSchema = z.object({
  outcome: z.literal('LOADED'),
  rows_in_file: z.number(),
  rows_loaded: z.number(),
  rows_quarantined: z.number(),
  anomalies: z.array(z.unknown()),
  file_size_bytes: z.number(),
});

/** Whether more has to be known of a run than its times and state. */
export function wantsResult(run: FlowRunSummary): boolean {
  return run.stateType !== 'CANCELLED';
}

/** Counters and histograms of runs that end, in whichever process. @returns what is to be told of each */
export function runMetrics(
  registry: Registry,
  { flows, datasets }: Pick<MetricsParts, 'flows' | 'datasets'>,
): (ended: EndedRun) => void {
  const registers = [registry];
  const ended = new Counter({
    name: 'champion_flow_runs_ended_total',
    help: 'Flow runs that have ended, in any process on the database, by how',
    labelNames: ['flow', 'state'],
    registers,
  });
  const seconds = new Histogram({
    name: 'champion_flow_run_duration_seconds',
    help: 'From the beginning of a flow run to its end, in any process on the database',
    labelNames: ['flow', 'state'],
    buckets: FLOW_SECONDS,
    registers,
  });
  const failures = new Counter({
    name: 'champion_flow_run_failures_total',
    help: 'Flow runs that failed or crashed, by the code of their error',
    labelNames: ['flow', 'code'],
    registers,
  });
  const delay = new Histogram({
    name: 'champion_flow_run_start_delay_seconds',
    help: 'From when a flow run was to begin until it did; child runs, which begin with their parent, are not counted',
    buckets: DELAY_SECONDS,
    registers,
  });
  const taskSeconds = new Histogram({
    name: 'champion_task_run_duration_seconds',
    help: 'From the beginning of the first attempt of a task to the end of the last, in any process on the database',
    labelNames: ['flow', 'task', 'state'],
    buckets: TASK_SECONDS,
    registers,
  });
  const retries = new Counter({
    name: 'champion_task_run_retries_total',
    help: 'Attempts of tasks after the first',
    labelNames: ['flow', 'task'],
    registers,
  });
  const perDataset = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['dataset'], registers: [registry] });
  const processed = perDataset('champion_dataset_rows_processed_total', 'Rows in the files of runs that loaded them');
  const loaded = perDataset('champion_dataset_rows_loaded_total', 'Rows that runs loaded');
  const filtered = perDataset('champion_dataset_rows_filtered_total', 'Rows that runs put into quarantine');
  const anomalies = perDataset('champion_dataset_anomalies_total', 'Anomalies that runs found in what they loaded');
  const written = perDataset('champion_dataset_written_bytes_total', 'Bytes of silver files that runs wrote');

  const tasksOf = new Map(flows.map(({ name, tasks }) => [name, known(tasks)]));
  const stateOf = known(STATES);
  const codeOf = known(Object.keys(CODES));
  const datasetOf = new Map(datasets.map((dataset) => [dataset.flow.name, dataset.name]));

  // A counter that first appears with 1 has not increased for Prometheus: all begin at 0.
  for (const { name: flow, tasks } of flows) {
    for (const state of STATES) {
      ended.inc({ flow, state }, 0);
      seconds.zero({ flow, state });
    }
    for (const code of Object.keys(CODES)) failures.inc({ flow, code: code.toLowerCase() }, 0);
    for (const task of tasks) {
      taskSeconds.zero({ flow, task, state: 'completed' });
      taskSeconds.zero({ flow, task, state: 'failed' });
      retries.inc({ flow, task }, 0);
    }
  }
  for (const { name: dataset } of datasets) {
    for (const counter of [processed, loaded, filtered, anomalies, written]) counter.inc({ dataset }, 0);
  }

  return ({ run, tasks }) => {
    const taskOf = tasksOf.get(run.flowName);
    const flow = taskOf === undefined ? OTHER : run.flowName;
    const state = stateOf(run.stateType.toLowerCase());
    ended.inc({ flow, state });
    if (run.startTime !== null) {
      seconds.observe({ flow, state }, run.totalRunTime);
      if (run.parentFlowRunId === null) {
        delay.observe(Math.max(0, run.startTime.getTime() - run.expectedStartTime.getTime()) / 1_000);
      }
    }
    if (state === 'failed' || state === 'crashed') {
      failures.inc({ flow, code: codeOf(errorCode(run)).toLowerCase() });
    }
    for (const { name, stateType, endTime, totalRunTime, attemptCount } of tasks) {
      const task = taskOf?.(name) ?? OTHER;
      if (attemptCount > 1) retries.inc({ flow, task }, attemptCount - 1);
      if (endTime === null || !isTerminal(stateType)) continue;
      taskSeconds.observe({ flow, task, state: stateType.toLowerCase() }, totalRunTime);
    }
    const dataset = datasetOf.get(run.flowName);
    const result = dataset === undefined ? undefined : LoadedSchema.safeParse(resultOf(run)).data;
    if (dataset === undefined || result === undefined) return;
    processed.inc({ dataset }, result.rows_in_file);
    loaded.inc({ dataset }, result.rows_loaded);
    filtered.inc({ dataset }, result.rows_quarantined);
    anomalies.inc({ dataset }, result.anomalies.length);
    written.inc({ dataset }, result.file_size_bytes);
  };
}

/** A run that crashed may have left no error. */
function errorCode(run: EndedRun['run']): string {
  return hasResult(run) ? (run.error?.code ?? OTHER) : OTHER;
}

function resultOf(run: EndedRun['run']): unknown {
  return hasResult(run) ? run.result : undefined;
}

function hasResult(run: EndedRun['run']): run is FlowRunRow {
  return 'result' in run;
}
