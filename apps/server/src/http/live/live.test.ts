import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type LiveEvent, type RunEvent } from '@champion/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Listening } from '../listen.ts';
import { openTestApi, type TestApi } from '../testing/api.ts';
import { listenOn, TestSocket } from '../testing/listening.ts';
import { Listener } from './listener.ts';
import { streamLive } from './live-stream.ts';
import { Pulse } from './pulse.ts';

let api: TestApi;
let server: Listening;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  api = await openTestApi();
  server = await listenOn(api);
  client = createClient({ baseUrl: server.url, validate: true });
  await api.work();
});
afterAll(async () => {
  await server?.stop();
  await api?.close();
});

const runBars = async () => (await client.runFlow({ params: { name: 'bars-etl' }, body: {} })).id;
const runEndless = async () => (await client.runFlow({ params: { name: 'endless' }, body: {} })).id;

interface SentEvent {
  readonly event: string;
  readonly resource: Readonly<Record<string, string>>;
}

async function collect(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('the stream of events', () => {
  it('tells of one run in order, lines included, and ends with it', async () => {
    // Lines are told from the connection on, so the run waits for it.
    const far = '2999-01-01T00:00:00Z';
    const waiting = await client.runFlow({ params: { name: 'bars-etl' }, body: { scheduled_time: far } });
    const id = await runBars();
    const events = await collect(client.streamEvents({ query: { flow_run_id: id } }));
    expect(events.every(({ flow_run_id }) => flow_run_id === id)).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'flow_run', flow_name: 'bars-etl', state: { type: 'COMPLETED' } });
    await client.cancelFlowRun({ params: { id: waiting.id }, body: {} });
  });

  it('gives every line to who begins with none', async () => {
    const id = await runBars();
    const response = await fetch(`${server.url}/api/events?flow_run_id=${id}&types=log`, {
      headers: { 'last-event-id': '0' },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    const lines = [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, line, data]) => ({
      id: Number(line),
      event: JSON.parse(data ?? '') as RunEvent,
    }));
    const recorded = await client.listFlowRunLogs({ params: { id }, query: {} });
    expect(lines.map((line) => line.id)).toEqual(recorded.map((line) => line.id));
    expect(lines[0]?.event).toMatchObject({ type: 'log', flow_run_id: id });
    expect(text.trimEnd().endsWith('event: end\ndata:')).toBe(true);
    // And only those after the one it has.
    const rest = await fetch(`${server.url}/api/events?flow_run_id=${id}&types=log`, {
      headers: { 'last-event-id': String(recorded.at(-2)?.id) },
    });
    expect([...(await rest.text()).matchAll(/^id: (\d+)$/gm)].map(([, line]) => Number(line))).toEqual([
      recorded.at(-1)?.id,
    ]);
  });

  it('tells of all runs until the client goes, and of an ended one at once', async () => {
    const leave = new AbortController();
    const response = await fetch(`${server.url}/api/events`, { signal: leave.signal });
    const id = await runBars();
    let text = '';
    // The connection is there when its headers are, so nothing of the run is missed.
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"COMPLETED"') && text.includes('3 rows look odd')) break;
    }
    leave.abort();
    expect(text).toContain(id);
    const last = await collect(client.streamEvents({ query: { flow_run_id: id, types: ['flow_run'] } }));
    expect(last.at(-1)).toMatchObject({ type: 'flow_run', state: { type: 'COMPLETED' } });
    expect(await collect(client.streamEvents({ query: { flow_run_id: id } }))).toHaveLength(1);
  });

  it('says that there is no such run', async () => {
    const events = client.streamEvents({ query: { flow_run_id: '00000000-0000-4000-8000-000000000000' } });
    await expect(collect(events)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the stream that a page lives on', () => {
  it('tells the states of all runs, everything of those that are followed, and how the platform is', async () => {
    // Nothing of the run has happened when the stream begins: its queue rests.
    const queue = await client.readWorkQueueByName({ params: { name: 'default' } });
    const pause = (is_paused: boolean) => client.updateWorkQueue({ params: { id: queue.id }, body: { is_paused } });
    await pause(true);
    const followed = await runBars();
    const events: LiveEvent[] = [];
    let other: string | undefined;
    for await (const event of client.streamLive({ query: { follow: [followed] } })) {
      events.push(event);
      if (other === undefined) {
        other = await runBars();
        await pause(false);
      }
      const over = events.filter((each) => each.type === 'flow_run' && each.state.type === 'COMPLETED');
      const told = events.some((each) => each.type === 'platform' && each.workers !== undefined);
      if (over.length === 2 && told) break;
    }
    // The first one says that it listens.
    expect(events[0]).toMatchObject({ type: 'platform' });
    expect(events.find((event) => event.type === 'platform' && event.workers !== undefined)).toMatchObject({
      workers: [{ name: 'worker-1', status: 'online' }],
      work_queues: expect.arrayContaining([expect.objectContaining({ name: 'default' })]),
    });
    const kindsOf = (id: string | undefined) =>
      new Set(events.flatMap((event) => (event.type !== 'platform' && event.flow_run_id === id ? [event.type] : [])));
    expect(kindsOf(other)).toEqual(new Set(['flow_run']));
    expect(kindsOf(followed)).toEqual(new Set(['flow_run', 'task_run', 'log']));
    // Who comes second begins with the same.
    const streams = [client.streamLive(), client.streamLive()];
    for (const stream of streams) {
      for await (const event of stream) {
        if (event.type !== 'platform' || event.workers === undefined) continue;
        expect(event.workers).toMatchObject([{ name: 'worker-1' }]);
        break;
      }
    }
    while (api.feed.size > 0) await sleep(5);
  });
});

describe('listeners', () => {
  it('are let go when their client goes', async () => {
    const leave = new AbortController();
    const before = api.feed.size;
    await fetch(`${server.url}/api/events`, { signal: leave.signal });
    const socket = new TestSocket(`${server.url}/api/logs/out`);
    await socket.send({ type: 'auth', token: null });
    await socket.send({ type: 'filter', filter: null });
    while (api.feed.size < before + 2) await sleep(5);
    leave.abort();
    socket.close();
    while (api.feed.size > before) await sleep(5);
  });

  it('are not made by who asks for the headers alone', async () => {
    const heads = (path: string, count: number) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const { status } = await fetch(`${server.url}${path}`, { method: 'HEAD' });
          return status;
        }),
      );
    while (api.feed.size > 0) await sleep(5);
    // Of both together more than may listen.
    const statuses = [...(await heads('/api/live', 120)), ...(await heads('/api/events', 120))];
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(api.feed.size).toBe(0);
    const leave = new AbortController();
    const { status } = await fetch(`${server.url}/api/live`, { signal: leave.signal });
    expect([status, api.feed.size]).toEqual([200, 1]);
    leave.abort();
    while (api.feed.size > 0) await sleep(5);
  });

  it('are let go though the next event is waited for', async () => {
    const { signal } = new AbortController();
    const before = api.feed.size;
    const stream = await streamLive(api.feed, new Pulse(api.parts), { follow: [], signal });
    const events = stream[Symbol.asyncIterator]();
    // More than there are to tell at once.
    const asked = Array.from({ length: 50 }, () => events.next());
    await events.return?.();
    expect((await Promise.all(asked)).at(-1)).toEqual({ done: true, value: undefined });
    expect(api.feed.size).toBe(before);
    // And though it was never asked for.
    const unread = await streamLive(api.feed, new Pulse(api.parts), { follow: [], signal });
    await unread[Symbol.asyncIterator]().return?.();
    expect(api.feed.size).toBe(before);
  });

  it('are so many and no more', async () => {
    const listeners: Listener<unknown>[] = [];
    const refused = async () => {
      for (;;) listeners.push(await api.feed.listen());
    };
    await expect(refused()).rejects.toMatchObject({ code: 'BUSY', retry: { after: 5_000 } });
    const { status, headers } = await fetch(`${server.url}/api/events`);
    expect([status, headers.get('retry-after')]).toEqual([409, '5']);
    for (const listener of listeners) listener.close();
    expect(listeners.length).toBeGreaterThan(100);
  });
});

