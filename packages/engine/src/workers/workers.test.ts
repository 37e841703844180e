import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ControlPlane } from '../control-plane.ts';
import { Engine, type ServeOptions } from '../engine.ts';
import { flow } from '../flow.ts';
import { task } from '../task.ts';
import { startTestPostgres, type TestPostgres } from '../testing/stack.ts';

let postgres: TestPostgres;
let plane: ControlPlane;
let engine: Engine | undefined;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
beforeEach(async () => {
  plane = await ControlPlane.open({ databaseUrl: postgres.url, flows });
});
afterEach(async () => {
  gate.open();
  await engine?.stop();
  engine = undefined;
  await plane.close();
  await postgres.query('TRUNCATE champion.flow_runs, champion.workers CASCADE');
  await postgres.query(
    `UPDATE champion.work_queues SET is_paused = false, concurrency_limit = NULL, rate_runs = NULL, rate_seconds = NULL`,
  );
});
afterAll(() => postgres?.stop());

/** Holds the task "wait" of every run until it is opened. */
const gate = {
  begun: [] as number[],
  waiting: [] as (() => void)[],
  isOpen: true,
  close() {
    this.begun = [];
    this.isOpen = false;
  },
  open() {
    this.isOpen = true;
    for (const go of this.waiting.splice(0)) go();
  },
};

const wait = task({ name: 'wait' }, async (n: number, ctx) => {
  gate.begun.push(n);
  if (gate.isOpen) return n;
  await new Promise<void>((resolve, reject) => {
    gate.waiting.push(resolve);
    ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason));
  });
  return n;
});
const counts = { first: 0, child: 0 };
const mood = { fails: true };
const first = task({ name: 'first' }, (at: string) => {
  counts.first++;
  return at;
});
const second = task({ name: 'second' }, (n: number) => {
  if (mood.fails) throw new Error('not today');
  return n * 2;
});
const childFlow = flow({ name: 'child', parameters: z.object({ n: z.number() }) }, async ({ n }) => {
  counts.child++;
  return wait(n);
});
const waits = flow(
  { name: 'waits', parameters: z.object({ n: z.number().default(1) }), runName: ({ n }) => `waits-${n}` },
  ({ n }) => wait(n),
);
const stepwise = flow({ name: 'stepwise', parameters: z.object({ n: z.number() }) }, async ({ n }, ctx) => {
  await first(ctx.startedAt.toISOString());
  const had = await childFlow({ n });
  return second(had);
});
const flows = [waits, childFlow, stepwise];

async function work(serve: Partial<ServeOptions> = {}): Promise<Engine> {
  engine = await Engine.start({
    databaseUrl: postgres.url,
    executorId: 'worker',
    flows,
    serve: { workQueues: ['default'], ...serve },
  });
  return engine;
}

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(10);
  }
}

async function run(id: string) {
  const [row] = await postgres.query<{
    name: string;
    state_type: string;
    state_name: string;
    result: unknown;
    executor_id: string | null;
    error: { message: string } | null;
  }>('SELECT name, state_type, state_name, result, executor_id, error FROM champion.flow_runs WHERE id = $1', [id]);
  if (row === undefined) throw new Error(`no run ${id}`);
  return row;
}
const inState = (id: string, state: string) =>
  until(async () => {
    const found = await run(id);
    return found.state_type === state && found;
  });
const begun = (n: number) => until(async () => gate.begun.includes(n));

