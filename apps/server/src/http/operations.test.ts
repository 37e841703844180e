import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type FlowRunDetail, loadServerSide } from '@champion/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from './testing/api.ts';

let api: TestApi;
/** Its answers are held against the schemas, and it remembers what it was asked. */
let client: Client;
const asked = new Set<string>();
let bars: { id: string };
let daily: { id: string };

beforeAll(async () => {
  api = await openTestApi();
  client = new Proxy(api.client, {
    get: (target, operation: keyof Client) => {
      asked.add(operation);
      return target[operation];
    },
  });
  await client.deploy({ body: { apply: true } });
  bars = await client.readFlowByName({ params: { name: 'bars-etl' } });
  daily = await client.readDeploymentByName({ params: { flow_name: 'bars-etl', name: 'daily' } });
  await api.work();
});
afterAll(() => api?.close());

/** Polls until a run is as wanted; the suite's own time limit is the end of it. */
async function until(id: string, fits: (run: FlowRunDetail) => boolean): Promise<FlowRunDetail> {
  for (;;) {
    const run = await client.readFlowRun({ params: { id } });
    if (fits(run)) return run;
    await sleep(20);
  }
}
const ended = ({ state_type }: FlowRunDetail) =>
  state_type === 'COMPLETED' || state_type === 'FAILED' || state_type === 'CANCELLED' || state_type === 'CRASHED';

async function runBars(parameters: Record<string, unknown> = {}) {
  const { id } = await client.createDeploymentRun({ params: { id: daily.id }, body: { parameters } });
  return until(id, ended);
}

describe('the server itself', () => {
  it("says what Prefect's clients ask first", async () => {
    expect(await client.readHealth()).toBe(true);
    expect(await client.readReady()).toEqual({ message: 'OK' });
    expect(await client.readServerVersion()).toMatch(/^3\./);
    expect(await client.readApiVersion()).toBe('0.8.4');
    expect(await client.readHello()).toBe('👋');
    expect(await client.readStorage()).toEqual({ default_result_storage_block_id: null });
    asked.add('readCsrfToken');
    expect(await api.ask('GET', `/api/csrf-token?client=${bars.id}`)).toEqual({
      status: 422,
      body: { detail: 'CSRF protection is disabled.' },
    });
  });

  it('takes every path with a slash at its end', async () => {
    expect((await api.ask('POST', '/api/flows/filter/', {})).status).toBe(200);
    expect((await api.ask('POST', '/api/flows/', { name: 'bars-etl' })).status).toBe(200);
  });
});

