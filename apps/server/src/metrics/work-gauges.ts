import { type FlowRunSummary, isTerminal, type StateType, type WorkerRow, type WorkQueueRow } from '@champion/engine';
import { Gauge, type Registry } from 'prom-client';
import type { Collector } from './collectors.ts';
import { known, OTHER } from './labels.ts';
import type { MetricsParts } from './parts.ts';

const EVERY_MS = 5_000;
const DAY_MS = 86_400_000;
const UNFINISHED = ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'] as const satisfies readonly StateType[];
const ENDED = ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'] as const satisfies readonly StateType[];
/** Runs among which a flow's last one that ended is looked for. */
const LATEST = 10;
const MOST_RUNNING = 1_000;
/** People name queues and workers: more than these are told as one. */
const MOST_QUEUES = 50;
const MOST_WORKERS = 50;
/** One that went without a word is told of for so long. */
const TELL_OF_SILENT_MS = 3_600_000;

type Plane = MetricsParts['plane'];
type Flows = MetricsParts['flows'];

/** What waits, is at work and has ended, over all processes of the database. */
export function workCollectors(registry: Registry, { plane, flows }: Pick<MetricsParts, 'plane' | 'flows'>) {
  return [runCollector(registry, plane, flows), queueCollector(registry, plane), workerCollector(registry, plane)];
}

function runCollector(registry: Registry, plane: Plane, flows: Flows): Collector {
  const registers = [registry];
  const byState = new Gauge({
    name: 'champion_flow_runs',
    help: 'Flow runs that have not ended, by the state they are in; counted up to 10,000 each',
    labelNames: ['state'],
    registers,
  });
  const lastDay = new Gauge({
    name: 'champion_flow_runs_ended_last_day',
    help: 'Flow runs that ended in the last 24 hours, by how; counted up to 10,000 each',
    labelNames: ['state'],
    registers,
  });
  const late = new Gauge({
    name: 'champion_flow_runs_late',
    help: 'Scheduled flow runs that should have begun more than 15 s ago; counted up to 10,000',
    registers,
  });
  const longest = new Gauge({
    name: 'champion_flow_run_longest_running_seconds',
    help: "For how long the oldest of a flow's runs at work has been running; 0 when none is",
    labelNames: ['flow'],
    registers,
  });
  const lastSuccess = new Gauge({
    name: 'champion_flow_last_run_success',
    help: 'Whether the latest run of a flow that completed, failed or crashed has completed (1) or not (0)',
    labelNames: ['flow'],
    registers,
  });
  const lastSeconds = new Gauge({
    name: 'champion_flow_last_run_duration_seconds',
    help: 'How long the latest run of a flow that completed, failed or crashed took',
    labelNames: ['flow'],
    registers,
  });
  const lastEnd = new Gauge({
    name: 'champion_flow_last_run_end_timestamp_seconds',
    help: 'When the latest run of a flow that completed, failed or crashed ended, Unix time',
    labelNames: ['flow'],
    registers,
  });
  const gauges = [byState, lastDay, longest, lastSuccess, lastSeconds, lastEnd];
  const names = flows.map(({ name }) => name);
  const flowOf = known(names);
  return {
    name: 'runs',
    everyMs: EVERY_MS,
    collect: async () => {
      const { flowRuns } = plane.runs;
      const now = Date.now();
      const [unfinished, ended, lateRuns, running, latest] = await Promise.all([
        flowRuns.countByState({ stateTypes: UNFINISHED }),
        flowRuns.countByState({ stateTypes: ENDED, end: { from: new Date(now - DAY_MS) } }),
        flowRuns.count({ stateTypes: ['SCHEDULED'], stateNames: ['Late'] }),
        flowRuns.list({ stateTypes: ['RUNNING'] }, { sort: 'startTimeAsc', limit: MOST_RUNNING }),
        flowRuns.latestOfFlows(names, LATEST),
      ]);
      for (const gauge of gauges) gauge.reset();
      for (const type of UNFINISHED) byState.set({ state: type.toLowerCase() }, unfinished[type].count);
      for (const type of ENDED) lastDay.set({ state: type.toLowerCase() }, ended[type].count);
      late.set(lateRuns.count);
      for (const flow of names) longest.set({ flow }, 0);
      // The oldest last, so that it is the one that stays.
      for (const { flowName, startTime } of running.rows.reverse()) {
        if (startTime !== null) longest.set({ flow: flowOf(flowName) }, Math.max(0, now - startTime.getTime()) / 1_000);
      }
      for (const [flow, runs] of latest) {
        const last = runs.find(hasVerdict);
        if (last?.endTime == null) continue;
        lastSuccess.set({ flow }, last.stateType === 'COMPLETED' ? 1 : 0);
        lastSeconds.set({ flow }, last.totalRunTime);
        lastEnd.set({ flow }, last.endTime.getTime() / 1_000);
      }
    },
    clear: () => {
      for (const gauge of gauges) gauge.reset();
      late.set(Number.NaN);
    },
  };
}

