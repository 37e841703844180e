import { getEventListeners } from 'node:events';
import { ChampionError } from '@champion/core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ADD_STATE, startAlerts } from '../notifications/testing/alerts.ts';
import { type PruneOptions, prune } from '../retention.ts';
import type { StateType } from '../states.ts';
import type { FollowedState, Follower } from './follower.ts';
import { Followers } from './followers.ts';

let alerts: Awaited<ReturnType<typeof startAlerts>>;
beforeAll(async () => {
  alerts = await startAlerts();
});
afterEach(async () => {
  await alerts.query('DELETE FROM champion.followers');
  await alerts.clear();
});
afterAll(() => alerts?.stop());

/** Somebody who writes down what they are told, and can be made not to take it. */
function scribe(name: string, types: readonly StateType[] = ['COMPLETED', 'FAILED']) {
  const heard: FollowedState[] = [];
  const how: { fail: ((state: FollowedState) => unknown) | undefined } = { fail: undefined };
  const follower: Follower = {
    name,
    types,
    tell: async (state) => {
      const failure = how.fail?.(state);
      if (failure !== undefined) throw failure;
      heard.push(state);
    },
  };
  return { follower, heard, how, ids: () => heard.map(({ flowRunId }) => flowRunId) };
}

const away = () => new ChampionError('nobody is there', { code: 'UNREACHABLE', retry: 'backoff' });

/** Until everything that happened is certain to have been seen. */
async function seen(): Promise<void> {
  const { duty } = alerts.server();
  for (let i = 0; i < 4; i++) await duty('alerts');
}

async function follow(...followers: readonly Follower[]) {
  const following = new Followers({
    database: alerts.database,
    clock: { now: () => alerts.time.now },
    internalLog: (_level, message, fields) => void alerts.problems.push({ message, fields }),
  });
  await following.set(followers);
  return {
    following,
    /** As the duties do, once everything is certain to have been seen. */
    tick: async () => {
      await seen();
      for (const each of following.duties()) await each.run(alerts.time.now);
    },
    status: async (name: string) => (await following.status()).find((each) => each.name === name),
  };
}

it('are told of each state of their types, once and in order, from when they follow', async () => {
  await alerts.happen({ stateType: 'COMPLETED' });
  await seen();
  const { follower, heard, ids } = scribe('ledger');
  const { tick, status } = await follow(follower);
  const failed = await alerts.happen({ stateType: 'FAILED' }, 'Failed', 'no rows');
  await alerts.happen({ stateType: 'RUNNING' });
  const done = await alerts.happen({ stateType: 'COMPLETED' }, 'NoSession');
  await tick();
  await tick();
  expect(ids()).toEqual([failed.id, done.id]);
  expect(heard[0]).toEqual({
    flowRunId: failed.id,
    type: 'FAILED',
    name: 'Failed',
    message: 'no rows',
    at: alerts.time.now,
  });
  expect(await status('ledger')).toMatchObject({ pending: 0, told: 2, refused: 0, lost: 0, attempts: 0 });
});

it('who want to are told of what was before, too', async () => {
  const before = await alerts.happen();
  const { follower, ids } = scribe('historian');
  const { tick } = await follow({ ...follower, fromBeginning: true });
  const after = await alerts.happen();
  await tick();
  expect(ids()).toEqual([before.id, after.id]);
});

it('who are away find all of it when they are back, and keep no other from it', async () => {
  const [there, gone] = [scribe('there'), scribe('gone')];
  const { tick, status } = await follow(there.follower, gone.follower);
  gone.how.fail = away;
  const runs = [await alerts.happen(), await alerts.happen(), await alerts.happen()].map(({ id }) => id);
  await tick();
  expect(there.ids()).toEqual(runs);
  expect(await status('gone')).toMatchObject({ pending: 3, attempts: 1, lastError: 'nobody is there' });
  // It is left alone for a second, and then for longer.
  gone.how.fail = undefined;
  await tick();
  expect(gone.ids()).toEqual([]);
  alerts.pass(1_001);
  gone.how.fail = away;
  await tick();
  expect((await status('gone'))?.nextAttemptAt).toEqual(new Date(alerts.time.now.getTime() + 2_000));
  gone.how.fail = undefined;
  alerts.pass(2_001);
  await tick();
  expect(gone.ids()).toEqual(runs);
  expect(await status('gone')).toMatchObject({ pending: 0, told: 3, attempts: 0, lastError: null });
  const said = alerts.problems.map(({ message }) => message);
  expect(said.filter((line) => line === "gone can't be told of runs now")).toHaveLength(2);
  expect(said.at(-1)).toBe('gone is told of runs again');
});

const DAY_MS = 86_400_000;

it('go on where they were in another process, also when one in between did not name them', async () => {
  const { follower, ids } = scribe('ledger');
  await follow(follower);
  const missed = await alerts.happen();
  const second = await follow(follower);
  await second.tick();
  expect(ids()).toEqual([missed.id]);
  expect(alerts.problems).toEqual([]);
  const without = await follow();
  expect(alerts.problems).toEqual([
    { message: 'ledger was told of runs, and this server does not name it', fields: expect.anything() },
  ]);
  expect(await without.status('ledger')).toBeUndefined();
  const meanwhile = await alerts.happen();
  alerts.pass(89 * DAY_MS);
  await follow();
  const third = await follow(follower);
  const later = await alerts.happen();
  await third.tick();
  expect(ids()).toEqual([missed.id, meanwhile.id, later.id]);
});

