// 100,000 made-up runs, the same at every start but for the clock.
import type { FlowRun, StateType } from '@champion/contract';
import { addDays, businessDateAt, isWeekend, weekday } from '@champion/core';

export const FLOWS = [
  'nse-bhavcopy-etl',
  'bulk-block-deals-etl',
  'index-constituents-etl',
  'indices-close-etl',
  'option-chain-etl',
  'symbol-master-etl',
  'trading-calendar-etl',
  'combined-market-data-etl',
] as const;

export const startedAt = Date.now();

/** Numbers of 0 to 1 that a seed decides. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function uuid(kind: number, number: number): string {
  const hex = (value: number, width: number) => value.toString(16).padStart(width, '0');
  return `${hex(kind * 0x1111111 + (number % 0xfff), 8)}-0000-4000-8000-${hex(number, 12)}`;
}

export const flowId = (flow: number) => uuid(1, flow);
export const deploymentId = (flow: number) => uuid(2, flow);
export const deploymentName = (flow: number) =>
  `${FLOWS[flow]?.replace('-etl', '')}-${flow === 4 ? 'intraday' : 'daily'}`;

const WORDS = ['amber', 'brisk', 'calm', 'dense', 'exact', 'fair', 'grave', 'honest', 'idle', 'keen'];
const BIRDS = ['koel', 'hornbill', 'myna', 'bulbul', 'lapwing', 'kite', 'heron', 'barbet', 'drongo', 'oriole'];
const SECONDS = [5.4, 1.9, 3.1, 1.2, 2.4, 4.8, 0.6, 14];

const iso = (at: number) => new Date(at).toISOString();

export function makeRun(
  number: number,
  flow: number,
  due: number,
  type: StateType,
  name: string,
  seconds: number,
): FlowRun {
  const id = uuid(3, number);
  const begun = type === 'SCHEDULED' || name === 'NoSession' ? null : due + 400;
  const over = ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'].includes(type);
  const end = begun !== null && over ? begun + seconds * 1000 : null;
  const session = businessDateAt(new Date(due));
  const failed = type === 'FAILED' || type === 'CRASHED';
  return {
    id,
    created: iso(due - 3_600_000),
    updated: iso(end ?? due),
    name: `${WORDS[number % 10]}-${BIRDS[Math.floor(number / 10) % 10]}-${number % 97}`,
    flow_id: flowId(flow),
    flow_name: FLOWS[flow] ?? '',
    state_id: uuid(4, number),
    deployment_id: deploymentId(flow),
    deployment_name: deploymentName(flow),
    deployment_version: '1.0.0',
    work_queue_id: uuid(5, 0),
    work_queue_name: 'default',
    work_pool_id: uuid(6, 0),
    work_pool_name: 'default',
    flow_version: '1.0.0',
    parameters: { trade_date: session, load_to_clickhouse: true },
    idempotency_key: null,
    context: {},
    empirical_policy: {},
    tags: flow === 4 ? ['nse', 'intraday'] : ['nse', 'daily'],
    labels: {},
    parent_task_run_id: null,
    parent_flow_run_id: null,
    state_type: type,
    state_name: name,
    run_count: begun === null ? 0 : 1,
    expected_start_time: iso(due),
    next_scheduled_start_time: type === 'SCHEDULED' ? iso(due) : null,
    start_time: begun === null ? null : iso(begun),
    end_time: end === null ? (name === 'NoSession' ? iso(due + 200) : null) : iso(end),
    total_run_time: begun === null ? 0 : seconds,
    estimated_run_time: begun === null ? 0 : seconds,
    estimated_start_time_delta: 0.4,
    auto_scheduled: true,
    infrastructure_document_id: null,
    infrastructure_pid: null,
    created_by: null,
    job_variables: null,
    state: {
      id: uuid(4, number),
      type,
      name,
      timestamp: iso(end ?? begun ?? due),
      message: failed ? 'the archive of 2026-01-12 is broken: its central directory is cut off' : null,
      data: null,
      state_details: {},
    },
    worker_name: begun === null ? null : `worker-${number % 2}`,
    schedule_id: null,
    retry_of: null,
    restart_from: null,
    duration: begun === null ? null : end === null ? (Date.now() - begun) / 1000 : seconds,
    error: failed
      ? {
          code: type === 'CRASHED' ? 'INTERNAL' : number % 3 === 0 ? 'BLOCKED' : 'CORRUPT',
          message:
            number % 3 === 0
              ? 'the exchange refused to serve us (403, 3 times in a row)'
              : `${session}: the archive is broken: its central directory is cut off`,
          hint:
            number % 3 === 0
              ? 'Wait an hour before trying again; asking more often makes it worse.'
              : 'Run it again: the exchange may have replaced the file. Else keep the raw file and tell the exchange.',
          context: {
            url: 'https://nsearchives.nseindia.com/content/cm/BhavCopy_NSE_CM_0_0_0_20260112_F_0000.csv.zip',
            bytes: 41230,
          },
        }
      : null,
  };
}

function outcome(roll: number): [StateType, string] {
  if (roll < 0.925) return ['COMPLETED', 'Completed'];
  if (roll < 0.955) return ['FAILED', 'Failed'];
  if (roll < 0.965) return ['CRASHED', 'Crashed'];
  if (roll < 0.975) return ['CANCELLED', 'Cancelled'];
  return ['COMPLETED', 'NoSession'];
}

/** Newest first. */
export function makeRuns(howMany: number): FlowRun[] {
  const roll = random(7);
  const runs: FlowRun[] = [];
  let number = howMany;
  for (let hours = 1; hours <= 12; hours++) {
    runs.unshift(makeRun(++number, hours % 8, startedAt + hours * 3_000_000, 'SCHEDULED', 'Scheduled', 0));
  }
  runs.push(makeRun(++number, 5, startedAt - 40_000, 'SCHEDULED', 'Late', 0));
  runs.push(makeRun(++number, 7, startedAt - 8_000, 'RUNNING', 'Running', 0));
  let due = startedAt - 60_000;
  for (; number - 14 > 0 && runs.length < howMany; number--) {
    const flow = Math.floor(roll() * 8);
    const [type, name] = outcome(roll());
    runs.push(makeRun(number - 14, flow, due, type, name, (SECONDS[flow] ?? 1) * (0.6 + roll() ** 4 * 3)));
    due -= Math.floor(roll() * 1_800_000);
    const day = businessDateAt(new Date(due));
    if (isWeekend(day)) due -= weekday(day) === 'Sunday' ? 172_800_000 : 86_400_000;
  }
  return runs;
}

export const sessionBefore = (days: number) => addDays(businessDateAt(new Date(startedAt)), -days);