describe('a listener that does not keep up', () => {
  it('is cut with a reason, and holds nothing', async () => {
    let closed = 0;
    const listener = new Listener<number>(() => closed++);
    for (let i = 0; i < 5_000; i++) listener.push(i);
    await expect(listener.take()).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining('2000') });
    expect(closed).toBe(1);
  });
});

describe("the websockets of Prefect's clients", () => {
  const connect = async (path: string, filter: unknown) => {
    const socket = new TestSocket(`${server.url}${path}`);
    await socket.send({ type: 'auth', token: null });
    expect(await socket.next()).toEqual({ type: 'auth_success' });
    await socket.send({ type: 'filter', filter });
    return socket;
  };

  it('tell the states of a run, those of the past too, once each', async () => {
    const id = await runEndless();
    const filter = {
      occurred: { since: new Date(Date.now() - 60_000).toISOString(), until: '2999-01-01T00:00:00Z' },
      event: null,
      resource: null,
      related: null,
      any_resource: { id: [`prefect.flow-run.${id}`], id_prefix: null, labels: null },
      id: { id: [] },
      text: null,
      order: 'ASC',
    };
    const socket = await connect('/api/events/out', filter);
    const names: unknown[] = [];
    for (;;) {
      const { type, event } = (await socket.next()) as { type: string; event: SentEvent };
      expect(type).toBe('event');
      const { 'prefect.resource.id': resource, 'prefect.state-type': state } = event.resource;
      expect(event).toMatchObject({ id: expect.any(String), occurred: expect.any(String), related: expect.any(Array) });
      if (resource !== `prefect.flow-run.${id}`) continue;
      names.push(event.event);
      if (state === 'RUNNING') await client.cancelFlowRun({ params: { id }, body: {} });
      if (state === 'CANCELLED') break;
    }
    expect(names).toEqual(expect.arrayContaining(['prefect.flow-run.Scheduled', 'prefect.flow-run.Running']));
    expect(new Set(names).size).toBe(names.length);
    socket.close();
    expect(await socket.closed).toMatchObject({ code: 1005 });
  });

  it('tell the lines of a run', async () => {
    const id = await runBars();
    const socket = await connect('/api/logs/out/', { flow_run_id: { any_: [id] }, level: { ge_: 30 } });
    expect(await socket.next()).toMatchObject({
      type: 'log',
      log: { flow_run_id: id, level: 30, message: '3 rows look odd', name: 'prefect.task_runs' },
    });
    socket.close();
  });

  it('are refused what is not understood', async () => {
    const silent = new TestSocket(`${server.url}/api/events/out`);
    await silent.send('no json');
    expect(await silent.closed).toMatchObject({ code: 1002, reason: 'Expected an auth message' });
    const odd = await connect('/api/logs/out', { flow_run_id: { any_: ["' OR 1=1 --"] } });
    expect((await odd.closed).code).toBe(1002);
    const other = await connect('/api/events/out', { occurred: 7 });
    expect(await other.closed).toEqual({ code: 1002, reason: 'Invalid filter' });
    const large = new TestSocket(`${server.url}/api/events/out`);
    await large.send({ type: 'auth', token: 'x'.repeat(100_000) });
    expect((await large.closed).code).toBe(1009);
    expect(await new TestSocket(`${server.url}/api/nothing`).closed).toMatchObject({ code: 404 });
    const page = new TestSocket(`${server.url}/api/events/out`, { headers: { origin: 'https://evil.example' } });
    expect((await page.closed).code).toBe(403);
  });

  it('are told when the server stops', async () => {
    const another = await listenOn(api);
    const socket = new TestSocket(`${another.url}/api/events/out`);
    await socket.send({ type: 'auth', token: null });
    await socket.next();
    await socket.send({ type: 'filter', filter: {} });
    const response = await fetch(`${another.url}/api/events`);
    await another.stop();
    expect((await socket.closed).code).toBe(1001);
    // Without the event that says that it is over: its client connects again.
    expect(await response.text()).not.toContain('event: end');
  });
});
