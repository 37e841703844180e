import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StateType } from '../states.ts';
import { type GivenRun, givenRun, startRecords } from '../testing/records.ts';
import type { FlowRunFilter } from './flow-run-filter.ts';
import { stateId } from './flow-run-rows.ts';
import type { FlowRunSort } from './flow-run-sort.ts';
import { FlowRunReader } from './flow-runs.ts';

let records: Awaited<ReturnType<typeof startRecords>>;
let reader: FlowRunReader;
/** By flow name and by deployment id, which the tests share. */
let flowIds: Map<string, string>;
let deploymentIds: string[];
let queues: { id: string; name: string; poolId: string; poolName: string }[];

beforeAll(async () => {
  records = await startRecords();
  reader = new FlowRunReader(records.database);
  const flows = await records.query<{ id: string; name: string }>(
    `INSERT INTO champion.flows (name, parameters, created_at, updated_at)
     SELECT name, '{}', now(), now() FROM unnest(ARRAY['flow-a', 'flow-b']) AS name RETURNING id, name`,
  );
  flowIds = new Map(flows.map(({ id, name }) => [name, id]));
  await records.query(`INSERT INTO champion.work_pools (name, created_at, updated_at) VALUES ('other', now(), now())`);
  await records.query(`INSERT INTO champion.work_queues (work_pool_id, name, created_at, updated_at)
    SELECT id, 'slow', now(), now() FROM champion.work_pools`);
  queues = await records.query(`SELECT q.id, q.name, p.id AS "poolId", p.name AS "poolName"
    FROM champion.work_queues q JOIN champion.work_pools p ON p.id = q.work_pool_id ORDER BY p.name, q.name`);
  deploymentIds = (
    await records.query<{ id: string }>(
      `INSERT INTO champion.deployments (flow_name, name, created_at, updated_at)
       SELECT 'flow-a', name, now(), now() FROM unnest(ARRAY['daily', 'weekly']) AS name RETURNING id`,
    )
  ).map(({ id }) => id);
});
beforeEach(() => records.query('TRUNCATE champion.flow_runs CASCADE'));
afterAll(() => records?.stop());

const STATES: readonly (readonly [StateType, string])[] = [
  ['SCHEDULED', 'Scheduled'],
  ['SCHEDULED', 'Late'],
  ['RUNNING', 'Running'],
  ['COMPLETED', 'Completed'],
  ['COMPLETED', 'NoSession'],
  ['COMPLETED', 'Failed'],
  ['FAILED', 'Failed'],
];
const TAGS = ['nse', 'daily', 'rare'];
const KEYS = ['k1', 'k2', 'k3'];
const PART = ['', 'a', 'A_', '%', '\\', 'Foo', 'foo-1', 'o-2'];
const NAMES = ['Foo-1', 'foo-2', 'a_b', 'axb', '10%', 'back\\slash', 'Zed'];

const minute = fc.integer({ min: 0, max: 20 }).map((n) => new Date(Date.UTC(2026, 10, 1, 10, n)));
const some = <T>(values: readonly T[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.subarray([...values], { minLength: 1 }) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
  );
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });
const window = fc.record({ from: minute, to: minute }, { requiredKeys: [] });

function arbitraryRuns() {
  const run = fc.record({
    id: fc.uuid(),
    flowName: fc.constantFrom('flow-a', 'flow-b', 'unregistered'),
    name: fc.constantFrom(...NAMES),
    state: fc.constantFrom(...STATES),
    expected: minute,
    start: maybe(minute),
    end: maybe(minute),
    deploymentId: maybe(fc.constantFrom(...deploymentIds)),
    workQueueId: maybe(fc.constantFrom(...queues.map(({ id }) => id))),
    tags: some(TAGS),
    parent: maybe(fc.nat(30)),
    key: maybe(fc.constantFrom(...KEYS)),
  });
  return fc.uniqueArray(run, { minLength: 10, maxLength: 30, selector: ({ id }) => id }).map((runs) => {
    const taken = new Set<string>();
    return runs.map(({ state: [stateType, stateName], parent, key, ...rest }, i): GivenRun => {
      const inUse = key === null || taken.has(`${rest.flowName} ${key}`);
      taken.add(`${rest.flowName} ${key}`);
      const parentId = parent === null ? null : (runs[parent % (i + 1)]?.id ?? null);
      const family = { parentId: parentId === rest.id ? null : parentId, idempotencyKey: inUse ? null : key };
      return givenRun({ ...rest, ...family, stateType, stateName });
    });
  });
}

