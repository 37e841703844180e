import type { FlowRun, FlowRunFilter, Handlers, LiveEvent, RunEvent, SystemSample } from '@champion/contract';
import { addDays, businessDateAt, ChampionError, instantAt, isWeekend } from '@champion/core';
import {
  deploymentId,
  deploymentName,
  FLOWS,
  flowId,
  makeRun,
  makeRuns,
  sessionBefore,
  startedAt,
  uuid,
} from './runs.ts';
import { graphOf, logsOf, tasksOf } from './tasks.ts';

const runs = makeRuns(100_000);
const byId = new Map(runs.map((run) => [run.id, run]));
const iso = (at: number) => new Date(at).toISOString();
const today = businessDateAt(new Date());
const parameters = {
  type: 'object',
  properties: {
    trade_date: { type: 'string', format: 'date', description: 'Default: the last session' },
    load_to_clickhouse: { type: 'boolean', default: true },
  },
};

interface Conditions {
  readonly flows?:
    | { readonly name?: { readonly any_?: string[] | null | undefined } | null | undefined }
    | null
    | undefined;
  readonly deployments?:
    | { readonly name?: { readonly any_?: string[] | null | undefined } | null | undefined }
    | null
    | undefined;
  readonly flow_runs?: FlowRunFilter | null | undefined;
}

function selected({ flows, deployments, flow_runs: of }: Conditions): FlowRun[] {
  const after = of?.expected_start_time?.after_;
  const before = of?.expected_start_time?.before_;
  return runs.filter((run) => {
    const { state, name, tags, parent_flow_run_id, start_time, end_time } = of ?? {};
    const type = state?.type?.any_?.includes(run.state_type ?? 'PENDING');
    const named = state?.name?.any_?.includes(run.state_name ?? '');
    if (type === false || named === false) return false;
    if (parent_flow_run_id?.any_) return parent_flow_run_id.any_.includes(run.parent_flow_run_id ?? '');
    if (flows?.name?.any_ && !flows.name.any_.includes(run.flow_name)) return false;
    if (deployments?.name?.any_ && !deployments.name.any_.includes(run.deployment_name ?? '')) return false;
    if (name?.like_ && !run.name.includes(name.like_)) return false;
    if (tags?.all_ && !tags.all_.every((tag) => run.tags.includes(tag))) return false;
    if (start_time?.is_null_ === false && run.start_time === null) return false;
    if (end_time?.after_ && (run.end_time === null || Date.parse(run.end_time) < Date.parse(end_time.after_)))
      return false;
    const due = Date.parse(run.expected_start_time ?? run.created);
    return !(after && due < Date.parse(after)) && !(before && due > Date.parse(before));
  });
}

function find(id: string): FlowRun {
  const run = byId.get(id);
  if (run) return run;
  throw new ChampionError(`there is no run ${id}`, {
    code: 'NOT_FOUND',
    hint: 'It may have been pruned: see the retention settings.',
  });
}

function add(run: FlowRun, of: Partial<FlowRun>): FlowRun {
  const made = { ...run, ...of };
  runs.unshift(made);
  byId.set(made.id, made);
  return made;
}

let made = 5_000_000;
const again = (run: FlowRun, of: Partial<FlowRun>) => {
  const flow = FLOWS.indexOf(run.flow_name as 'nse-bhavcopy-etl');
  return add(makeRun(++made, flow, Date.now(), 'RUNNING', 'Running', 0), { retry_of: run.id, ...of });
};

// The combined run that is at work has a child per flow.
const combined = runs.find((run) => run.state_name === 'Running');
if (combined !== undefined) {
  for (let flow = 0; flow < 7; flow++) {
    const over = flow % 3 !== 0;
    add(
      makeRun(
        200_000 + flow,
        flow,
        startedAt - 7000,
        over ? 'COMPLETED' : 'RUNNING',
        over ? 'Completed' : 'Running',
        3 + flow,
      ),
      {
        parent_flow_run_id: combined.id,
      },
    );
  }
}

async function* live(signal: AbortSignal, follow: string | undefined): AsyncGenerator<{ data: LiveEvent }> {
  yield { data: { type: 'platform', at: iso(Date.now()) } };
  for await (const { data } of events(signal, follow)) yield { data };
}

function sampleAt(at: number): SystemSample {
  const wave = (period: number) => (1 + Math.sin(at / period)) / 2;
  return {
    at: iso(at),
    cpu: 0.05 + 0.3 * wave(400_000),
    load: 0.3 + wave(600_000),
    rss_bytes: 4e8 + 5e7 * wave(900_000),
    heap_used_bytes: 1.2e8 + 4e7 * wave(70_000),
    memory_used: 0.3,
    disk_used: 0.4,
    running: Math.round(4 * wave(300_000)),
    late: 0,
    requests: { answered: Math.round(30 * wave(200_000)), refused: 0, failed: 0 },
  };
}

