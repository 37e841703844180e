import { ChampionError } from '@champion/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Engine } from './engine.ts';
import type { EngineEvent } from './events.ts';
import { completed, flow } from './flow.ts';
import type { FlowRunOutcome } from './outcome.ts';
import { task } from './task.ts';
import { startTestPostgres, type TestPostgres } from './testing/stack.ts';

const none = z.object({});

// What the flows below did, in order.
const seen: unknown[] = [];

const add = task({ name: 'add' }, (input: { a: { n: number }; b: { n: number } }) => ({ n: input.a.n + input.b.n }));
const double = task({ name: 'double' }, async ({ n }: { n: number }, ctx) => {
  ctx.log.info('doubling', { n });
  return { n: 2 * n };
});
const diamond = flow(
  {
    name: 'diamond',
    parameters: z.object({ n: z.number().int(), label: z.string().default('x') }),
    runName: ({ n, label }) => `diamond of ${n}${label}`,
  },
  async ({ n }, ctx) => {
    ctx.log.debug('begun');
    const first = await double({ n });
    const [left, right] = await Promise.all([double(first), double(first)]);
    const both = await add({ a: left, b: right });
    return (await double(both)).n;
  },
);

/** Fails as the input says, attempt by attempt, then succeeds. */
const flaky = task(
  { name: 'flaky', retries: 2, retryDelayMs: 2, timeoutMs: 40 },
  async (failures: ('backoff' | 'never' | 'after' | 'hang' | 'plain')[], ctx) => {
    const failure = failures[ctx.attempt - 1];
    if (failure === undefined) return { attempts: ctx.attempt };
    if (failure === 'plain') throw new TypeError('not one of ours');
    if (failure === 'hang') {
      await new Promise((_, reject) => {
        ctx.signal.addEventListener('abort', () => reject(new Error('told to stop')));
      });
    }
    const retry = failure === 'after' ? { after: 7 } : failure === 'never' ? 'never' : 'backoff';
    throw new ChampionError(`failure ${ctx.attempt}`, {
      code: 'BLOCKED',
      retry,
      hint: 'wait',
      context: { bytes: 'a\0b' },
    });
  },
);
const flakyFlow = flow(
  {
    name: 'flaky-flow',
    parameters: z.object({ failures: z.array(z.enum(['backoff', 'never', 'after', 'hang', 'plain'])) }),
    onFailure: [({ outcome }) => void seen.push(['onFailure', outcome.error?.code])],
    onCompletion: [
      () => {
        throw new Error('hook broke');
      },
      ({ name, outcome }) => void seen.push(['onCompletion', name, outcome.state]),
    ],
  },
  async ({ failures }) => flaky(failures),
);

const started: (() => void)[] = [];
const waiting = task({ name: 'waiting' }, async (stubborn: boolean, ctx) => {
  for (const tell of started.splice(0)) tell();
  await new Promise((_, reject) => {
    ctx.signal.addEventListener('abort', () => {
      seen.push('signal');
      if (!stubborn) reject(new Error('stopped'));
    });
  });
});
const failing = task({ name: 'failing', retries: 5, retryDelayMs: 60_000 }, async () => {
  throw new Error('again');
});
const waitingFlow = flow({ name: 'waiting-flow', parameters: z.object({ stubborn: z.boolean() }) }, async (p) =>
  waiting(p.stubborn),
);
const retryingFlow = flow({ name: 'retrying-flow', parameters: none }, async () => failing(undefined));
const failFast = flow({ name: 'fail-fast', parameters: none }, async () => {
  await Promise.all([waiting(false), flaky(['never'])]);
});

const named = flow({ name: 'named', parameters: none }, async () =>
  completed({ day: '2026-01-11' }, { name: 'NoSession', message: 'A Sunday' }),
);
const forgetful = flow({ name: 'forgetful', parameters: none }, async () => {
  void double({ n: 1 });
  void flaky(['never']);
  return 'did not wait';
});
const nested = task({ name: 'nested' }, async () => double({ n: 1 }));
const nestedFlow = flow({ name: 'nested-flow', parameters: none }, async () => nested(undefined));

