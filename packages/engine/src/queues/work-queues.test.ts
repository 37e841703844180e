import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../deployments/testing/control-plane.ts';
import { COUNTED_AT_MOST, WorkQueues } from './work-queues.ts';

let plane: ControlPlane;
let queues: WorkQueues;
beforeAll(async () => {
  plane = await startControlPlane();
  queues = new WorkQueues({
    database: plane.database,
    clock: plane.clock,
    notify: (kind) => plane.said.push(kind),
  });
});
afterAll(() => plane.stop());
afterEach(async () => {
  await plane.clear();
  await plane.postgres.query(`DELETE FROM champion.work_pools WHERE name <> 'default'`);
  await plane.postgres.query('DELETE FROM champion.workers');
});

const rejects = (work: Promise<unknown>, code: string, message: RegExp) =>
  expect(work).rejects.toMatchObject({ code, message: expect.stringMatching(message), hint: expect.any(String) });

function addRuns(queueId: string, count: number, state: string, at: string) {
  return plane.postgres.query(
    `INSERT INTO champion.flow_runs (id, flow_name, name, parameters, state_type, state_name, state_at, created_at,
       expected_start_time, work_queue_id)
     SELECT gen_random_uuid(), 'bars-etl', 'x', '{}', $2, $2, now(), now(), $3, $1 FROM generate_series(1, $4)`,
    [queueId, state, at, count],
  );
}

function addWorker(workQueues: string[], { status = 'online', secondsAgo = 0 } = {}) {
  return plane.postgres.query(
    `INSERT INTO champion.workers (name, status, work_queues, host, pid, version, concurrency, started_at, last_heartbeat_at)
     VALUES (gen_random_uuid()::text, $1, $2, 'h', 1, '0', 1, now(), now() - make_interval(secs => $3))`,
    [status, workQueues, secondsAgo],
  );
}

it('has a default pool with a default queue', async () => {
  expect(await queues.pools()).toMatchObject([
    { name: 'default', type: 'process', isPaused: false, status: 'not_ready' },
  ]);
  const queue = await queues.queueByName('default');
  expect(queue).toMatchObject({
    workPoolName: 'default',
    priority: 1,
    concurrencyLimit: null,
    rate: null,
    scheduled: 0,
  });
  expect((await queues.pool('default'))?.defaultQueueId).toBe(queue?.id);
});

it('makes, changes, pauses and deletes queues', async () => {
  const made = await queues.createQueue({ name: 'slow', concurrencyLimit: 2, rate: { runs: 3, perSeconds: 60 } });
  expect(made).toMatchObject({ name: 'slow', concurrencyLimit: 2, rate: { runs: 3, perSeconds: 60 }, priority: 1 });
  expect(await queues.pauseQueue(made.id)).toMatchObject({ isPaused: true, status: 'paused', concurrencyLimit: 2 });
  const changed = await queues.updateQueue(made.id, {
    isPaused: false,
    rate: null,
    concurrencyLimit: null,
    priority: 5,
  });
  expect(changed).toMatchObject({ isPaused: false, rate: null, concurrencyLimit: null, priority: 5 });
  const urgent = await queues.createQueue({ name: 'a-later-name', priority: 4 });
  expect((await queues.queues()).map(({ name }) => name)).toEqual(['default', 'a-later-name', 'slow']);
  expect((await queues.queues({ limit: 1, offset: 1 })).map(({ name }) => name)).toEqual(['a-later-name']);
  await queues.deleteQueue(urgent.id);
  expect(await queues.queue(urgent.id)).toBeUndefined();
  expect(plane.said).toEqual(['work', 'work', 'work', 'work', 'work']);
});