function arbitraryFilter(runs: readonly GivenRun[]): fc.Arbitrary<FlowRunFilter> {
  const ids = runs.map(({ id }) => id);
  const parts: { [Key in keyof FlowRunFilter]-?: fc.Arbitrary<NonNullable<FlowRunFilter[Key]>> } = {
    ids: some(ids),
    flowNames: some(['flow-a', 'flow-b', 'unregistered']),
    flowIds: some([...flowIds.values()]),
    deploymentIds: some(deploymentIds),
    workQueueIds: some(queues.map(({ id }) => id)),
    workQueueNames: some(['default', 'slow', 'none']),
    workPoolIds: some(queues.map(({ poolId }) => poolId)),
    workPoolNames: some(['default', 'other']),
    stateTypes: some<StateType>(['SCHEDULED', 'RUNNING', 'COMPLETED', 'FAILED']),
    stateNames: some(['Late', 'NoSession', 'Failed', 'Completed', 'Unheard']),
    exceptStateNames: some(['Late', 'Scheduled', 'Completed', 'Unheard']),
    allTags: some(TAGS),
    anyTags: some(TAGS),
    names: some(NAMES),
    nameContains: fc.constantFrom(...PART),
    hasParent: fc.boolean(),
    parentIds: some(ids),
    expectedStart: window,
    start: window,
    end: window,
    scheduleIds: fc.constant([]),
    idempotencyKeys: some(KEYS),
  };
  // More at a time would leave hardly a run.
  return fc
    .subarray(Object.keys(parts) as (keyof FlowRunFilter)[], { minLength: 1, maxLength: 3 })
    .chain((keys) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, parts[key]]))),
    ) as fc.Arbitrary<FlowRunFilter>;
}

/** The filter as anybody would read its description. */
function fits(run: GivenRun, filter: FlowRunFilter): boolean {
  const queue = queues.find(({ id }) => id === run.workQueueId);
  const among = (value: string | null | undefined, list: readonly string[] | undefined) =>
    list === undefined || (value != null && list.includes(value));
  const inside = (at: Date | null, span: { from?: Date; to?: Date } | undefined) =>
    span === undefined ||
    (at !== null && (span.from === undefined || at >= span.from) && (span.to === undefined || at <= span.to));
  return (
    among(run.id, filter.ids) &&
    among(run.flowName, filter.flowNames) &&
    among(flowIds.get(run.flowName), filter.flowIds) &&
    among(run.deploymentId, filter.deploymentIds) &&
    among(queue?.id, filter.workQueueIds) &&
    among(queue?.name, filter.workQueueNames) &&
    among(queue?.poolId, filter.workPoolIds) &&
    among(queue?.poolName, filter.workPoolNames) &&
    among(run.stateType, filter.stateTypes) &&
    among(run.stateName, filter.stateNames) &&
    filter.exceptStateNames?.includes(run.stateName) !== true &&
    (filter.allTags ?? []).every((tag) => run.tags.includes(tag)) &&
    (filter.anyTags === undefined || filter.anyTags.some((tag) => run.tags.includes(tag))) &&
    among(run.name, filter.names) &&
    run.name.toLowerCase().includes((filter.nameContains ?? '').toLowerCase()) &&
    (filter.hasParent === undefined || (run.parentId !== null) === filter.hasParent) &&
    among(run.parentId, filter.parentIds) &&
    inside(run.expected, filter.expectedStart) &&
    inside(run.start, filter.start) &&
    inside(run.end, filter.end) &&
    among(run.scheduleId, filter.scheduleIds) &&
    among(run.idempotencyKey, filter.idempotencyKeys)
  );
}