it('begin anew once nobody named them for longer than runs are kept', async () => {
  const { follower, ids } = scribe('ledger');
  const first = await follow(follower);
  alerts.pass(60 * DAY_MS);
  // Whoever tells it names it, too, however long ago that process began.
  await first.tick();
  alerts.pass(60 * DAY_MS);
  await follow();
  expect(await first.status('ledger')).toBeDefined();
  await alerts.happen();
  await seen();
  alerts.pass(31 * DAY_MS);
  await follow();
  expect(await first.status('ledger')).toBeUndefined();
  // Who is still there makes itself known again.
  await first.tick();
  const later = await alerts.happen();
  await first.tick();
  expect(ids()).toEqual([later.id]);
});

it('are told of a state that was on its way when they began to follow', async () => {
  const { follower, ids } = scribe('ledger');
  const early = await alerts.happen({ stateType: 'RUNNING' });
  await seen();
  const client = await alerts.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(ADD_STATE, [early.id, 'FAILED', 'Failed', null, alerts.time.now]);
    await alerts.happen({ stateType: 'RUNNING' });
    const { tick } = await follow(follower);
    await client.query('COMMIT');
    await tick();
    expect(ids()).toEqual([early.id]);
  } finally {
    client.release();
  }
});

it('leave nothing behind of a state that they were told of', async () => {
  const signals: AbortSignal[] = [];
  const tell: Follower['tell'] = async (_state, signal) => void signals.push(signal);
  const { tick } = await follow({ name: 'ledger', types: ['FAILED'], tell });
  for (let i = 0; i < 3; i++) await alerts.happen();
  await tick();
  expect(signals).toHaveLength(3);
  expect(signals.flatMap((signal) => getEventListeners(signal, 'abort'))).toEqual([]);
  // Whatever hangs on it still, further in, goes with it.
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});

it('who refuse a state are not held up by it', async () => {
  const { follower, ids, how } = scribe('picky');
  const { tick, status } = await follow(follower);
  const bad = await alerts.happen();
  const good = await alerts.happen();
  how.fail = ({ flowRunId }) =>
    flowRunId === bad.id ? new ChampionError('it is not lineage', { code: 'INVALID_INPUT' }) : undefined;
  await tick();
  expect(ids()).toEqual([good.id]);
  expect(await status('picky')).toMatchObject({ told: 1, refused: 1, pending: 0 });
  expect(alerts.problems).toEqual([
    { message: 'picky refused to be told of a run', fields: expect.objectContaining({ flowRunId: bad.id }) },
  ]);
});

it('are not held up for ever by a state that some mistake keeps from them', async () => {
  const { follower, ids, how } = scribe('broken');
  const { tick, status } = await follow(follower);
  const bad = await alerts.happen();
  const good = await alerts.happen();
  how.fail = ({ flowRunId }) => (flowRunId === bad.id ? new TypeError('oops') : undefined);
  await tick();
  await alerts.query("UPDATE champion.followers SET attempts = 299, next_attempt_at = NULL WHERE name = 'broken'");
  await tick();
  expect(ids()).toEqual([good.id]);
  expect(await status('broken')).toMatchObject({ told: 1, refused: 1, lastError: null });
});

it('are not told while an older state may still turn up', async () => {
  const { follower, ids } = scribe('ledger');
  const { tick } = await follow(follower);
  const { database } = alerts;
  const early = await alerts.happen({ stateType: 'RUNNING' });
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `WITH run AS (UPDATE champion.flow_runs SET state_type = 'FAILED' WHERE id = $1 RETURNING id)
      INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, at)
      SELECT id, 'flow', id, 'FAILED', 'Failed', now() FROM run`,
      [early.id],
    );
    const late = await alerts.happen();
    await tick();
    expect(ids()).toEqual([]);
    await client.query('COMMIT');
    await tick();
    expect(ids()).toEqual([early.id, late.id]);
  } finally {
    client.release();
  }
});

it('are said to have lost what retention took before they were told', async () => {
  const { follower, how } = scribe('ledger');
  const { tick, status } = await follow(follower);
  how.fail = away;
  const end = alerts.time.now;
  await alerts.happen({ end });
  await alerts.happen({ end });
  await alerts.happen({ end, stateType: 'CANCELLED' });
  await tick();
  alerts.pass(40 * 86_400_000);
  const take = (ages: Pick<PruneOptions, 'flowRunsOlderThan' | 'statesOlderThan'>) =>
    prune(alerts.database, { ...ages, now: alerts.time.now, forget: async () => undefined });
  await take({ flowRunsOlderThan: 86_400_000 });
  expect(await status('ledger')).toMatchObject({ pending: 0, lost: 2, told: 0 });

  await alerts.happen({ end: alerts.time.now });
  alerts.pass(40 * 86_400_000);
  await take({ flowRunsOlderThan: 90 * 86_400_000, statesOlderThan: 86_400_000 });
  expect(await status('ledger')).toMatchObject({ pending: 0, lost: 3 });
});