it('makes pools with a queue of their own', async () => {
  const pool = await queues.createPool({ name: 'night', concurrencyLimit: 4 });
  expect(pool).toMatchObject({ name: 'night', type: 'process', concurrencyLimit: 4 });
  expect(await queues.queueByName('default', 'night')).toMatchObject({
    workPoolName: 'night',
    id: pool.defaultQueueId,
  });
  expect(await queues.updatePool('night', { isPaused: true })).toMatchObject({ status: 'paused', concurrencyLimit: 4 });
  expect(await queues.queueByName('default', 'night')).toMatchObject({ status: 'paused', isPaused: false });
  await queues.deletePool('night');
  expect(await queues.pool('night')).toBeUndefined();
});

it('says what is wrong', async () => {
  const missing = '00000000-0000-0000-0000-000000000000';
  await rejects(queues.createQueue({ name: 'default' }), 'INVALID_INPUT', /default\/default already/);
  await rejects(queues.createQueue({ name: 'x', workPool: 'defalt' }), 'NOT_FOUND', /no work pool defalt/);
  await rejects(queues.createPool({ name: 'default' }), 'INVALID_INPUT', /already/);
  await rejects(queues.updatePool('nights', {}), 'NOT_FOUND', /no work pool/);
  await rejects(queues.updateQueue(missing, {}), 'NOT_FOUND', /no work queue/);
  await expect(queues.createQueue({ name: 'x', priority: 0 })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('priority'),
  });
  const { id } = await queues.createQueue({ name: 'busy' });
  await rejects(
    queues.deleteQueue((await queues.queueByName('default'))?.id ?? ''),
    'INVALID_INPUT',
    /can't be deleted/,
  );
  await addRuns(id, 2, 'SCHEDULED', '2024-07-01T00:00:00Z');
  await rejects(queues.deleteQueue(id), 'INVALID_INPUT', /2 runs wait/);
  await plane.deployments.create({ flowName: 'bars-etl', name: 'user', workQueue: 'busy' });
  await rejects(queues.deleteQueue(id), 'INVALID_INPUT', /bars-etl\/user/);
  await queues.createPool({ name: 'night' });
  await plane.deployments.create({ flowName: 'bars-etl', name: 'night', workPool: 'night' });
  await rejects(queues.deletePool('night'), 'INVALID_INPUT', /bars-etl\/night/);
  await plane.clear();
});

it('counts what waits, is late and runs', async () => {
  const { id } = await queues.createQueue({ name: 'counted' });
  await addRuns(id, 3, 'SCHEDULED', '2024-07-01T12:00:00Z');
  await addRuns(id, 2, 'SCHEDULED', '2024-07-01T10:00:00Z');
  await addRuns(id, 4, 'RUNNING', '2024-07-01T09:00:00Z');
  await addRuns(id, 1, 'COMPLETED', '2024-07-01T09:00:00Z');
  plane.now = new Date('2024-07-01T10:00:14Z');
  expect(await queues.queue(id)).toMatchObject({ scheduled: 5, late: 0, running: 4 });
  plane.now = new Date('2024-07-01T10:00:15Z');
  expect(await queues.queue(id)).toMatchObject({ scheduled: 5, late: 2, running: 4 });
  await addRuns(id, COUNTED_AT_MOST, 'SCHEDULED', '2024-07-01T12:00:00Z');
  expect(await queues.queue(id)).toMatchObject({ scheduled: COUNTED_AT_MOST, late: 2 });
});

it('is ready when a live worker takes from it', async () => {
  const { id } = await queues.createQueue({ name: 'polled' });
  const status = async () => [(await queues.queue(id))?.status, (await queues.pool('default'))?.status];
  await addWorker(['polled'], { secondsAgo: 60 });
  await addWorker(['polled'], { status: 'draining' });
  await addWorker([]);
  expect(await status()).toEqual(['not_ready', 'not_ready']);
  await addWorker(['default']);
  expect(await status()).toEqual(['not_ready', 'ready']);
  await addWorker(['default', 'polled']);
  expect(await status()).toEqual(['ready', 'ready']);
});