const LAST = Number.POSITIVE_INFINITY;
const KEY_OF: Record<FlowRunSort, (run: GivenRun) => string | number> = {
  idDesc: (run) => run.id,
  startTimeAsc: (run) => (run.start ?? run.expected).getTime(),
  startTimeDesc: (run) => (run.start ?? run.expected).getTime(),
  expectedStartAsc: (run) => run.expected.getTime(),
  expectedStartDesc: (run) => run.expected.getTime(),
  nameAsc: (run) => run.name,
  nameDesc: (run) => run.name,
  nextScheduledAsc: (run) => run.expected.getTime(),
  endTimeDesc: (run) => run.end?.getTime() ?? LAST,
};

function sorted(runs: readonly GivenRun[], sort: FlowRunSort): string[] {
  const key = KEY_OF[sort];
  const sign = sort.endsWith('Desc') ? -1 : 1;
  const compare = <T extends string | number>(a: T, b: T) => (a < b ? -sign : a > b ? sign : 0);
  return runs
    .filter((run) => sort !== 'nextScheduledAsc' || run.stateType === 'SCHEDULED')
    .sort((a, b) => compare(key(a), key(b)) || compare(a.id, b.id))
    .map(({ id }) => id);
}

describe('lists of flow runs', () => {
  it('have what the filter says, in the order of the sort, page by page', async () => {
    const sorts = Object.keys(KEY_OF) as FlowRunSort[];
    const scene = arbitraryRuns().chain((runs) =>
      fc.record({
        runs: fc.constant(runs),
        asked: fc.array(
          fc.record({
            filter: arbitraryFilter(runs),
            sort: fc.constantFrom(...sorts),
            limit: fc.integer({ min: 1, max: 12 }),
            offset: fc.nat(3),
          }),
          { minLength: 20, maxLength: 20 },
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(scene, async ({ runs, asked }) => {
        await records.query('TRUNCATE champion.flow_runs CASCADE');
        await records.insertRuns(runs);
        for (const { filter, sort, limit, offset } of asked) {
          const fitting = runs.filter((run) => fits(run, filter));
          const expected = sorted(fitting, sort);
          const first = await reader.list(filter, { sort, limit, offset });
          const seen = first.rows.map(({ id }) => id);
          for (let { next } = first; next !== undefined; ) {
            const page = await reader.list(filter, { sort, limit, after: next });
            seen.push(...page.rows.map(({ id }) => id));
            next = page.next;
          }
          expect(seen).toEqual(expected.slice(offset));
          expect(await reader.count(filter, 5)).toEqual({
            count: Math.min(fitting.length, 5),
            capped: fitting.length > 5,
          });
          const byState = await reader.countByState(filter);
          expect(byState.COMPLETED.count).toBe(fitting.filter((run) => run.stateType === 'COMPLETED').length);
        }
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('say all there is about a run', async () => {
    const queue = queues.find(({ name, poolName }) => name === 'slow' && poolName === 'other');
    const [deploymentId = ''] = deploymentIds;
    const parent = givenRun();
    const run = givenRun({ parentId: parent.id, deploymentId, workQueueId: queue?.id ?? null, tags: ['nse'] });
    await records.insertRuns([parent, run]);
    const { rows } = await reader.list({ ids: [run.id] });
    expect(rows).toEqual([
      {
        id: run.id,
        flowName: 'flow-a',
        flowId: flowIds.get('flow-a'),
        name: run.name,
        parameters: {},
        stateId: stateId(run.id, { type: 'COMPLETED', name: 'Completed', at: run.end ?? new Date(0) }),
        stateType: 'COMPLETED',
        stateName: 'Completed',
        stateMessage: null,
        stateAt: run.end,
        parentFlowRunId: parent.id,
        runCount: 0,
        createdAt: expect.any(Date),
        expectedStartTime: run.expected,
        nextScheduledStartTime: null,
        startTime: run.start,
        endTime: run.end,
        totalRunTime: 60,
        deploymentId,
        deploymentName: 'daily',
        deploymentVersion: null,
        workQueueId: queue?.id,
        workQueueName: 'slow',
        workPoolId: queue?.poolId,
        workPoolName: 'other',
        scheduleId: null,
        idempotencyKey: null,
        tags: ['nse'],
        autoScheduled: false,
        createdBy: null,
        executorId: null,
        retryOf: null,
        restartFrom: null,
      },
    ]);
    expect(await reader.find(run.id)).toEqual({ ...rows[0], result: null, error: null });
    expect(await reader.find(deploymentId)).toBeUndefined();
  });

  it('refuse a cursor of another list', async () => {
    await records.insertRuns([givenRun(), givenRun()]);
    const { next = '' } = await reader.list({}, { limit: 1 });
    await expect(reader.list({}, { after: next, sort: 'nameAsc' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(reader.list({}, { after: '17' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 1, 10, minutes));

describe('sums of flow runs', () => {
  it('make a history, by state or in detail', async () => {
    await records.insertRuns([
      givenRun({ expected: at(0), start: at(1), end: at(3) }),
      givenRun({ expected: at(5), start: at(5), end: at(6), stateName: 'NoSession' }),
      givenRun({ expected: at(9), start: null, end: null, stateType: 'SCHEDULED', stateName: 'Late' }),
      givenRun({ expected: at(10), start: at(10), end: null, stateType: 'RUNNING' }),
      givenRun({ expected: at(20) }),
    ]);
    const asked = { from: at(0), to: at(20), intervalSeconds: 600, now: at(12) };
    expect(await reader.history(asked)).toEqual([
      {
        from: at(0),
        to: at(10),
        complete: true,
        states: [
          { type: 'COMPLETED', name: 'Completed', count: 2, runTime: 0, lateness: 0 },
          { type: 'SCHEDULED', name: 'Scheduled', count: 1, runTime: 0, lateness: 0 },
        ],
      },
      {
        from: at(10),
        to: at(20),
        complete: true,
        states: [{ type: 'RUNNING', name: 'Running', count: 1, runTime: 0, lateness: 0 }],
      },
    ]);
    const detail = await reader.history({ ...asked, detail: true, filter: { flowNames: ['flow-a'] } });
    expect(detail[0]?.states).toEqual([
      { type: 'COMPLETED', name: 'Completed', count: 1, runTime: 120, lateness: 60 },
      { type: 'COMPLETED', name: 'NoSession', count: 1, runTime: 60, lateness: 0 },
      { type: 'SCHEDULED', name: 'Late', count: 1, runTime: 0, lateness: 180 },
    ]);
    expect(detail[1]?.states).toEqual([{ type: 'RUNNING', name: 'Running', count: 1, runTime: 120, lateness: 0 }]);
    expect((await reader.history({ ...asked, maximum: 1 })).map(({ complete }) => complete)).toEqual([false, false]);
    expect((await reader.history({ ...asked, maximum: 2 })).map(({ complete }) => complete)).toEqual([false, true]);
    await expect(reader.history({ ...asked, intervalSeconds: 1 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(reader.history({ ...asked, to: at(0) })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('give the latest runs of each flow and deployment, and the next', async () => {
    const [daily = '', weekly = ''] = deploymentIds;
    const runs = [1, 2, 3].map((n) => givenRun({ expected: at(n), deploymentId: daily }));
    const scheduled = [9, 8].map((n) =>
      givenRun({ expected: at(n), start: null, end: null, stateType: 'SCHEDULED', deploymentId: daily }),
    );
    await records.insertRuns([...runs, ...scheduled]);
    const latest = [runs[2]?.id, runs[1]?.id];
    const ofFlows = await reader.latestOfFlows(['flow-a', 'flow-b'], 2);
    expect(ofFlows.get('flow-a')?.map(({ id }) => id)).toEqual(latest);
    expect(ofFlows.get('flow-b')).toEqual([]);
    const ofDeployments = await reader.latestOfDeployments([daily, weekly], 2);
    expect(ofDeployments.get(daily)?.map(({ id }) => id)).toEqual(latest);
    const next = await reader.nextOfFlows(['flow-a', 'flow-b']);
    expect([...next].map(([flow, run]) => [flow, run.id])).toEqual([['flow-a', scheduled[1]?.id]]);
  });
});
