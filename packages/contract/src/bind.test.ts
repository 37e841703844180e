import { describe, expect, it, vi } from 'vitest';
import { bindHandlers } from './bind.ts';
import type { Handlers } from './routes.ts';
import { aFlow, createApp, ID } from './testing/app.ts';

const json = async (response: Response) => ({ status: response.status, body: await response.json() });
const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });

describe('a bound handler', () => {
  it('gets what the schemas make of path, query and body', async () => {
    const listFlowRuns = vi.fn<Handlers['listFlowRuns']>(async () => []);
    const runFlow = vi.fn<Handlers['runFlow']>(() => expect.unreachable());
    const streamEvents = vi.fn<Handlers['streamEvents']>(async function* () {});
    const app = createApp({ listFlowRuns, runFlow, streamEvents });

    expect(await json(await app('http://x/api/flow_runs/?limit=10&unknown=1'))).toEqual({ status: 200, body: [] });
    expect(listFlowRuns).toHaveBeenLastCalledWith({ query: { limit: 10 }, signal: expect.any(AbortSignal) });

    await app('http://x/api/flows/nse%2Fbhavcopy/run', post({ parameters: { trade_date: '2026-01-12' }, unknown: 1 }));
    expect(runFlow.mock.lastCall?.[0]).toMatchObject({ params: { name: 'nse/bhavcopy' } });
    expect(runFlow.mock.lastCall?.[0].body).toEqual({ parameters: { trade_date: '2026-01-12' } });

    await app('http://x/api/events?types=log,task_run', { headers: { 'last-event-id': '7' } });
    expect(streamEvents.mock.lastCall?.[0]).toMatchObject({ query: { types: ['log', 'task_run'] }, lastEventId: '7' });
  });

  it('may be asked without a body where nothing in it is required', async () => {
    const filterFlows = vi.fn<Handlers['filterFlows']>(() => [aFlow]);
    const app = createApp({ filterFlows });
    expect(await json(await app('http://x/api/flows/filter', { method: 'POST' }))).toEqual({
      status: 200,
      body: [aFlow],
    });
    expect(filterFlows.mock.lastCall?.[0].body).toEqual({});
  });

  it('answers with the status of the table, or with its own where there are several', async () => {
    const app = createApp({
      deleteDeployment: async () => undefined,
      createFlow: ({ body }) => ({ status: body.name === 'new' ? 201 : 200, body: aFlow }),
      deleteOwnedAutomations: () => null,
      readCsrfToken: () => ({ detail: 'CSRF protection is disabled.' }),
    });
    const deleted = await app(`http://x/api/deployments/${ID}`, { method: 'DELETE' });
    expect([deleted.status, await deleted.text()]).toEqual([204, '']);
    expect((await app('http://x/api/flows/', post({ name: 'new' }))).status).toBe(201);
    expect((await app('http://x/api/flows/', post({ name: 'old' }))).status).toBe(200);
    expect(await json(await app('http://x/api/automations/owned-by/x', { method: 'DELETE' }))).toEqual({
      status: 202,
      body: null,
    });
    expect((await app(`http://x/api/csrf-token?client=${ID}`)).status).toBe(422);
  });

  it('is not asked when the request is wrong, and the answer says where', async () => {
    const filterFlows = vi.fn<Handlers['filterFlows']>();
    const app = createApp({ filterFlows });
    const { status, body } = await json(await app('http://x/api/flows/filter', post({ limit: 201, sort: 'BEST' })));
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^POST \/flows\/filter: body\.limit: .*; body\.sort: /),
      exception_detail: [{ loc: ['body', 'limit'] }, { loc: ['body', 'sort'] }],
    });
    expect(filterFlows).not.toHaveBeenCalled();
    expect((await app('http://x/api/flow_runs/banana')).status).toBe(422);
    expect((await app('http://x/api/flow_runs?limit=ten')).status).toBe(422);
    expect((await app('http://x/api/flow_runs?limit=')).status).toBe(422);
    expect((await app('http://x/api/calendar?from=2026-02-29&to=2026-03-01')).status).toBe(422);
  });

  it('has its pattern in the form that routers know', () => {
    const endpoints = bindHandlers({} as Handlers);
    expect(endpoints.find(({ operationId }) => operationId === 'updateSchedule')).toMatchObject({
      pattern: '/deployments/:id/schedules/:schedule_id',
      route: { method: 'PATCH' },
    });
  });
});