describe('a worker', () => {
  it('takes runs that wait and those that come, names them by their parameters, and tells who it is', async () => {
    const early = await plane.control.create({ flowName: 'waits', parameters: {} });
    expect(await run(early.id)).toMatchObject({ state_type: 'SCHEDULED', executor_id: null });
    await work();
    expect(await inState(early.id, 'COMPLETED')).toMatchObject({ name: 'waits-1', result: 1, executor_id: 'worker' });
    const late = await plane.control.create({ flowName: 'waits', parameters: { n: 2 }, name: 'called so' });
    expect(await inState(late.id, 'COMPLETED')).toMatchObject({ name: 'called so', result: 2 });
    expect(await plane.workers.list()).toMatchObject([
      { name: 'worker', status: 'online', workQueues: ['default'], running: 0 },
    ]);
  });

  it('leaves what is not due', async () => {
    await work();
    const due = new Date(Date.now() + 600);
    const { id } = await plane.control.create({ flowName: 'waits', scheduledTime: due });
    await inState(id, 'COMPLETED');
    const [row] = await postgres.query<{ start_time: Date }>(
      'SELECT start_time FROM champion.flow_runs WHERE id = $1',
      [id],
    );
    expect(row?.start_time.getTime()).toBeGreaterThanOrEqual(due.getTime());
  });

  it('creates a run once per idempotency key', async () => {
    const request = { flowName: 'waits', idempotencyKey: 'once' };
    const [one, two] = await Promise.all([plane.control.create(request), plane.control.create(request)]);
    expect(one?.id).toBe(two?.id);
    expect([one?.created, two?.created].sort()).toEqual([false, true]);
  });

  it('refuses wrong parameters before anything is recorded', async () => {
    await expect(plane.control.create({ flowName: 'waits', parameters: { m: 1 } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('m: there is no such parameter'),
    });
    await expect(plane.control.create({ flowName: 'wait' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('did you mean waits?'),
    });
    expect(await postgres.query('SELECT FROM champion.flow_runs')).toEqual([]);
  });

  it('has no more runs at work than it may, its queue may, or its queue gives out in a time', async () => {
    gate.close();
    const ids = [];
    for (let n = 1; n <= 6; n++) ids.push((await plane.control.create({ flowName: 'waits', parameters: { n } })).id);
    const states = async () =>
      (
        await postgres.query<{ state_type: string }>(
          'SELECT state_type FROM champion.flow_runs ORDER BY expected_start_time',
        )
      ).map((row) => row.state_type);
    await postgres.query('UPDATE champion.work_queues SET concurrency_limit = 2');
    await work({ concurrency: 3 });
    await begun(1);
    await begun(2);
    expect(await states()).toEqual(['RUNNING', 'RUNNING', 'SCHEDULED', 'SCHEDULED', 'SCHEDULED', 'SCHEDULED']);
    await postgres.query('UPDATE champion.work_queues SET concurrency_limit = NULL');
    await begun(3);
    expect((await states()).filter((state) => state === 'RUNNING')).toHaveLength(3);
    // Three have been given out within the hour already.
    await postgres.query('UPDATE champion.work_queues SET rate_runs = 4, rate_seconds = 3600');
    gate.open();
    await inState(ids[3] ?? '', 'COMPLETED');
    expect(await states()).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'SCHEDULED', 'SCHEDULED']);
  });

  it('takes nothing from a paused queue', async () => {
    await postgres.query('UPDATE champion.work_queues SET is_paused = true');
    await work();
    const { id } = await plane.control.create({ flowName: 'waits' });
    await postgres.query('UPDATE champion.work_queues SET is_paused = false');
    expect(await inState(id, 'COMPLETED')).toMatchObject({ result: 1 });
  });

  it('ends a run that it can not begin with the reason', async () => {
    await work();
    const { id } = await plane.control.create({ flowName: 'waits' });
    await inState(id, 'COMPLETED');
    await postgres.query(
      `INSERT INTO champion.flow_runs (id, flow_name, name, parameters, state_type, state_name, state_at, created_at, expected_start_time, work_queue_id)
       SELECT '0b9f0f7e-95f5-4dd5-a1c4-1c1a9d3f0001', 'waits', 'bad', '{"n": "one"}', 'SCHEDULED', 'Scheduled', now(), now(), now(), id FROM champion.work_queues`,
    );
    expect(await inState('0b9f0f7e-95f5-4dd5-a1c4-1c1a9d3f0001', 'FAILED')).toMatchObject({
      error: { message: expect.stringContaining('expected number') },
    });
  });
});