const child = flow({ name: 'child', parameters: z.object({ n: z.number() }) }, async ({ n }) => {
  if (n < 0) throw new ChampionError('negative', { code: 'MISSING', retry: { after: 5 }, hint: 'be positive' });
  return (await double({ n })).n;
});
const parent = flow({ name: 'parent', parameters: z.object({ ns: z.array(z.number()) }) }, async ({ ns }) =>
  Promise.all(ns.map((n) => child({ n }))),
);
const tolerant = flow({ name: 'tolerant', parameters: z.object({ ns: z.array(z.number()) }) }, async ({ ns }) => {
  const ends = await Promise.all(ns.map((n) => child.outcome({ n })));
  return ends.map(({ state, result, error }) => [state, result ?? error?.code]);
});
const waitingParent = flow({ name: 'waiting-parent', parameters: none }, async () => waitingFlow({ stubborn: true }));

const flows = [
  diamond,
  flakyFlow,
  waitingFlow,
  retryingFlow,
  failFast,
  named,
  forgetful,
  nestedFlow,
  child,
  parent,
  tolerant,
  waitingParent,
];

let postgres: TestPostgres;
let engine: Engine;

beforeAll(async () => {
  postgres = await startTestPostgres();
  engine = await Engine.start({ databaseUrl: postgres.url, flows });
});
afterAll(async () => {
  await engine?.stop();
  await postgres?.stop();
});

async function outcomeOf(name: string, parameters: unknown = {}): Promise<FlowRunOutcome> {
  return (await engine.run(name, parameters)).result();
}
async function detail(id: string) {
  const run = await engine.runs.get(id);
  if (run === undefined) throw new Error(`no run ${id}`);
  return run;
}
function taskBegun(): Promise<void> {
  return new Promise((resolve) => {
    started.push(resolve);
  });
}

