// Made-up tasks, log lines and events of a run.
import type { FlowRun, RunGraph, RunLog, StateType, TaskRunDetail } from '@champion/contract';
import { random, uuid } from './runs.ts';

const STEPS = ['scrape', 'parse_polars_raw', 'normalize_polars', 'write_parquet', 'load_clickhouse'];
const SHARES = [0.3, 0.12, 0.05, 0.18, 0.35];

const numberOf = (run: FlowRun) => Number.parseInt(run.id.slice(-12), 16);
const iso = (at: number) => new Date(at).toISOString();

interface Step {
  readonly name: string;
  readonly from: number;
  readonly to: number | null;
  readonly parents: number[];
  readonly type: StateType;
  readonly attempts: number;
}

function steps(run: FlowRun): Step[] {
  const begun = run.start_time === null ? null : Date.parse(run.start_time);
  if (begun === null) return [];
  const over = run.end_time === null ? null : Date.parse(run.end_time);
  const roll = random(numberOf(run));
  if (numberOf(run) % 1000 === 7) return many(begun, (over ?? Date.now()) - begun);
  const failsAt = run.state_type === 'FAILED' ? numberOf(run) % 5 : -1;
  const length = over === null ? 40_000 : over - begun;
  const found: Step[] = [];
  let at = begun + 20;
  for (const [index, name] of STEPS.entries()) {
    const took = length * (SHARES[index] ?? 0.2) * (0.9 + roll() * 0.15);
    const to = over === null && at + took > Date.now() ? null : at + took;
    if (at > Date.now()) break;
    const type = index === failsAt ? 'FAILED' : to === null ? 'RUNNING' : 'COMPLETED';
    const full = index === 0 ? `scrape_${run.flow_name.replace(/^nse-|-etl$/g, '').replaceAll('-', '_')}` : name;
    found.push({
      name: full,
      from: at,
      to,
      parents: index === 0 ? [] : [index - 1],
      type,
      attempts: index === failsAt ? 3 : 1,
    });
    if (type === 'FAILED') break;
    at += took;
  }
  return found;
}

/** A run with 1,000 tasks in waves of 40. */
function many(begun: number, length: number): Step[] {
  const wave = length / 26;
  return Array.from({ length: 1000 }, (_, index) => {
    const row = Math.floor(index / 40);
    const from = begun + row * wave + (index % 40) * (wave / 90);
    return {
      name: `load_slice_${index}`,
      from,
      to: from + wave * 0.5,
      parents: row === 0 ? [] : [index - 40],
      type: index % 211 === 13 ? 'FAILED' : 'COMPLETED',
      attempts: index % 50 === 0 ? 2 : 1,
    };
  });
}

export function tasksOf(run: FlowRun): TaskRunDetail[] {
  return steps(run).map((step, index): TaskRunDetail => {
    const id = uuid(7, numberOf(run) * 1000 + index);
    const name = { COMPLETED: 'Completed', FAILED: 'Failed', RUNNING: 'Running' }[step.type as 'FAILED'];
    const error = step.type === 'FAILED' ? run.error : null;
    const span = ((step.to ?? Date.now()) - step.from) / step.attempts;
    return {
      id,
      created: iso(step.from),
      updated: iso(step.to ?? step.from),
      name: step.name,
      flow_run_id: run.id,
      task_key: `${step.name}-0`,
      dynamic_key: '0',
      cache_key: null,
      cache_expiration: null,
      task_version: null,
      empirical_policy: {},
      tags: [],
      labels: {},
      state_id: null,
      task_inputs: {},
      state_type: step.type,
      state_name: name,
      run_count: step.attempts,
      flow_run_run_count: 1,
      expected_start_time: iso(step.from),
      next_scheduled_start_time: null,
      start_time: iso(step.from),
      end_time: step.to === null ? null : iso(step.to),
      total_run_time: 0,
      estimated_run_time: ((step.to ?? Date.now()) - step.from) / 1000,
      estimated_start_time_delta: 0,
      state: null,
      error,
      attempts: Array.from({ length: step.attempts }, (_, attempt) => ({
        attempt: attempt + 1,
        state_type: attempt < step.attempts - 1 ? 'FAILED' : step.type,
        start_time: iso(step.from + attempt * span),
        end_time: attempt < step.attempts - 1 || step.to !== null ? iso(step.from + (attempt + 0.6) * span) : null,
        error: attempt < step.attempts - 1 ? run.error : error,
        retry_wait_ms: attempt < step.attempts - 1 ? span * 0.4 : null,
      })),
      parents: step.parents.map((parent) => uuid(7, numberOf(run) * 1000 + parent)),
      result:
        step.type === 'COMPLETED'
          ? { path: `silver/equity_ohlc/trade_date=2026-01-12/part-${index}.parquet`, rows: 3283 }
          : null,
    };
  });
}