describe('a run', () => {
  it('that waits is cancelled at once', async () => {
    const { id } = await plane.control.create({ flowName: 'waits' });
    expect(await plane.control.cancel(id, 'not needed')).toBe(true);
    expect(await run(id)).toMatchObject({ state_type: 'CANCELLED' });
    expect(await plane.control.cancel(id)).toBe(false);
  });

  it('at work elsewhere is cancelled with its children, and its task gets the signal', async () => {
    gate.close();
    await work();
    const { id } = await plane.control.create({ flowName: 'stepwise', parameters: { n: 7 } });
    await begun(7);
    expect(await plane.control.cancel(id, 'enough')).toBe(true);
    await inState(id, 'CANCELLED');
    const children = await postgres.query(
      'SELECT state_type, state_message FROM champion.flow_runs WHERE parent_flow_run_id = $1',
      [id],
    );
    expect(children).toEqual([{ state_type: 'CANCELLED', state_message: expect.stringContaining('enough') }]);
  });

  it('is retried as a new run, and restarted from a task or a child with the results of what came before', async () => {
    mood.fails = true;
    counts.first = 0;
    counts.child = 0;
    await work();
    const { id } = await plane.control.create({ flowName: 'stepwise', parameters: { n: 3 } });
    await inState(id, 'FAILED');
    expect(counts).toEqual({ first: 1, child: 1 });
    mood.fails = false;

    await expect(plane.control.restart(id, 'secnd-0')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('did you mean second-0?'),
    });
    const restarted = await plane.control.restart(id, 'second-0');
    expect(await inState(restarted.id, 'COMPLETED')).toMatchObject({ result: 6 });
    expect(counts).toEqual({ first: 1, child: 1 });
    const tasks = await postgres.query(
      'SELECT dynamic_key, state_type, attempts FROM champion.task_runs WHERE flow_run_id = $1 ORDER BY dynamic_key',
      [restarted.id],
    );
    expect(tasks).toEqual([
      { dynamic_key: 'first-0', state_type: 'COMPLETED', attempts: 0 },
      { dynamic_key: 'second-0', state_type: 'COMPLETED', attempts: 1 },
    ]);

    const [child] = await postgres.query<{ id: string }>(
      'SELECT id FROM champion.flow_runs WHERE parent_flow_run_id = $1',
      [id],
    );
    const fromChild = await plane.control.restart(id, child?.id ?? '');
    expect(await inState(fromChild.id, 'COMPLETED')).toMatchObject({ result: 6 });
    expect(counts).toEqual({ first: 1, child: 2 });

    const retried = await plane.control.retry(id);
    expect(await inState(retried.id, 'COMPLETED')).toMatchObject({ result: 6 });
    expect(counts).toEqual({ first: 2, child: 3 });
    const cloned = await plane.control.clone(id, { parameters: { n: 5 } });
    expect(await inState(cloned.id, 'COMPLETED')).toMatchObject({ result: 10 });
  }, 60_000);

  it('is deleted with its children, once it has ended', async () => {
    mood.fails = false;
    await work();
    const { id } = await plane.control.create({ flowName: 'stepwise', parameters: { n: 4 } });
    await expect(plane.control.delete(id)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await inState(id, 'COMPLETED');
    await plane.control.update(id, { name: 'renamed', tags: ['kept'] });
    expect(await run(id)).toMatchObject({ name: 'renamed' });
    await plane.control.delete(id);
    expect(await postgres.query('SELECT FROM champion.flow_runs')).toEqual([]);
    await expect(plane.control.delete(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('can not be retried while it has not ended', async () => {
    const { id } = await plane.control.create({ flowName: 'waits' });
    await expect(plane.control.retry(id)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
