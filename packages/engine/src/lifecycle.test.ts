import { ChampionError } from '@champion/core';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Engine } from './engine.ts';
import { lockExecutor } from './executor-lock.ts';
import { flow } from './flow.ts';
import { migrate } from './records/migrate.ts';
import { task } from './task.ts';
import { startTestPostgres, type TestPostgres } from './testing/stack.ts';

let postgres: TestPostgres;
let engine: Engine | undefined;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
});
afterAll(() => postgres?.stop());

const none = z.object({});
const hold: { begun?: () => void } = {};

/** Flows under the same names that act as told: the second engine has other closures than the first. */
function flowsOf(behaviour: 'hangs' | 'answers', answer = 0) {
  const work = task({ name: 'work' }, async (_: undefined, ctx) => {
    hold.begun?.();
    if (behaviour === 'hangs') {
      await new Promise((_resolve, reject) => {
        ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason));
      });
    }
    return answer;
  });
  const missing = () =>
    new ChampionError('not there', { code: 'MISSING', hint: 'look elsewhere', context: { status: 404 } });
  const bad = task({ name: 'bad' }, () => {
    throw missing();
  });
  const echo = task({ name: 'echo' }, (given: number) => given);
  return [
    flow({ name: 'catches', parameters: none }, async () => {
      const caught: unknown = await bad(undefined).catch((error: unknown) => error);
      await work(undefined);
      return caught instanceof ChampionError && [caught.code, caught.hint, caught.context];
    }),
    flow({ name: 'varies', parameters: none }, async () => {
      await echo(answer);
      await work(undefined);
    }),
    flow({ name: 'works', parameters: none }, () => work(undefined)),
    flow({ name: 'fails', parameters: none }, async () => {
      throw missing();
    }),
  ];
}

async function start(flows = flowsOf('answers')): Promise<Engine> {
  engine = await Engine.start({ databaseUrl: postgres.url, flows });
  return engine;
}

describe('the engine', () => {
  it('is one per process, and can be started again with other flows', async () => {
    const first = await start(flowsOf('answers', 1));
    await expect(start()).rejects.toMatchObject({ code: 'BUSY' });
    expect(await (await first.run('works')).result()).toMatchObject({ result: 1 });
    await Promise.all([first.stop(), first.stop()]);
    await expect(first.run('works')).rejects.toMatchObject({ code: 'CANCELLED' });

    const second = await start(flowsOf('answers', 2));
    expect(second.recovered).toEqual([]);
    expect(await (await second.run('works')).result()).toMatchObject({ result: 2 });
  });

  it('leaves what still runs when it stops to its next start', async () => {
    const first = await start(flowsOf('hangs'));
    const begun = new Promise<void>((resolve) => {
      hold.begun = resolve;
    });
    const handle = await first.run('works');
    await begun;
    const result = expect(handle.result()).rejects.toMatchObject({ code: 'CANCELLED' });
    await first.stop({ drainMs: 0 });
    await result;

    const second = await start(flowsOf('answers', 3));
    expect(second.recovered.map((run) => run.id)).toEqual([handle.id]);
    expect(await second.recovered[0]?.result()).toMatchObject({ state: 'COMPLETED', result: 3 });
    const run = await second.runs.get(handle.id);
    expect(run?.taskRuns[0]?.attempts.map((attempt) => attempt.stateType)).toEqual(['CRASHED', 'COMPLETED']);
  });

  async function resumed(flowName: string) {
    const first = await start(flowsOf('hangs', 1));
    const begun = new Promise<void>((resolve) => {
      hold.begun = resolve;
    });
    await first.run(flowName);
    await begun;
    await first.stop({ drainMs: 0 });
    const second = await start(flowsOf('answers', 2));
    return second.recovered[0]?.result();
  }

  it('replays a failed task with its error whole', async () => {
    expect(await resumed('catches')).toMatchObject({ result: ['MISSING', 'look elsewhere', { status: 404 }] });
  });

  it('does not give a task a result that was made of another input', async () => {
    expect(await resumed('varies')).toMatchObject({
      state: 'FAILED',
      error: { message: expect.stringContaining('echo-0 was given another input') },
    });
  });

  it('shares an executor id with nobody', async () => {
    const unlock = await lockExecutor(postgres.url, 'local', () => undefined);
    await expect(start()).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining('local') });
    await unlock();
    await start();
  });

  it('says where there is no database, without the password', async () => {
    const url = 'postgresql://champion:secret@127.0.0.1:1/champion';
    const failed = Engine.start({ databaseUrl: url, flows: [] });
    await expect(failed).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('127.0.0.1:1'),
    });
    await expect(failed).rejects.not.toThrow(/secret/);
  });
});