describe('flows', () => {
  it('lists, counts, finds', async () => {
    const flows = await client.filterFlows({ body: { sort: 'NAME_ASC', limit: 15, offset: 0 } });
    expect(flows.map(({ name }) => name)).toEqual(['bars-etl', 'endless']);
    expect(flows[0]).toMatchObject({ description: 'Loads bars', parameters: { type: 'object' } });
    expect(await client.countFlows({ body: { flows: { name: { like_: 'bars' } } } })).toBe(1);
    expect(await client.paginateFlows({ body: { limit: 1, page: 2, sort: 'NAME_ASC' } })).toMatchObject({
      results: [{ name: 'endless' }],
      count: 2,
      pages: 2,
      page: 2,
    });
    expect(await client.readFlow({ params: { id: bars.id } })).toMatchObject({ name: 'bars-etl' });
    expect(await client.filterFlows({ body: { deployments: { name: { any_: ['daily'] } } } })).toMatchObject([
      { name: 'bars-etl' },
    ]);
  });

  it('makes none, but knows those that are there', async () => {
    expect(await client.createFlow({ body: { name: 'bars-etl' } })).toMatchObject({ id: bars.id });
    await expect(client.createFlow({ body: { name: 'bars-etk' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      hint: 'Did you mean bars-etl?',
    });
  });

  it('runs one without a deployment', async () => {
    const run = await client.runFlow({
      params: { name: 'bars-etl' },
      body: { parameters: { trade_date: '2026-01-13' }, name: 'by-hand', tags: ['x'], idempotency_key: 'once' },
    });
    const again = await client.runFlow({ params: { name: 'bars-etl' }, body: { idempotency_key: 'once' } });
    expect(again.id).toBe(run.id);
    expect(await until(run.id, ended)).toMatchObject({
      name: 'by-hand',
      tags: ['x'],
      state: { type: 'COMPLETED' },
      parameters: { trade_date: '2026-01-13' },
      result: { rows: 100, date: '2026-01-13' },
      worker_name: 'worker-1',
    });
    await expect(client.runFlow({ params: { name: 'bars-elt' }, body: {} })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('did you mean bars-etl?'),
    });
    await expect(
      client.runFlow({ params: { name: 'bars-etl' }, body: { work_queue_name: 'slwo' } }),
    ).rejects.toMatchObject({ hint: 'Did you mean slow?' });
  });
});

describe('deployments', () => {
  it('are registered from code, once', async () => {
    expect(await client.deploy({ body: { apply: false } })).toEqual({
      applied: false,
      changes: ['bars-etl/daily', 'endless/rest'].map((deployment) =>
        expect.objectContaining({ deployment, kind: 'unchanged' }),
      ),
    });
  });

  it('are listed, counted and found', async () => {
    const list = await client.filterDeployments({ body: { sort: 'NAME_ASC' } });
    expect(list.map(({ name }) => name)).toEqual(['daily', 'rest']);
    expect(list[0]).toMatchObject({
      flow_name: 'bars-etl',
      version: '1.0.0',
      tags: ['nse'],
      work_queue_name: 'default',
      work_pool_name: 'default',
      session_parameter: 'trade_date',
      schedules: [{ slug: 'evening', schedule: { cron: '30 18 * * 1-5', timezone: 'Asia/Kolkata' }, calendar: null }],
      parameter_openapi_schema: { type: 'object' },
    });
    const names = async (body: object) => (await client.filterDeployments({ body })).map(({ name }) => name);
    expect(await names({ sort: 'NAME_DESC' })).toEqual(['rest', 'daily']);
    expect(await names({ sort: 'NAME_DESC', limit: 1, offset: 1 })).toEqual(['daily']);
    expect(await names({ deployments: { flow_or_deployment_name: { like_: 'endl' } } })).toEqual(['rest']);
    expect(await names({ work_queues: { name: { any_: ['slow'] } } })).toEqual(['rest']);
    expect(await names({ flows: { id: { any_: [bars.id] } } })).toEqual(['daily']);
    expect(await client.countDeployments({ body: { deployments: { tags: { all_: ['nse'] } } } })).toBe(1);
    expect(await client.paginateDeployments({ body: { limit: 1 } })).toMatchObject({ count: 2, pages: 2, page: 1 });
    expect(await client.readDeployment({ params: { id: daily.id } })).toMatchObject({ name: 'daily' });
    expect(await client.countDeploymentsByFlow({ body: { flow_ids: [bars.id] } })).toEqual({ [bars.id]: 1 });
    await expect(
      client.readDeploymentByName({ params: { flow_name: 'bars-etl', name: 'dialy' } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND', hint: 'Did you mean bars-etl/daily?' });
  });

  it('are made, replaced, changed and deleted', async () => {
    const body = { name: 'extra', flow_id: bars.id, tags: ['a'], work_queue_name: 'slow', concurrency_limit: 2 };
    const schedules = [{ schedule: { cron: '0 9 * * *' }, slug: 'morning' }, { schedule: { cron: '0 21 * * *' } }];
    const made = await client.createDeployment({ body: { ...body, schedules } });
    expect(made.schedules.map(({ slug }) => slug)).toEqual(['morning', null]);
    const again = await client.createDeployment({
      body: { ...body, tags: ['b'], schedules: [{ schedule: { cron: '0 10 * * *' }, slug: 'morning' }] },
    });
    expect(again).toMatchObject({ id: made.id, tags: ['b'], schedules: [{ id: made.schedules[0]?.id }] });
    expect(again.schedules).toHaveLength(1);
    await client.updateDeployment({ params: { id: made.id }, body: { concurrency_limit: null, description: 'more' } });
    expect(await client.readDeployment({ params: { id: made.id } })).toMatchObject({
      concurrency_limit: null,
      description: 'more',
      tags: ['b'],
    });
    await client.deleteDeployment({ params: { id: made.id } });
    await expect(client.readDeployment({ params: { id: made.id } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('pause and resume', async () => {
    expect(await client.pauseDeployment({ params: { id: daily.id } })).toBeNull();
    expect((await client.readUpcoming({ params: { id: daily.id }, query: { limit: 1 } }))[0]).toMatchObject({
      runs: false,
      reason: 'the deployment is paused',
    });
    expect(await client.resumeDeployment({ params: { id: daily.id } })).toBeNull();
    const [next] = await client.readUpcoming({ params: { id: daily.id }, query: { limit: 3 } });
    expect(next).toMatchObject({ runs: true, reason: null, flow_run_id: expect.any(String) });
    const scheduled = await client.readScheduledRuns({ body: { deployment_ids: [daily.id] } });
    expect(scheduled[0]).toMatchObject({ id: next?.flow_run_id, state_type: 'SCHEDULED', auto_scheduled: true });
    const byFlow = await client.readNextRunsByFlow({ body: { flow_ids: [bars.id] } });
    expect(byFlow[bars.id]).toMatchObject({ id: next?.flow_run_id });
  });

  it('have schedules that come, change and go', async () => {
    const of = { id: daily.id };
    const [made] = await client.createSchedules({
      params: of,
      body: [{ schedule: { cron: '30 12 * * 1-5', timezone: 'Asia/Kolkata', day_or: true }, active: true }],
    });
    const params = { ...of, schedule_id: made?.id ?? '' };
    expect(made).toMatchObject({ deployment_id: daily.id, catch_up: 'latest' });
    await client.updateSchedule({ params, body: { active: false } });
    await client.updateSchedule({ params, body: { schedule: { cron: '0 13 * * *' }, slug: 'lunch' } });
    expect((await client.listSchedules({ params: of })).find(({ id }) => id === made?.id)).toMatchObject({
      active: false,
      slug: 'lunch',
      schedule: { cron: '0 13 * * *', timezone: 'UTC' },
    });
    const [replaced] = await client.createSchedules({
      params: of,
      body: [{ schedule: { cron: '0 14 * * *' }, replaces: 'lunch' }],
    });
    expect(replaced?.id).toBe(made?.id);
    await client.deleteSchedule({ params });
    expect(await client.listSchedules({ params: of })).toHaveLength(1);
    const preview = await client.previewSchedule({ body: { cron: '0 12 * * *', limit: 2 } });
    expect(preview.map(({ at }) => at.slice(11))).toEqual(['12:00:00.000Z', '12:00:00.000Z']);
    await expect(client.previewSchedule({ body: { cron: 'soon' } })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(
      client.createSchedules({ params: of, body: [{ schedule: { cron: '* * * * *' }, max_scheduled_runs: 1 }] }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('have no automations', async () => {
    const params = { resource: `prefect.deployment.${daily.id}` };
    expect(await client.listRelatedAutomations({ params })).toEqual([]);
    expect(await client.deleteOwnedAutomations({ params })).toBeNull();
  });
});

describe('runs', () => {
  it('are made of a deployment, by idempotency key once, for a time to come', async () => {
    const at = '2999-01-01T00:00:00.000Z';
    const body = {
      state: { type: 'SCHEDULED' as const, state_details: { scheduled_time: at } },
      parameters: { trade_date: '2026-01-14' },
      tags: ['mine'],
      idempotency_key: 'tomorrow',
      name: 'far-away',
    };
    const run = await client.createDeploymentRun({ params: { id: daily.id }, body });
    expect(run).toMatchObject({
      name: 'far-away',
      expected_start_time: at,
      next_scheduled_start_time: at,
      tags: ['nse', 'mine'],
      deployment_id: daily.id,
      deployment_version: '1.0.0',
      state: { type: 'SCHEDULED', state_details: { scheduled_time: at, flow_run_id: run.id } },
    });
    const again = await api.ask('POST', `/api/deployments/${daily.id}/create_flow_run`, body);
    expect(again).toMatchObject({ status: 200, body: { id: run.id } });
    await client.updateFlowRun({ params: { id: run.id }, body: { name: 'farther', tags: ['z'] } });
    expect(await client.readFlowRun({ params: { id: run.id } })).toMatchObject({ name: 'farther', tags: ['z'] });
    await expect(client.updateFlowRun({ params: { id: run.id }, body: { parameters: {} } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    // Cancelling what has not begun: Prefect says so by a refusal with the state that it has instead.
    const cancelled = await client.setFlowRunState({ params: { id: run.id }, body: { state: { type: 'CANCELLING' } } });
    expect(cancelled).toMatchObject({ status: 'REJECT', state: { type: 'CANCELLED' } });
  });

  it('need parameters that fit, and are told which do not', async () => {
    const { status, body } = await api.ask('POST', `/api/deployments/${daily.id}/create_flow_run`, {
      parameters: { trade_date: 'soon', laod: true },
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      detail: expect.stringContaining('trade_date'),
      code: 'INVALID_INPUT',
      exception_message: 'Invalid request received.',
      exception_detail: expect.arrayContaining([
        { loc: ['body', 'parameters', 'trade_date'], msg: expect.stringContaining('soon'), type: 'value_error' },
        {
          loc: ['body', 'parameters', 'laod'],
          msg: expect.stringContaining('did you mean load?'),
          type: 'value_error',
        },
      ]),
      request_body: { parameters: { trade_date: 'soon', laod: true } },
    });
  });

  it('are seen with their tasks, logs, states and graph', async () => {
    const run = await runBars({ trade_date: '2026-01-15' });
    expect(run).toMatchObject({
      name: 'bars-2026-01-15',
      state_name: 'Completed',
      duration: expect.any(Number),
      logs: expect.arrayContaining([
        expect.objectContaining({ level: 'info', message: 'downloading 2026-01-15' }),
        expect.objectContaining({ level: 'warn', fields: { rows: 3 } }),
      ]),
    });
    const params = { id: run.id };
    const tasks = await client.listFlowRunTasks({ params });
    expect(tasks.map(({ task_key }) => task_key)).toEqual(['download-0', 'load-0']);
    expect(tasks[1]).toMatchObject({
      parents: [tasks[0]?.id],
      attempts: [{ attempt: 1, state_type: 'COMPLETED' }],
      result: { rows: 100 },
    });
    const graph = await client.readFlowRunGraph({ params });
    expect(graph).toMatchObject({
      root_node_ids: [tasks[0]?.id],
      nodes: [
        [tasks[0]?.id, { task_key: 'download-0', children: [{ id: tasks[1]?.id }] }],
        [tasks[1]?.id, { label: 'load', parents: [{ id: tasks[0]?.id }] }],
      ],
    });
    const states = await client.listFlowRunStates({ query: { flow_run_id: run.id } });
    expect(states.map(({ name }) => name)).toEqual(expect.arrayContaining(['Scheduled', 'Running', 'Completed']));
    expect(states.at(-1)?.id).toBe(run.state_id);

    const lines = await client.listFlowRunLogs({ params, query: { limit: 1 } });
    const rest = await client.listFlowRunLogs({ params, query: { after: lines[0]?.id ?? 0 } });
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.map(({ id }) => id)).not.toContain(lines[0]?.id);
    const warnings = await client.listFlowRunLogs({
      params,
      query: { level: 'warn', task_run_id: tasks[1]?.id ?? '' },
    });
    expect(warnings.map(({ message }) => message)).toEqual(['3 rows look odd']);

    const logs = { flow_run_id: { any_: [run.id] } };
    const all = await client.filterLogs({ body: { logs, sort: 'TIMESTAMP_ASC' } });
    expect(all[0]).toMatchObject({ name: expect.stringContaining('prefect.'), flow_run_id: run.id });
    expect(await client.filterLogs({ body: { logs, offset: all.length } })).toEqual([]);
    expect(await client.filterLogs({ body: { logs: { ...logs, level: { ge_: 30 } }, offset: 1 } })).toEqual([]);
    expect(await client.filterLogs({ body: { logs: { ...logs, text: { query: 'ODD' } } } })).toHaveLength(1);

    expect(await client.readTaskRun({ params: { id: tasks[0]?.id ?? '' } })).toMatchObject({ task_key: 'download-0' });
    const taskStates = await client.listTaskRunStates({ query: { task_run_id: tasks[0]?.id ?? '' } });
    expect(taskStates.at(-1)).toMatchObject({ type: 'COMPLETED', state_details: { task_run_id: tasks[0]?.id } });
    const ofRun = { task_runs: { flow_run_id: { any_: [run.id] } } };
    const listed = await client.filterTaskRuns({ body: { ...ofRun, sort: 'EXPECTED_START_TIME_ASC' } });
    expect(listed.map(({ name }) => name)).toEqual(['download', 'load']);
    expect(await client.countTaskRuns({ body: ofRun })).toBe(2);
    expect(await client.countTaskRuns({ body: { flow_runs: { id: { any_: [run.id] } } } })).toBe(2);
    expect(await client.countTaskRunsByState({ body: ofRun })).toEqual({ completed: 2, failed: 0 });
    expect(await client.countTaskRunsByFlowRun({ body: { flow_run_ids: [run.id] } })).toEqual({ [run.id]: 2 });
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const counts = await client.readTaskRunCounts({
      body: { task_runs: { ...ofRun.task_runs, start_time: { after_: from } } },
    });
    expect(counts).toHaveLength(20);
    expect(counts.reduce((sum, { completed }) => sum + completed, 0)).toBe(2);
    const to = new Date(Date.now() + 60_000).toISOString();
    const span = { history_start: from, history_end: to, history_interval_seconds: 600 };
    const history = await client.readTaskRunHistory({ body: { ...ofRun, ...span } });
    expect(history.flatMap(({ states: each }) => each)).toMatchObject([{ state_type: 'COMPLETED', count_runs: 2 }]);
    const runHistory = await client.readFlowRunHistory({ body: { flow_runs: { id: { any_: [run.id] } }, ...span } });
    expect(runHistory.flatMap(({ states: each }) => each)).toMatchObject([{ state_name: 'Completed', count_runs: 1 }]);
  });

  it('are listed, filtered, counted and paged', async () => {
    await runBars();
    await runBars();
    const latest = await client.listFlowRuns({ query: { limit: 2, flow_name: 'bars-etl' } });
    expect(latest).toHaveLength(2);
    expect(latest[0]).toMatchObject({ state: { type: 'COMPLETED' }, start_time: expect.any(String) });
    const next = await client.listFlowRuns({ query: { limit: 1, flow_name: 'bars-etl', after: latest[0]?.id } });
    expect(next[0]?.id).toBe(latest[1]?.id);
    expect(await client.listFlowRuns({ query: { state: 'completed', limit: 1 } })).toHaveLength(1);
    expect(await client.listFlowRuns({ query: { state: 'NoSuchName' } })).toEqual([]);

    const flow_runs = { state: { type: { not_any_: ['SCHEDULED' as const] } }, parent_task_run_id: { is_null_: true } };
    const sort = 'START_TIME_DESC' as const;
    const all = await client.filterFlowRuns({ body: { flow_runs, sort } });
    const second = await client.filterFlowRuns({ body: { flow_runs, sort, limit: 1, after: all[0]?.id } });
    expect(second[0]?.id).toBe(all[1]?.id);
    expect(await client.countFlowRuns({ body: { flow_runs } })).toBe(all.length);
    expect(await client.paginateFlowRuns({ body: { flow_runs, sort, limit: 2, page: 1 } })).toMatchObject({
      results: [{ id: all[0]?.id }, { id: all[1]?.id }],
      count: all.length,
    });
    const bar = (await client.readRunBars({ body: { flow_runs, limit: 1 } }))[0];
    expect(bar).toMatchObject({ duration: expect.any(Number), lateness: expect.any(Number) });
    expect(await client.countFlowRuns({ body: { flow_runs: { id: { any_: [] } } } })).toBe(0);
    expect(await client.countFlowRuns({ body: { deployments: { name: { any_: ['rest'] } } } })).toBe(0);
  });

  it('are not selected by what is not known, rather than all be given', async () => {
    const body = { flow_runs: { created_by: { type_: ['x'] } } };
    await expect(client.filterFlowRuns({ body })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('flow_runs.created_by.type_'),
    });
    const or = { flow_runs: { operator: 'or_' as const, name: { any_: ['a'] }, tags: { any_: ['b'] } } };
    await expect(client.countFlowRuns({ body: or })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('are repeated: whole, from a task, with other parameters', async () => {
    const run = await runBars({ trade_date: '2026-01-16' });
    const retried = await client.retryFlowRun({ params: { id: run.id } });
    expect(retried).toMatchObject({ retry_of: run.id, restart_from: null });
    const restarted = await client.restartFlowRun({ params: { id: run.id }, body: { from: 'load-0' } });
    expect(restarted).toMatchObject({ retry_of: run.id, restart_from: 'load-0' });
    await expect(client.restartFlowRun({ params: { id: run.id }, body: { from: 'laod-0' } })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const cloned = await client.cloneFlowRun({
      params: { id: run.id },
      body: { parameters: { trade_date: '2026-01-19' } },
    });
    await expect(
      client.cloneFlowRun({ params: { id: run.id }, body: { parameters: { trade_date: 1 } } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', context: { issues: [expect.anything()] } });
    for (const { id } of [retried, restarted, cloned])
      expect(await until(id, ended)).toMatchObject({ state_name: 'Completed' });
    await client.deleteFlowRun({ params: { id: cloned.id } });
    await expect(client.readFlowRun({ params: { id: cloned.id } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are cancelled while they run; other states are not for clients to set', async () => {
    const running = async () => {
      const { id } = await client.runFlow({ params: { name: 'endless' }, body: {} });
      return until(id, ({ state_type }) => state_type === 'RUNNING');
    };
    const one = await running();
    const params = { id: one.id };
    const refused = await client.setFlowRunState({ params, body: { state: { type: 'COMPLETED' } } });
    expect(refused).toMatchObject({
      status: 'REJECT',
      state: { type: 'RUNNING' },
      details: { type: 'reject_details' },
    });
    expect(refused.details.reason).toContain('/cancel');
    expect(await client.resumeFlowRun({ params, body: {} })).toMatchObject({
      status: 'REJECT',
      details: { reason: expect.stringContaining('not paused but Running') },
    });
    await expect(client.deleteFlowRun({ params })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const accepted = await client.setFlowRunState({ params, body: { state: { type: 'CANCELLING' } } });
    expect(accepted).toMatchObject({ status: 'ACCEPT', state: { type: 'CANCELLING' } });
    await until(one.id, ended);
    expect(await client.setFlowRunState({ params, body: { state: { type: 'CANCELLING' } } })).toMatchObject({
      status: 'ABORT',
      state: { type: 'CANCELLED' },
    });

    const other = await running();
    const answer = await client.cancelFlowRun({ params: { id: other.id }, body: { reason: 'enough' } });
    expect(['CANCELLING', 'CANCELLED']).toContain(answer.state_type);
    expect(await until(other.id, ended)).toMatchObject({
      state: { type: 'CANCELLED', message: expect.stringContaining('enough') },
    });
  });

  it('are not executed by clients', async () => {
    const flow_id = bars.id;
    await expect(client.createFlowRun({ body: { flow_id, state: { type: 'PENDING' } } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      hint: expect.stringContaining('/api/flows/bars-etl/run'),
    });
    const run = await client.createFlowRun({ body: { flow_id, deployment_id: daily.id, name: 'wanted' } });
    expect(run).toMatchObject({ name: 'wanted', deployment_id: daily.id });
    await until(run.id, ended);
    expect(await client.createLogs({ body: [] })).toBeNull();
    const line = { name: 'x', level: 20, message: 'm', timestamp: '2026-01-12T00:00:00Z' };
    await expect(client.createLogs({ body: [line] })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('work', () => {
  it('waits in pools and queues that can be made, changed and deleted', async () => {
    const pool = await client.createWorkPool({ body: { name: 'night', concurrency_limit: 3 } });
    expect(pool).toMatchObject({ name: 'night', status: 'NOT_READY', default_queue_id: expect.any(String) });
    await client.updateWorkPool({ params: { name: 'night' }, body: { is_paused: true, concurrency_limit: null } });
    expect(await client.readWorkPool({ params: { name: 'night' } })).toMatchObject({
      status: 'PAUSED',
      concurrency_limit: null,
    });
    expect(await client.filterWorkPools({ body: { work_pools: { name: { any_: ['night'] } } } })).toHaveLength(1);
    expect(await client.countWorkPools({ body: {} })).toBe(2);

    const inPool = { pool: 'night', name: 'heavy' };
    const rate_limit = { runs: 2, per_seconds: 60 };
    await client.createPoolQueue({ params: { pool: 'night' }, body: { name: 'heavy', priority: 2, rate_limit } });
    expect(await client.readPoolQueue({ params: inPool })).toMatchObject({ priority: 2, rate_limit });
    await client.updatePoolQueue({ params: inPool, body: { rate_limit: null, concurrency_limit: 1 } });
    expect(await client.filterPoolQueues({ params: { pool: 'night' }, body: {} })).toMatchObject([
      { name: 'default' },
      { name: 'heavy', rate_limit: null, concurrency_limit: 1 },
    ]);
    await client.deletePoolQueue({ params: inPool });
    await client.deleteWorkPool({ params: { name: 'night' } });
    await expect(client.readWorkPool({ params: { name: 'nigth' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('waits in queues of the default pool', async () => {
    const { id } = await client.createWorkQueue({ body: { name: 'extra' } });
    await client.updateWorkQueue({ params: { id }, body: { is_paused: true } });
    expect(await client.readWorkQueue({ params: { id } })).toMatchObject({
      status: 'PAUSED',
      work_pool_name: 'default',
      counts: { scheduled: 0, late: 0, running: 0 },
    });
    expect(await client.filterWorkQueues({ body: { work_queues: { name: { startswith_: ['ex'] } } } })).toHaveLength(1);
    expect(await client.readWorkQueueStatus({ params: { id } })).toMatchObject({ healthy: false, late_runs_count: 0 });
    await client.deleteWorkQueue({ params: { id } });
    const queue = await client.readWorkQueueByName({ params: { name: 'default' } });
    expect(queue).toMatchObject({ status: 'READY' });
    expect(await client.readWorkQueueStatus({ params: { id: queue.id } })).toMatchObject({ healthy: true });
  });

  it('is done by workers', async () => {
    expect(await client.listWorkers()).toMatchObject([
      { name: 'worker-1', status: 'online', work_queues: ['default', 'slow'], concurrency: 4, pid: process.pid },
    ]);
    expect(await client.readWorker({ params: { name: 'worker-1' } })).toMatchObject({ status: 'online' });
    const params = { pool: 'default' };
    const online = await client.filterPoolWorkers({ params, body: { workers: { status: { any_: ['ONLINE'] } } } });
    expect(online).toMatchObject([{ name: 'worker-1', status: 'ONLINE' }]);
  });
});

describe('all of it', () => {
  it('was asked at least once', async () => {
    const { routes } = await loadServerSide();
    // Data, notifications, blocks and artifacts have tests of their own; streams are tested in live/.
    const elsewhere = (tag: string) =>
      ['data', 'market', 'events', 'notifications', 'blocks', 'artifacts'].includes(tag);
    const left = Object.entries(routes).filter(
      ([id, { tag }]) => !elsewhere(tag) && !id.startsWith('readSystem') && !asked.has(id),
    );
    expect(left.map(([id]) => id)).toEqual([]);
    expect(api.logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});