/** A run that a person cancelled says nothing of its flow. */
function hasVerdict({ stateType }: FlowRunSummary): boolean {
  return isTerminal(stateType) && stateType !== 'CANCELLED';
}

function queueCollector(registry: Registry, plane: Plane): Collector {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['work_pool', 'work_queue'], registers: [registry] });
  const scheduled = gauge(
    'champion_work_queue_scheduled_runs',
    'Runs that wait in a work queue, those of the days to come included; counted up to 10,000',
  );
  const late = gauge(
    'champion_work_queue_late_runs',
    'Runs that wait in a work queue and should have begun more than 15 s ago; counted up to 10,000',
  );
  const running = gauge('champion_work_queue_running_runs', 'Runs of a work queue that are at work');
  const paused = gauge('champion_work_queue_paused', 'Whether a work queue or its pool is paused (1) or not (0)');
  const served = gauge(
    'champion_work_queue_served',
    'Whether a live worker takes runs from a work queue (1) or not (0)',
  );
  const gauges = [scheduled, late, running, paused, served];
  return {
    name: 'queues',
    everyMs: EVERY_MS,
    collect: async () => {
      const queues = await plane.queues.queues();
      for (const each of gauges) each.reset();
      const set = (labels: { work_pool: string; work_queue: string }, of: readonly WorkQueueRow[]) => {
        const sum = (count: (queue: WorkQueueRow) => number) => of.reduce((total, queue) => total + count(queue), 0);
        scheduled.set(
          labels,
          sum((queue) => queue.scheduled),
        );
        late.set(
          labels,
          sum((queue) => queue.late),
        );
        running.set(
          labels,
          sum((queue) => queue.running),
        );
        paused.set(labels, of.some(({ status }) => status === 'paused') ? 1 : 0);
        served.set(labels, of.every(({ status }) => status !== 'not_ready') ? 1 : 0);
      };
      for (const queue of queues.slice(0, MOST_QUEUES)) {
        set({ work_pool: queue.workPoolName, work_queue: queue.name }, [queue]);
      }
      const rest = queues.slice(MOST_QUEUES);
      if (rest.length > 0) set({ work_pool: OTHER, work_queue: OTHER }, rest);
    },
    clear: () => {
      for (const each of gauges) each.reset();
    },
  };
}

function workerCollector(registry: Registry, plane: Plane): Collector {
  const registers = [registry];
  const workers = new Gauge({
    name: 'champion_workers',
    help: 'Processes that run flows; silent: went without a word in the last hour',
    labelNames: ['status'],
    registers,
  });
  const age = new Gauge({
    name: 'champion_worker_heartbeat_age_seconds',
    help: 'Time since the last heartbeat of a worker that has not said goodbye; the 50 latest',
    labelNames: ['worker'],
    registers,
  });
  const running = new Gauge({
    name: 'champion_worker_running_runs',
    help: 'Runs that a live worker has, child runs not counted',
    labelNames: ['worker'],
    registers,
  });
  const capacity = new Gauge({
    name: 'champion_worker_capacity_runs',
    help: 'Most runs that a live worker executes at once',
    labelNames: ['worker'],
    registers,
  });
  const gauges = [workers, age, running, capacity];
  return {
    name: 'workers',
    everyMs: EVERY_MS,
    collect: async () => {
      const rows = await plane.workers.list();
      const told = rows.filter(({ status, silent, silentForMs }) =>
        status === 'offline' ? silent && silentForMs < TELL_OF_SILENT_MS : true,
      );
      for (const gauge of gauges) gauge.reset();
      const count = (status: string, of: (row: WorkerRow) => boolean) =>
        workers.set({ status }, told.filter(of).length);
      count('online', ({ status }) => status === 'online');
      count('draining', ({ status }) => status === 'draining');
      count('silent', ({ status }) => status === 'offline');
      const latest = told.sort((a, b) => a.silentForMs - b.silentForMs).slice(0, MOST_WORKERS);
      for (const { name: worker, status, silentForMs, running: runs, concurrency } of latest) {
        age.set({ worker }, Math.max(0, silentForMs) / 1_000);
        if (status === 'offline') continue;
        running.set({ worker }, runs);
        capacity.set({ worker }, concurrency);
      }
    },
    clear: () => {
      for (const gauge of gauges) gauge.reset();
    },
  };
}