describe('on start, records are put right', () => {
  it('by what became of the runs', async () => {
    const first = await start(flowsOf('answers', 4));
    const completedRun = await (await first.run('works')).result();
    const failedRun = await (await first.run('fails')).result();
    const untouched = await (await first.run('works')).result();
    await first.stop();
    // As if the last moments of the records had been lost.
    await postgres.query(
      `UPDATE champion.flow_runs SET state_type = 'RUNNING', state_name = 'Running', end_time = NULL, result = NULL, error = NULL
       WHERE id = ANY($1)`,
      [[completedRun.id, failedRun.id]],
    );
    const lost = '0b9f0f7e-95f5-4dd5-a1c4-1c1a9d3f0002';
    const elsewhere = '0b9f0f7e-95f5-4dd5-a1c4-1c1a9d3f0003';
    for (const [id, executor] of [
      [lost, 'local'],
      [elsewhere, 'another'],
    ]) {
      await postgres.query(
        `INSERT INTO champion.flow_runs (id, flow_name, name, parameters, state_type, state_name, executor_id, created_at,
           state_at, expected_start_time)
         VALUES ($1, 'works', 'works', '{}', 'PENDING', 'Pending', $2, now(), now(), now())`,
        [id, executor],
      );
    }

    const second = await start();
    expect(second.recovered).toEqual([]);
    const stateOf = async (id: string) => (await second.runs.find(id))?.stateType;
    expect(await second.runs.find(completedRun.id)).toMatchObject({ stateType: 'COMPLETED', result: 4 });
    expect(await second.runs.find(failedRun.id)).toMatchObject({
      stateType: 'FAILED',
      error: { code: 'MISSING', message: 'not there', hint: 'look elsewhere', context: { status: 404 } },
    });
    expect(await second.runs.find(untouched.id)).toMatchObject({ stateType: 'COMPLETED' });
    expect(await stateOf(lost)).toBe('CRASHED');
    // Its process may be about to start it.
    expect(await stateOf(elsewhere)).toBe('PENDING');
  });

  it('and a cancellation that was cut short is finished', async () => {
    const first = await start(flowsOf('hangs'));
    const begun = new Promise<void>((resolve) => {
      hold.begun = resolve;
    });
    const { id } = await first.run('works');
    await begun;
    await first.stop({ drainMs: 0 });
    await postgres.query(
      `UPDATE champion.flow_runs SET state_type = 'CANCELLING', state_name = 'Cancelling' WHERE id = $1`,
      [id],
    );
    const second = await start();
    expect(second.recovered).toEqual([]);
    expect(await second.runs.get(id)).toMatchObject({ stateType: 'CANCELLED', taskRuns: [{ stateType: 'CANCELLED' }] });
  });
});

describe('migrations', () => {
  it('run once, however many start at a time', async () => {
    await postgres.query('CREATE DATABASE fresh');
    const url = new URL(postgres.url);
    url.pathname = '/fresh';
    const pool = new pg.Pool({ connectionString: url.href, max: 4 });
    // Its last connections may still be closing when the server is stopped.
    pool.on('error', () => undefined);
    try {
      await Promise.all([1, 2, 3, 4].map(() => migrate(pool)));
      await migrate(pool);
      const { rows } = await pool.query('SELECT number, name FROM champion.migrations');
      expect(rows).toEqual([
        { number: 1, name: 'run-records' },
        { number: 2, name: 'control-plane' },
        { number: 3, name: 'notifications' },
        { number: 4, name: 'followers' },
        { number: 5, name: 'blocks' },
        { number: 6, name: 'artifacts' },
      ]);
      await pool.query(`INSERT INTO champion.migrations (number, name) VALUES (9999, 'from the future')`);
      await expect(migrate(pool)).rejects.toMatchObject({ code: 'CONFIG' });
    } finally {
      await pool.end();
    }
  });
});
