import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunReader } from '../records/run-reader.ts';
import { givenRun, startRecords } from '../testing/records.ts';

let records: Awaited<ReturnType<typeof startRecords>>;
let reader: RunReader;

beforeAll(async () => {
  records = await startRecords();
  reader = new RunReader(records.database);
});
beforeEach(() => records.query('TRUNCATE champion.flow_runs, champion.flows, champion.logs RESTART IDENTITY CASCADE'));
afterAll(() => records?.stop());

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 1, 10, 0, seconds));

async function insertTask(
  flowRunId: string,
  task: { name: string; state: string; stateName?: string; start: Date; end?: Date; parents?: string[]; id?: string },
): Promise<string> {
  const id = task.id ?? randomUUID();
  await records.query(
    `INSERT INTO champion.task_runs (id, flow_run_id, name, dynamic_key, state_type, state_name, attempts, parents,
       start_time, end_time) VALUES ($1, $2, $3, $3 || '-0', $4, $5, 1, $6, $7, $8)`,
    [
      id,
      flowRunId,
      task.name,
      task.state,
      task.stateName ?? task.state,
      task.parents ?? [],
      task.start,
      task.end ?? null,
    ],
  );
  return id;
}

async function insertState(flowRunId: string, runId: string, type: string, name: string, when: Date): Promise<void> {
  await records.query(
    `INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [flowRunId, flowRunId === runId ? 'flow' : 'task', runId, type, name, when],
  );
}

describe('task runs', () => {
  it('are listed by filter, with the state they are in and since when', async () => {
    const run = givenRun();
    await records.insertRuns([run]);
    const fetch = await insertTask(run.id, { name: 'fetch', state: 'COMPLETED', start: at(0), end: at(4) });
    const parse = await insertTask(run.id, {
      name: 'parse',
      state: 'SCHEDULED',
      stateName: 'AwaitingRetry',
      start: at(5),
      parents: [fetch],
    });
    await records.query(
      `INSERT INTO champion.task_attempts (task_run_id, attempt, state_type, start_time, end_time)
       VALUES ($1, 1, 'CRASHED', $2, $3), ($1, 2, 'FAILED', $3, $4)`,
      [parse, at(5), at(6), at(7)],
    );
    await insertState(run.id, parse, 'RUNNING', 'Running', at(5));
    await insertState(run.id, parse, 'SCHEDULED', 'AwaitingRetry', at(7));

    const ids = async (filter: Parameters<typeof reader.taskRuns.list>[0]) =>
      (await reader.taskRuns.list(filter)).map(({ id }) => id);
    expect(await ids({ flowRunIds: [run.id] })).toEqual([parse, fetch]);
    expect(await ids({ stateTypes: ['COMPLETED'] })).toEqual([fetch]);
    expect(await ids({ stateNames: ['AwaitingRetry'] })).toEqual([parse]);
    expect(await ids({ nameContains: 'ARS' })).toEqual([parse]);
    expect(await ids({ names: ['fetch'], start: { to: at(4) } })).toEqual([fetch]);
    expect(await ids({ ids: [] })).toEqual([]);
    expect(await reader.taskRuns.list({}, { order: 'asc', limit: 1, offset: 1 })).toMatchObject([{ id: parse }]);
    expect(await reader.taskRuns.count({ flowRunIds: [run.id] }, 1)).toEqual({ count: 1, capped: true });

    const detail = await reader.taskRuns.find(parse);
    expect(detail).toMatchObject({ stateAt: at(7), attempts: [{ attempt: 1 }, { attempt: 2 }], parents: [fetch] });
    expect((await reader.states.ofTaskRun(parse)).at(-1)?.id).toBe(detail?.stateId);
    expect(await reader.flowRuns.countTaskRuns([run.id])).toEqual(new Map([[run.id, 2]]));
    const asked = { from: at(0), to: at(10), intervalSeconds: 5 };
    expect(await reader.taskRuns.countByBucket(asked)).toEqual([
      { from: at(0), to: at(5), counts: { COMPLETED: 1 }, complete: true },
      { from: at(5), to: at(10), counts: { SCHEDULED: 1 }, complete: true },
    ]);
  });
});

describe('the graph of a run', () => {
  it('has its task runs and child runs, with edges both ways', async () => {
    const run = givenRun({ start: at(0), end: at(9), expected: at(0) });
    const child = givenRun({ parentId: run.id, name: 'the child', start: at(3), end: at(8), expected: at(3) });
    await records.insertRuns([run, child]);
    const fetch = await insertTask(run.id, { name: 'fetch', state: 'COMPLETED', start: at(1), end: at(2) });
    const parents = [fetch, randomUUID()];
    const parse = await insertTask(run.id, { name: 'parse', state: 'COMPLETED', start: at(4), end: at(5), parents });
    await insertState(run.id, run.id, 'RUNNING', 'Running', at(0));
    expect(await reader.graph(run.id)).toEqual({
      startTime: at(0),
      endTime: at(9),
      nodes: [
        {
          id: fetch,
          kind: 'task-run',
          label: 'fetch',
          stateType: 'COMPLETED',
          startTime: at(1),
          endTime: at(2),
          parents: [],
          children: [parse],
        },
        {
          id: child.id,
          kind: 'flow-run',
          label: 'the child',
          stateType: 'COMPLETED',
          startTime: at(3),
          endTime: at(8),
          parents: [],
          children: [],
        },
        {
          id: parse,
          kind: 'task-run',
          label: 'parse',
          stateType: 'COMPLETED',
          startTime: at(4),
          endTime: at(5),
          parents: [fetch],
          children: [],
        },
      ],
      rootIds: [fetch, child.id],
      states: [{ id: expect.any(String), type: 'RUNNING', name: 'Running', message: null, at: at(0) }],
      truncated: false,
    });
    expect(await reader.graph(randomUUID())).toBeUndefined();
  });
});

describe('log lines', () => {
  const [one, two] = [givenRun(), givenRun()];
  let task: string;

  beforeEach(async () => {
    await records.insertRuns([one, two]);
    task = await insertTask(two.id, { name: 'fetch', state: 'COMPLETED', start: at(0) });
    // Ids 1 to 12, the runs in turn.
    await records.query(
      `INSERT INTO champion.logs (flow_run_id, task_run_id, level, message, at)
       SELECT CASE WHEN n % 2 = 1 THEN $1::uuid ELSE $2::uuid END, CASE WHEN n = 4 THEN $3::uuid END,
         CASE WHEN n % 6 = 0 THEN 'error' WHEN n % 3 = 0 THEN 'warn' ELSE 'info' END,
         CASE WHEN n = 10 THEN '100% of a_b' ELSE 'line ' || n END, $4::timestamptz + n * interval '1 second'
       FROM generate_series(1, 12) AS n`,
      [one.id, two.id, task, at(0)],
    );
  });

  async function ids(...asked: Parameters<typeof reader.logLines.list>): Promise<number[]> {
    return (await reader.logLines.list(...asked)).lines.map(({ id }) => id);
  }

  it('are found by run, task, level, text and time', async () => {
    expect(await ids({ flowRunIds: [one.id] })).toEqual([1, 3, 5, 7, 9, 11]);
    expect(await ids({ flowRunIds: [two.id, one.id] }, { order: 'desc', limit: 3 })).toEqual([12, 11, 10]);
    expect(await ids({ taskRunIds: [task] })).toEqual([4]);
    expect(await ids({ taskRunIds: [task], flowRunIds: [one.id] })).toEqual([]);
    expect(await ids({ minimumLevel: 30 })).toEqual([3, 6, 9, 12]);
    expect(await ids({ minimumLevel: 40, flowRunIds: [one.id, two.id] })).toEqual([6, 12]);
    expect(await ids({ text: '0% OF A_' })).toEqual([10]);
    expect(await ids({ at: { from: at(3), to: at(4) } })).toEqual([3, 4]);
    expect(await ids({ flowRunIds: [] })).toEqual([]);
    expect((await reader.logLines.tail({}, 2)).map(({ id }) => id)).toEqual([11, 12]);
    expect((await reader.logLines.list({ flowRunIds: [two.id] })).lines[1]).toEqual({
      id: 4,
      flowRunId: two.id,
      taskRunId: task,
      level: 'info',
      levelNumber: 20,
      message: 'line 4',
      fields: null,
      at: at(4),
    });
  });

  it('are read page by page, in either order, with and without a search', async () => {
    for (const filter of [{}, { flowRunIds: [one.id, two.id] }, { minimumLevel: 30 }]) {
      for (const order of ['asc', 'desc'] as const) {
        const whole = await ids(filter, { order });
        const paged: number[] = [];
        let after: number | undefined;
        do {
          const page = await reader.logLines.list(filter, {
            order,
            limit: 3,
            ...(after === undefined ? {} : { after }),
          });
          paged.push(...page.lines.map(({ id }) => id));
          after = page.next;
        } while (after !== undefined);
        expect(paged).toEqual(whole);
      }
    }
    expect(await ids({}, { offset: 2, limit: 3 })).toEqual([3, 4, 5]);
  });

  it('are looked through a piece at a time', async () => {
    await records.query(
      `INSERT INTO champion.logs (flow_run_id, level, message, at)
       SELECT $1, 'info', 'more', now() FROM generate_series(1, 20000)`,
      [one.id],
    );
    const first = await reader.logLines.list({ text: 'line 2' }, { order: 'desc' });
    expect(first).toEqual({ lines: [], next: 13 });
    const { lines, next } = await reader.logLines.list({ text: 'line 2' }, { order: 'desc', after: first.next ?? 0 });
    expect([lines.map(({ id }) => id), next]).toEqual([[2], undefined]);
  });
});

describe('flows', () => {
  it('are listed, found and counted', async () => {
    const [a, b] = await records.query<{ id: string; name: string }>(
      `INSERT INTO champion.flows (name, parameters, tags, created_at, updated_at)
       VALUES ('a-flow', '{}', '{nse}', $1, $1), ('b-flow', '{}', '{nse,gold}', $2, $2) RETURNING id, name`,
      [at(0), at(1)],
    );
    await records.query(
      `INSERT INTO champion.deployments (flow_name, name, created_at, updated_at)
       SELECT 'a-flow', name, now(), now() FROM unnest(ARRAY['x', 'y']) AS name`,
    );
    const names = async (...asked: Parameters<typeof reader.flows.list>) =>
      (await reader.flows.list(...asked)).map(({ name }) => name);
    expect(await names()).toEqual(['a-flow', 'b-flow']);
    expect(await names({}, { sort: 'createdDesc', limit: 1 })).toEqual(['b-flow']);
    expect(await names({}, { sort: 'nameDesc', offset: 1 })).toEqual(['a-flow']);
    expect(await names({ nameContains: 'B-F' })).toEqual(['b-flow']);
    expect(await names({ allTags: ['nse', 'gold'] })).toEqual(['b-flow']);
    expect(await names({ anyTags: ['nse', 'other'] })).toEqual(['a-flow', 'b-flow']);
    expect(await reader.flows.count({ names: ['a-flow', 'c-flow'] })).toBe(1);
    expect(await reader.flows.find(a?.id ?? '')).toMatchObject({ name: 'a-flow', tags: ['nse'] });
    expect(await reader.flows.findByName('b-flow')).toMatchObject({ id: b?.id });
    expect(await reader.flows.findByName('c-flow')).toBeUndefined();
    expect(await reader.flows.countDeployments([a?.id ?? '', b?.id ?? ''])).toEqual(
      new Map([
        [a?.id, 2],
        [b?.id, 0],
      ]),
    );
  });
});