describe('a run', () => {
  it('records its tasks, edges, states and log', async () => {
    const events: EngineEvent[] = [];
    const unsubscribe = engine.events.subscribe((event) => events.push(event));
    const handle = await engine.run('diamond', { n: 1 });
    expect(handle.name).toBe('diamond of 1x');
    const outcome = await handle.result();
    unsubscribe();
    expect(outcome).toMatchObject({ id: handle.id, state: 'COMPLETED', stateName: 'Completed', result: 16 });

    const run = await detail(handle.id);
    expect(run).toMatchObject({
      flowName: 'diamond',
      parameters: { n: 1, label: 'x' },
      stateType: 'COMPLETED',
      runCount: 1,
      result: 16,
      error: null,
    });
    const byKey = new Map(run.taskRuns.map((taskRun) => [taskRun.dynamicKey, taskRun]));
    expect([...byKey.keys()].sort()).toEqual(['add-0', 'double-0', 'double-1', 'double-2', 'double-3']);
    const parents = (key: string) => byKey.get(key)?.parents;
    const idOf = (key: string) => byKey.get(key)?.id;
    expect(parents('double-0')).toEqual([]);
    expect(parents('double-1')).toEqual([idOf('double-0')]);
    expect(parents('double-2')).toEqual([idOf('double-0')]);
    expect(parents('add-0')).toEqual([idOf('double-1'), idOf('double-2')]);
    expect(parents('double-3')).toEqual([idOf('add-0')]);
    for (const taskRun of run.taskRuns) {
      expect(taskRun.stateType).toBe('COMPLETED');
      expect(taskRun.attempts).toMatchObject([{ attempt: 1, stateType: 'COMPLETED', error: null }]);
    }
    const statesOf = (id: string | undefined) => run.states.filter((s) => s.runId === id).map((s) => s.name);
    expect(statesOf(run.id)).toEqual(['Pending', 'Running', 'Completed']);
    expect(statesOf(idOf('add-0'))).toEqual(['Running', 'Completed']);

    const logs = await engine.runs.logs(run.id);
    expect(logs.map((line) => [line.level, line.message, line.fields])).toEqual([
      ['debug', 'begun', null],
      ['info', 'doubling', { n: 1 }],
      ['info', 'doubling', { n: 2 }],
      ['info', 'doubling', { n: 2 }],
      ['info', 'doubling', { n: 8 }],
    ]);
    expect(logs[1]?.taskRunId).toBe(idOf('double-0'));
    const after = logs[2]?.id ?? 0;
    expect(await engine.runs.logs(run.id, { after, limit: 1 })).toEqual(logs.slice(3, 4));

    const told = events.map((e) =>
      e.type === 'log' ? 'log' : `${'dynamicKey' in e ? e.dynamicKey : 'flow'} ${e.state.name}`,
    );
    expect(told.slice(0, 4)).toEqual(['flow Running', 'log', 'double-0 Running', 'log']);
    expect(told.at(-1)).toBe('flow Completed');
    expect(events.at(-1)).toMatchObject({ result: 16 });
  });

  it('is listed, latest first', async () => {
    const first = await outcomeOf('named');
    const second = await outcomeOf('named');
    const ids = (await engine.runs.list({ flowName: 'named' })).map((run) => run.id);
    expect(ids).toEqual([second.id, first.id]);
    expect(await engine.runs.list({ flowName: 'named', state: 'FAILED' })).toEqual([]);
    expect(await engine.runs.list({ limit: 1 })).toHaveLength(1);
  });

  it('can name the state it completes in', async () => {
    const outcome = await outcomeOf('named');
    expect(outcome).toMatchObject({
      state: 'COMPLETED',
      stateName: 'NoSession',
      message: 'A Sunday',
      result: { day: '2026-01-11' },
    });
    expect(await detail(outcome.id)).toMatchObject({ stateName: 'NoSession', stateMessage: 'A Sunday' });
  });

  it('is one run however often its id is asked for', async () => {
    const id = '0b9f0f7e-95f5-4dd5-a1c4-1c1a9d3f0001';
    const handles = await Promise.all([1, 2, 3].map(() => engine.run('diamond', { n: 3 }, { id })));
    const outcomes = await Promise.all(handles.map((handle) => handle.result()));
    expect(outcomes.map((outcome) => outcome.result)).toEqual([48, 48, 48]);
    const again = await engine.run('diamond', { n: 3 }, { id });
    expect(await again.result()).toMatchObject({ result: 48 });
    const run = await detail(id);
    expect(run.runCount).toBe(1);
    expect(run.taskRuns.flatMap((taskRun) => taskRun.attempts)).toHaveLength(5);
    await expect(engine.run('diamond', { n: 4 }, { id })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(engine.run('diamond', { n: 4 }, { id: 'seven' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('waits for tasks that its flow did not wait for', async () => {
    const outcome = await outcomeOf('forgetful');
    expect(outcome).toMatchObject({ state: 'COMPLETED', result: 'did not wait' });
    const states = (await detail(outcome.id)).taskRuns.map((taskRun) => [taskRun.name, taskRun.stateType]);
    expect(states.sort()).toEqual([
      ['double', 'COMPLETED'],
      ['flaky', 'FAILED'],
    ]);
  });

  it('refuses tasks outside a flow and inside a task', async () => {
    await expect(double({ n: 1 })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: /double.*outside a flow/ });
    await expect(child({ n: 1 })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: /child.*outside a flow/ });
    expect(await outcomeOf('nested-flow')).toMatchObject({
      state: 'FAILED',
      error: { code: 'INVALID_INPUT', message: expect.stringMatching(/double.*inside the task nested/) },
    });
  });
});

describe('attempts', () => {
  async function attemptsOf(failures: string[]) {
    const outcome = await outcomeOf('flaky-flow', { failures });
    const run = await detail(outcome.id);
    const taskRun = run.taskRuns[0];
    const states = run.states.filter((state) => state.runId === taskRun?.id).map((state) => state.name);
    return { outcome, run, attempts: taskRun?.attempts ?? [], states };
  }

  it('back off and succeed', async () => {
    const { outcome, attempts, states } = await attemptsOf(['backoff', 'plain']);
    expect(outcome).toMatchObject({ state: 'COMPLETED', result: { attempts: 3 } });
    expect(attempts.map((attempt) => attempt.stateType)).toEqual(['FAILED', 'FAILED', 'COMPLETED']);
    expect(attempts[0]?.error).toMatchObject({ code: 'BLOCKED', message: 'failure 1', context: { bytes: 'a\uFFFDb' } });
    expect(attempts[1]?.error).toMatchObject({ code: 'INTERNAL', message: 'not one of ours' });
    expect(attempts[1]?.error?.stack).toContain('engine.test.ts');
    expect(attempts[0]?.retryWaitMs).toBeLessThanOrEqual(2);
    expect(attempts[1]?.retryWaitMs).toBeGreaterThanOrEqual(2);
    expect(states).toEqual(['Running', 'AwaitingRetry', 'Retrying', 'AwaitingRetry', 'Retrying', 'Completed']);
  });

  it('wait as long as the error asks', async () => {
    const { outcome, attempts } = await attemptsOf(['after']);
    expect(outcome.state).toBe('COMPLETED');
    expect(attempts[0]?.retryWaitMs).toBe(7);
  });

  it('stop at once when the error says never, and the error survives', async () => {
    const { outcome, run, attempts, states } = await attemptsOf(['never']);
    const error = { code: 'BLOCKED', message: 'failure 1', hint: 'wait', retry: 'never' };
    expect(outcome).toMatchObject({ state: 'FAILED', stateName: 'Failed', message: 'failure 1', error });
    expect(attempts).toHaveLength(1);
    expect(states).toEqual(['Running', 'Failed']);
    expect(run).toMatchObject({ stateType: 'FAILED', stateMessage: 'failure 1', error });
    expect(run.taskRuns[0]).toMatchObject({ stateType: 'FAILED', error });
  });

  it('end when none is left', async () => {
    const { outcome, attempts } = await attemptsOf(['backoff', 'backoff', 'backoff']);
    expect(outcome).toMatchObject({ state: 'FAILED', message: 'failure 3' });
    expect(attempts).toHaveLength(3);
  });

  it('have a time limit, which fires their signal', async () => {
    const { outcome, attempts } = await attemptsOf(['hang']);
    expect(outcome).toMatchObject({ state: 'COMPLETED', result: { attempts: 2 } });
    expect(attempts[0]?.error).toMatchObject({ code: 'TIMEOUT', retry: 'backoff' });
  });
});

describe('hooks', () => {
  it('hear of the end; one that fails is logged and changes nothing', async () => {
    seen.length = 0;
    const good = await engine.run('flaky-flow', { failures: [] });
    expect(await good.result()).toMatchObject({ state: 'COMPLETED' });
    await outcomeOf('flaky-flow', { failures: ['never'] });
    expect(seen).toEqual([
      ['onCompletion', good.name, 'COMPLETED'],
      ['onFailure', 'BLOCKED'],
    ]);
    const logs = await engine.runs.logs(good.id);
    expect(logs.map((line) => line.message)).toContain('A hook failed: hook broke');
  });
});

describe('cancel', () => {
  it.each([false, true])('signals a running task (that ignores it: %s)', async (stubborn) => {
    seen.length = 0;
    const begun = taskBegun();
    const handle = await engine.run('waiting-flow', { stubborn });
    await begun;
    expect(await engine.cancel(handle.id, 'changed my mind')).toBe(true);
    expect(await handle.result()).toMatchObject({
      state: 'CANCELLED',
      message: expect.stringContaining('changed my mind'),
    });
    expect(seen).toEqual(['signal']);
    const run = await detail(handle.id);
    expect(run.states.filter((state) => state.kind === 'flow').map((state) => state.name)).toEqual([
      'Pending',
      'Running',
      'Cancelling',
      'Cancelled',
    ]);
    expect(run.taskRuns).toMatchObject([{ stateType: 'CANCELLED', attempts: [{ stateType: 'CANCELLED' }] }]);
    expect(await engine.cancel(handle.id)).toBe(false);
  });

  it('ends a wait between attempts', async () => {
    const handle = await engine.run('retrying-flow');
    const awaiting = new Promise<void>((resolve) => {
      const unsubscribe = engine.events.subscribe((event) => {
        if (event.type !== 'task_run' || event.state.name !== 'AwaitingRetry') return;
        unsubscribe();
        resolve();
      });
    });
    await awaiting;
    await engine.cancel(handle.id);
    expect(await handle.result()).toMatchObject({ state: 'CANCELLED' });
    expect((await detail(handle.id)).taskRuns).toMatchObject([
      { stateType: 'CANCELLED', attempts: [{ attempt: 1, stateType: 'FAILED' }] },
    ]);
  });

  it('reaches the children', async () => {
    const begun = taskBegun();
    const handle = await engine.run('waiting-parent');
    await begun;
    await engine.cancel(handle.id);
    expect(await handle.result()).toMatchObject({ state: 'CANCELLED' });
    const runs = await engine.runs.list({ flowName: 'waiting-flow', limit: 1 });
    expect(runs).toMatchObject([{ parentFlowRunId: handle.id, stateType: 'CANCELLED' }]);
  });

  it('does not know every id', async () => {
    await expect(engine.cancel('0b9f0f7e-95f5-4dd5-a1c4-1c1a9d3f0009')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('parallel tasks', () => {
  it('are cut off when one fails its flow', async () => {
    const outcome = await outcomeOf('fail-fast');
    expect(outcome).toMatchObject({ state: 'FAILED', error: { code: 'BLOCKED' } });
    const states = (await detail(outcome.id)).taskRuns.map((taskRun) => [taskRun.name, taskRun.stateType]);
    expect(states.sort()).toEqual([
      ['flaky', 'FAILED'],
      ['waiting', 'CANCELLED'],
    ]);
  });
});

describe('child flows', () => {
  it('are runs of their own', async () => {
    const outcome = await outcomeOf('parent', { ns: [1, 2, 3] });
    expect(outcome).toMatchObject({ state: 'COMPLETED', result: [2, 4, 6] });
    const children = await engine.runs.list({ flowName: 'child' });
    expect(children.map((run) => run.parentFlowRunId)).toEqual([outcome.id, outcome.id, outcome.id]);
  });

  it('hand their error to the parent whole', async () => {
    expect(await outcomeOf('parent', { ns: [-1] })).toMatchObject({
      state: 'FAILED',
      error: { code: 'MISSING', message: 'negative', hint: 'be positive', retry: { after: 5 } },
    });
  });
});

describe('child flows whose outcome is asked for', () => {
  it('tell their failure and leave the others alone', async () => {
    expect(await outcomeOf('tolerant', { ns: [1, -1, 3] })).toMatchObject({
      state: 'COMPLETED',
      result: [
        ['COMPLETED', 2],
        ['FAILED', 'MISSING'],
        ['COMPLETED', 6],
      ],
    });
  });
});

describe('parameters', () => {
  it('are checked before there is a run', async () => {
    const before = await engine.runs.list({ flowName: 'diamond' });
    const wrong = engine.run('diamond', { n: 'many', lable: 'y' });
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(wrong).rejects.toThrow(
      [
        "2 parameters of diamond can't be used:",
        '  n: got "many", expected number',
        '  lable: there is no such parameter; did you mean label?',
        'Its parameters: n (required), label (default "x").',
      ].join('\n'),
    );
    await expect(engine.run('diamond')).rejects.toThrow('n: got nothing, expected number');
    await expect(engine.run('diamont')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no flow diamont; did you mean diamond?',
    });
    expect(await engine.runs.list({ flowName: 'diamond' })).toEqual(before);
  });
});
