import type { Backfill, BackfillDetail } from '@champion/contract';
import { businessDate, type Clock } from '@champion/core';
import { datasets } from '@champion/datasets';
import { BackfillRunner } from '@champion/flows';
import { parseFault } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findDataset } from './find.ts';
import { type DataApi, openDataApi } from './testing/api.ts';

// Friday 2026-10-30, late in the evening in India. Time passes, so that records can be told apart.
const start = new Date('2026-10-30T22:00:00+05:30').getTime();
const begun = Date.now();
const clock: Clock = { now: () => new Date(start + Date.now() - begun) };

let api: DataApi;
beforeAll(async () => {
  api = await openDataApi(clock, { worker: false });
}, 60_000);
afterAll(() => api?.close());
afterEach(() => api.simulator.setFaults([]));

const begin = (body: Record<string, unknown>) =>
  api.reply('startBackfill', { body: { dataset: 'bhavcopy', ...body } }) as Promise<{ status: number; body: Backfill }>;
const read = (id: string) => api.call<BackfillDetail>('readBackfill', { params: { id } });
const ended = (id: string) =>
  vi.waitFor(
    async () => {
      const backfill = await read(id);
      if (backfill.at_work || backfill.state === 'running')
        throw new Error(`${id} is at work: ${JSON.stringify(backfill)}`);
      return backfill;
    },
    { timeout: 60_000, interval: 100 },
  );
const runsOf = async (date: string) => {
  const { rows } = await api.plane.runs.flowRuns.list({ flowNames: ['nse-bhavcopy-etl'] }, { limit: 200 });
  return rows.filter(({ parameters }) => parameters.trade_date === date);
};