export function graphOf(run: FlowRun, children: readonly FlowRun[]): RunGraph {
  const tasks = tasksOf(run);
  const childrenOf = (id: string) => tasks.filter((task) => task.parents.includes(id)).map((task) => ({ id: task.id }));
  const nodes: RunGraph['nodes'] = tasks.map((task) => [
    task.id,
    {
      kind: 'task-run' as const,
      id: task.id,
      label: task.name,
      state_type: task.state_type ?? 'PENDING',
      task_key: task.task_key,
      start_time: task.start_time,
      end_time: task.end_time,
      parents: task.parents.map((id) => ({ id })),
      children: childrenOf(task.id),
      encapsulating: [],
      artifacts: [],
    },
  ]);
  for (const child of children) {
    nodes.push([
      child.id,
      {
        kind: 'flow-run',
        id: child.id,
        label: `${child.flow_name} / ${child.name}`,
        state_type: child.state_type ?? 'PENDING',
        task_key: null,
        start_time: child.start_time,
        end_time: child.end_time,
        parents: [],
        children: [],
        encapsulating: [],
        artifacts: [],
      },
    ]);
  }
  return {
    start_time: run.start_time,
    end_time: run.end_time,
    root_node_ids: nodes.filter(([, node]) => node.parents.length === 0).map(([id]) => id),
    nodes,
    artifacts: [],
    truncated: false,
    states: [],
  };
}

const TEXTS = [
  'GET https://nsearchives.nseindia.com/content/cm/BhavCopy_NSE_CM_0_0_0_20260112_F_0000.csv.zip',
  '200 in 231 ms, 498,112 bytes, kept as raw/nse/bhavcopy/2026-01-12/9f2c41d0.csv.zip',
  'read 3,283 rows in 34 columns (UDiFF, variant B)',
  'row 1,204: high 101.20 is below low 101.25; quarantined (rule high-not-below-low)',
  'wrote silver/equity_ohlc/trade_date=2026-01-12/part-0.parquet, 412,008 bytes, 3,282 rows',
  'loaded 3,282 rows into champion.equity_ohlc in 41 ms',
];

/** A run's log lines; its last digits decide whether there are 60 or 100,000. */
export function logsOf(run: FlowRun): { count: number; line: (id: number) => RunLog } {
  const begun = run.start_time === null ? 0 : Date.parse(run.start_time);
  const count =
    begun === 0
      ? 0
      : numberOf(run) % 1000 === 7
        ? 100_000
        : run.end_time === null
          ? Math.floor((Date.now() - begun) / 400)
          : 60;
  const length = (run.end_time === null ? Date.now() : Date.parse(run.end_time)) - begun;
  const tasks = tasksOf(run);
  return {
    count,
    line: (id) => ({
      id,
      at: iso(begun + (length * id) / Math.max(1, count)),
      level: id % 41 === 40 ? 'error' : id % 17 === 3 ? 'warn' : id % 5 === 4 ? 'debug' : 'info',
      message: `${TEXTS[id % TEXTS.length]}${id % 41 === 40 ? '\n    at readArchive (unzip.ts:41)\n    at parse (parse.ts:12)' : ''}`,
      task_run_id: tasks[Math.min(tasks.length - 1, Math.floor((id / Math.max(1, count)) * tasks.length))]?.id ?? null,
      fields: id % 7 === 0 ? { rows: 3283, bytes: 498112 } : null,
    }),
  };
}