async function* events(signal: AbortSignal, only: string | undefined): AsyncGenerator<{ id: string; data: RunEvent }> {
  for (let number = 1; !signal.aborted; number++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const run = only === undefined ? runs.find((each) => each.state_type === 'RUNNING') : byId.get(only);
    if (run === undefined) continue;
    const at = { flow_run_id: run.id, flow_name: run.flow_name, run_name: run.name, at: iso(Date.now()) };
    if (only === undefined) {
      if (number % 5 === 0)
        yield {
          id: String(number),
          data: {
            type: 'flow_run',
            ...at,
            state: { type: 'RUNNING', name: 'Running', message: null },
            deployment_id: null,
          },
        };
      continue;
    }
    if (run.end_time !== null) return;
    yield { id: `${number}l`, data: { type: 'log', ...at, task_run_id: null, level: 'info', message: 'a line' } };
    if (number % 3 === 0) {
      yield {
        id: `${number}t`,
        data: {
          type: 'task_run',
          ...at,
          state: { type: 'RUNNING', name: 'Running', message: null },
          task_run_id: uuid(7, 1),
          task_name: 'a',
          task_key: 'a-0',
          attempt: 1,
        },
      };
    }
  }
}

export const handlers: Partial<Handlers> = {
  readSystem: () => ({
    version: '0.1.0',
    started_at: iso(startedAt),
    simulated: true,
    stores: [
      { name: 'PostgreSQL', kind: 'embedded', state: 'up', detail: '18.4' },
      { name: 'ClickHouse', kind: 'embedded', state: 'up', detail: '26.1' },
    ],
    memory: { rss_bytes: 4e8, heap_used_bytes: 1.2e8, system_total_bytes: 2.4e10, system_free_bytes: 1.8e10 },
    cpu: { cores: 2, used: 0.4, load_average: [0.5, 0.4, 0.3] },
    disk: { total_bytes: 1e11, free_bytes: 6e10 },
    home: './data',
    tracking_port: null,
    runtime: { node: '22.19.0', platform: 'linux x64', pid: 4120 },
    exchange: [
      {
        host: 'nsearchives.nseindia.com',
        circuit: 'closed',
        open_until: null,
        failures: 0,
        last_outcome: 'OK',
        last_at: iso(Date.now() - 60_000),
        last_success_at: iso(Date.now() - 60_000),
      },
    ],
    api: {
      last_hour: { answered: 1200, refused: 3, failed: 0 },
      last_day: { answered: 24_000, refused: 31, failed: 2 },
    },
  }),
  readSystemHistory: () => ({
    every_seconds: 30,
    samples: Array.from({ length: 720 }, (_, at) => sampleAt(Date.now() - (719 - at) * 30_000)),
  }),
  readToday: () => {
    const open = instantAt(today, '09:15').getTime();
    const close = instantAt(today, '15:30').getTime();
    const now = Date.now();
    const next = isWeekend(addDays(today, 1)) ? addDays(today, 3) : addDays(today, 1);
    return {
      date: today,
      now: iso(now),
      state: now >= open && now < close ? 'open' : 'closed',
      day: { date: today, open: true, kind: 'regular', name: null, holidays_known: true },
      previous_session: addDays(today, -1),
      next_session: next,
      opens_at: iso(open),
      closes_at: iso(close),
      next_opens_at: instantAt(next, '09:15').toISOString(),
    };
  },
  readFlowByName: ({ params }) => {
    const index = Math.max(0, FLOWS.indexOf(params.name as 'nse-bhavcopy-etl'));
    return {
      id: flowId(index),
      created: iso(startedAt),
      updated: iso(startedAt),
      name: params.name,
      tags: [],
      labels: {},
      description: null,
      parameters,
    };
  },
  filterFlows: () =>
    FLOWS.map((name, index) => ({
      id: flowId(index),
      created: iso(startedAt),
      updated: iso(startedAt),
      name,
      tags: [],
      labels: {},
      description: null,
      parameters,
    })),
  filterDeployments: () =>
    FLOWS.map((flow, index) => ({
      id: deploymentId(index),
      created: iso(startedAt),
      updated: iso(startedAt),
      name: deploymentName(index),
      version: '1.0.0',
      description: null,
      flow_id: flowId(index),
      flow_name: flow,
      paused: index === 6,
      schedules: [],
      concurrency_limit: null,
      global_concurrency_limit: null,
      concurrency_options: null,
      job_variables: {},
      parameters: {},
      tags: ['nse', 'daily'],
      labels: {},
      work_queue_name: 'default',
      work_queue_id: uuid(5, 0),
      work_pool_name: 'default',
      last_polled: iso(startedAt),
      parameter_openapi_schema: parameters,
      path: null,
      pull_steps: null,
      entrypoint: null,
      storage_document_id: null,
      infrastructure_document_id: null,
      created_by: null,
      updated_by: null,
      status: 'READY',
      enforce_parameter_schema: true,
      session_parameter: 'trade_date',
    })),
  filterFlowRuns: ({ body }) => {
    const { sort, limit, offset } = body;
    const found = selected(body as Conditions);
    const time = (run: FlowRun) =>
      (sort?.startsWith('END') ? run.end_time : sort?.startsWith('START') ? run.start_time : run.expected_start_time) ??
      '';
    const sign = sort?.endsWith('DESC') ? -1 : 1;
    if (sort?.startsWith('NAME')) found.sort((a, b) => sign * a.name.localeCompare(b.name));
    else found.sort((a, b) => sign * (time(a) < time(b) ? -1 : 1));
    return found.slice(offset ?? 0, (offset ?? 0) + (limit ?? 200));
  },
  countFlowRuns: ({ body }) => selected(body as Conditions).length,
  readRunBars: ({ body }) =>
    selected(body as Conditions)
      .filter((run) => run.start_time !== null)
      .slice(0, body.limit ?? 200)
      .map((run) => ({
        id: run.id,
        state_type: run.state_type ?? 'PENDING',
        timestamp: run.start_time ?? '',
        duration: run.duration ?? 0,
        lateness: 0,
      })),
  readFlowRun: ({ params }) => {
    const run = find(params.id);
    const { count, line } = logsOf(run);
    const quality = {
      slice: 'bhavcopy',
      rows_processed: 3283,
      rows_expected: 3279,
      rows_loaded: 3282,
      rows_filtered: 1,
      validation_pass_rate: 0.9997,
      anomalies_detected: 1,
      hard_rules: { 'high-not-below-low': 1 },
      soft_rules: { 'row-count': 0, 'price-jump': 1 },
      file_size_bytes: 498112,
    };
    return {
      ...run,
      result:
        run.state_type === 'COMPLETED'
          ? { outcome: 'LOADED', trade_date: '2026-01-12', rows: 3282, quality: [quality] }
          : null,
      logs: count === 0 ? [] : [line(count)],
    };
  },
  listFlowRunTasks: ({ params }) => tasksOf(find(params.id)),
  readFlowRunGraph: ({ params }) =>
    graphOf(find(params.id), selected({ flow_runs: { parent_flow_run_id: { any_: [params.id] } } })),
  listFlowRunLogs: ({ params, query }) => {
    const { count, line } = logsOf(find(params.id));
    const found = [];
    const levels = ['debug', 'info', 'warn', 'error'];
    for (let id = (query.after ?? 0) + 1; id <= count && found.length < query.limit; id++) {
      const entry = line(id);
      if (levels.indexOf(entry.level) >= levels.indexOf(query.level ?? 'debug')) found.push(entry);
    }
    return found;
  },
  listFlowRunStates: ({ query }) => {
    const state = find(query.flow_run_id).state;
    return state === null ? [] : [state];
  },
  cancelFlowRun: ({ params }) => find(params.id),
  retryFlowRun: ({ params }) => again(find(params.id), {}),
  restartFlowRun: ({ params, body }) => again(find(params.id), { restart_from: body.from }),
  cloneFlowRun: ({ params, body }) =>
    again(find(params.id), { parameters: { ...find(params.id).parameters, ...body.parameters } }),
  streamLive: ({ query, signal }) => live(signal, query.follow?.[0]),
  listDatasets: () =>
    [
      'bhavcopy',
      'bulk-block-deals',
      'index-constituents',
      'indices-close',
      'option-chain',
      'symbol-master',
      'trading-calendar',
    ].map((name, index) => ({
      name,
      title:
        { bhavcopy: 'Equity bars with delivery', 'option-chain': 'Option chains' }[name] ?? name.replaceAll('-', ' '),
      table: name.replaceAll('-', '_'),
      per: index > 4 ? 'day' : 'session',
      latest_only: index > 3,
      publication: { from: '18:00', deadline: '20:30' },
      flow: { name: FLOWS[index] ?? '', description: '' },
      columns: [],
      slices: [name],
      last_loaded: {
        trade_date: sessionBefore(index === 1 ? 4 : 1),
        at: iso(startedAt - 7_200_000 * (index + 1)),
        rows: 3283 - index * 400,
      },
      rows: 1_245_901 - index * 90_000,
      freshness: {
        trade_date: sessionBefore(1),
        expected_by: iso(startedAt - 3_600_000),
        state: index === 1 ? 'missing' : index === 4 ? 'late' : 'fresh',
      },
    })),
  listWorkers: () =>
    [0, 1, 2].map((index) => ({
      name: `worker-${index}`,
      status: index === 2 ? 'offline' : 'online',
      work_queues: ['default'],
      host: 'localhost',
      pid: 4120 + index,
      version: '0.1.0',
      concurrency: 4,
      running: index === 0 ? 3 : 0,
      started_at: iso(startedAt - 7e6),
      last_heartbeat_at: iso(index === 2 ? startedAt - 900_000 : Date.now()),
    })),
};