describe('a backfill on the server', () => {
  const span = { from: '2026-10-19', to: '2026-10-23' };
  const id = 'nse-bhavcopy-etl.2026-10-19.2026-10-23.missing';

  it('waits for a worker and says so, and survives a restart without asking twice', async () => {
    const { status, body } = await begin({ ...span, concurrency: 2 });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ id, dataset: 'bhavcopy', state: 'running', at_work: true, done: 0, rate_per_minute: null },
      message: expect.stringContaining('champion worker start'),
    });
    await vi.waitFor(async () => expect(await runsOf('2026-10-21')).toHaveLength(1));
    // The same again is the same; another one of the dataset has to wait.
    expect(await begin({ ...span, concurrency: 2 })).toMatchObject({ status: 200, body: { id } });
    await expect(begin({ from: '2026-10-01', to: '2026-10-02' })).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(id),
      context: { backfill: id },
    });

    expect(await api.restart()).toEqual([id]);
    await vi.waitFor(async () => expect(await read(id)).toMatchObject({ at_work: true, attempts: 2 }));
    await api.startWorker();
    const done = await ended(id);
    expect(done).toMatchObject({ state: 'completed', message: null, done: done.sessions, gap_count: 0, failed: 0 });
    for (const date of ['2026-10-19', '2026-10-21', '2026-10-22']) {
      expect(await runsOf(date)).toMatchObject([{ tags: ['backfill'], createdBy: `backfill ${id}` }]);
    }
    expect(await api.restart()).toEqual([]);
  });

  it('tells what is not there, and goes on with what is left', async () => {
    api.simulator.setFaults([parseFault('404@2026-10-07')]);
    const queue = await api.plane.queues.queueByName('default');
    await api.plane.queues.pauseQueue(queue?.id ?? '');
    const { body } = await begin({ from: '2026-10-05', to: '2026-10-09' });
    expect(body.message).toContain('is paused');
    await api.plane.queues.resumeQueue(queue?.id ?? '');
    expect(await read(body.id)).toMatchObject({ message: null });
    const first = await ended(body.id);
    expect(first).toMatchObject({
      ...{ state: 'incomplete', failed: 1, gap_count: 1, at_work: false, seconds_left: null },
      failures: [{ trade_date: '2026-10-07', code: 'MISSING' }],
      gaps: [{ trade_date: '2026-10-07', slice: 'bhavcopy', outcome: 'MISSING' }],
    });
    api.simulator.setFaults([]);
    expect(await begin({ from: '2026-10-05', to: '2026-10-09' })).toMatchObject({ status: 200, body: { id: body.id } });
    expect(await ended(body.id)).toMatchObject({ state: 'completed', gaps: [], sessions: 1, done: 1 });
    expect(await runsOf('2026-10-07')).toHaveLength(2);
    expect(await runsOf('2026-10-08')).toHaveLength(1);
    const listed = await api.call<Backfill[]>('listBackfills');
    expect(listed.map((backfill) => backfill.id)).toEqual([body.id, id]);
    // Nothing is left: it has ended when the answer comes.
    expect(await begin(span)).toMatchObject({ status: 200, body: { state: 'completed', at_work: false, sessions: 0 } });
  });

  it('can be ended early, with its runs', async () => {
    api.simulator.setFaults([parseFault('slow:seconds=60')]);
    const { body } = await begin({ from: '2026-09-21', to: '2026-09-25', concurrency: 1 });
    await vi.waitFor(async () => expect(await runsOf('2026-09-21')).toMatchObject([{ stateType: 'RUNNING' }]), 20_000);
    const cancelled = await api.call<Backfill>('cancelBackfill', { params: { id: body.id } });
    expect(cancelled).toMatchObject({ id: body.id });
    expect(await ended(body.id)).toMatchObject({ state: 'paused', message: 'stopped on request', gap_count: 5 });
    expect(await runsOf('2026-09-21')).toMatchObject([{ stateType: 'CANCELLED' }]);
    expect(await api.call('cancelBackfill', { params: { id: body.id } })).toMatchObject({ state: 'paused' });
    // What was stopped on request stays so, whoever starts anew.
    expect(await api.restart()).toEqual([]);
    api.simulator.setFaults([]);
    expect(await begin({ from: '2026-09-21', to: '2026-09-25', concurrency: 4 })).toMatchObject({ status: 200 });
    expect(await ended(body.id)).toMatchObject({ state: 'completed', gap_count: 0 });
  });

  it('that an error ends is paused and says why', async () => {
    const { services } = api.stack;
    const failing = new BackfillRunner({
      services,
      datasets,
      runs: () => ({ run: () => Promise.reject(new Error('the database is gone')), cancel: async () => false }),
    });
    const dataset = findDataset(datasets, 'indices-close');
    const [from, to] = [businessDate('2026-10-19'), businessDate('2026-10-23')];
    const { record } = await failing.start({ dataset, from, to, only: 'missing', concurrency: 2 });
    expect(await ended(record.id)).toMatchObject({
      ...{ state: 'paused', message: 'stopped by an error: the database is gone', gap_count: 4 },
    });
    await failing.stop();
  });

  it.each([
    [{ dataset: 'bhavcopie', from: '2026-10-01', to: '2026-10-02' }, 'did you mean bhavcopy?'],
    [{ dataset: 'option-chain', from: '2026-10-01', to: '2026-10-02' }, 'only the present state'],
    [{ from: '2026-10-02', to: '2026-10-01' }, 'ends before it begins'],
    [{ from: '1990-01-01', to: '2026-10-01' }, 'before the first session'],
    [{ from: '2026-10-01', to: '2030-10-01' }, 'beyond the calendar'],
    [{ from: '2026-10-01', to: '2026-10-02', concurrency: 65 }, 'body.concurrency'],
    [{ from: '2026-10-01' }, 'body.to'],
  ])('refuses %j', async (body: Record<string, unknown>, message) => {
    await expect(begin(body)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });

  it('that is not there is told with the one that may be meant', async () => {
    await expect(read(id.replace('missing', 'mising'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(`did you mean ${id}?`),
    });
    await expect(read('../manifest/bhavcopy/2026-10-20')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
