import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { prune } from './retention.ts';
import { type GivenRun, givenRun, startRecords } from './testing/records.ts';

let records: Awaited<ReturnType<typeof startRecords>>;

beforeAll(async () => {
  records = await startRecords();
});
beforeEach(() => records.query('TRUNCATE champion.flow_runs, champion.logs, champion.states RESTART IDENTITY CASCADE'));
afterAll(() => records?.stop());

const DAY = 86_400_000;
const NOW = new Date('2026-11-20T00:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY);

function ended(days: number, rest: Partial<GivenRun> = {}): GivenRun {
  return givenRun({ expected: daysAgo(days), start: daysAgo(days), end: daysAgo(days), ...rest });
}

/** Each run with a task run, its attempt, three lines and two states, all of the run's time. */
async function insert(runs: readonly GivenRun[]): Promise<void> {
  await records.insertRuns(runs);
  await records.query(`
    INSERT INTO champion.task_runs (id, flow_run_id, name, dynamic_key, state_type, state_name, start_time)
    SELECT gen_random_uuid(), id, 'work', 'work-0', 'COMPLETED', 'Completed', expected_start_time FROM champion.flow_runs;
    INSERT INTO champion.task_attempts (task_run_id, attempt, state_type, start_time)
    SELECT id, 1, 'COMPLETED', start_time FROM champion.task_runs;
    INSERT INTO champion.logs (flow_run_id, level, message, at)
    SELECT id, 'info', 'line', expected_start_time FROM champion.flow_runs, generate_series(1, 3)
    ORDER BY expected_start_time;
    INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, at)
    SELECT id, 'flow', id, 'RUNNING', 'Running', expected_start_time FROM champion.flow_runs, generate_series(1, 2)
    ORDER BY expected_start_time`);
}

async function left(): Promise<string[]> {
  const rows = await records.query<{ id: string }>('SELECT id FROM champion.flow_runs');
  return rows.map(({ id }) => id).sort();
}

async function rowsIn(table: string): Promise<number> {
  const rows = await records.query<{ count: number }>(`SELECT count(*)::integer AS count FROM champion.${table}`);
  return rows[0]?.count ?? Number.NaN;
}

const idsOf = (runs: readonly GivenRun[]) => runs.map(({ id }) => id).sort();

it('takes ended families past their age, with all that is theirs, and forgets them first', async () => {
  const parent = ended(40);
  const child = ended(41, { parentId: parent.id });
  const old = [parent, child, ended(60), ended(31, { stateType: 'CANCELLED' }), ended(90, { stateType: 'FAILED' })];
  const busy = ended(50);
  const fresh = ended(50);
  const kept = [
    ended(29),
    givenRun({ expected: daysAgo(99), start: daysAgo(99), end: null, stateType: 'RUNNING' }),
    givenRun({ expected: daysAgo(99), start: null, end: null, stateType: 'SCHEDULED' }),
    // The family counts as a whole: an unfinished child, or a young one, keeps its parent and siblings.
    busy,
    ended(50, { parentId: busy.id }),
    givenRun({ expected: daysAgo(50), end: null, stateType: 'RUNNING', parentId: busy.id }),
    fresh,
    ended(2, { parentId: fresh.id }),
  ];
  await insert([...old, ...kept]);
  const forgotten: string[] = [];
  const forget = async (ids: readonly string[]) => {
    expect(await left()).toEqual(expect.arrayContaining([...ids]));
    forgotten.push(...ids);
  };
  // Smaller than what there is of anything, so that every loop goes round.
  const pruned = await prune(records.database, { flowRunsOlderThan: 30 * DAY, now: NOW, batch: 1, forget });
  expect(pruned).toEqual({ flowRuns: 5, taskRuns: 5, states: 10, logs: 15 });
  expect(await left()).toEqual(idsOf(kept));
  expect(forgotten.sort()).toEqual(idsOf(old));
  expect(await rowsIn('task_runs')).toBe(kept.length);
  expect(await rowsIn('task_attempts')).toBe(kept.length);
  expect(await rowsIn('states')).toBe(2 * kept.length);
  expect(await rowsIn('logs')).toBe(3 * kept.length);
});

it('takes lines and states of ended runs earlier, by their own age', async () => {
  const long = givenRun({ expected: daysAgo(25), start: daysAgo(25), end: null, stateType: 'RUNNING' });
  await insert([ended(20), long, ended(12), ended(3)]);
  const options = { flowRunsOlderThan: 30 * DAY, logsOlderThan: 7 * DAY, statesOlderThan: 14 * DAY, now: NOW };
  const forget = async () => expect.unreachable('no run goes');
  expect(await prune(records.database, { ...options, batch: 1, forget })).toEqual({
    flowRuns: 0,
    taskRuns: 0,
    states: 2,
    logs: 6,
  });
  expect(await rowsIn('logs')).toBe(6);
  expect(await rowsIn('states')).toBe(6);
  expect(await prune(records.database, { ...options, forget })).toMatchObject({ states: 0, logs: 0 });
});

it('leaves the records where the durable workflows can’t be forgotten, and begins nothing once told to stop', async () => {
  const run = ended(40);
  await insert([run]);
  const options = { flowRunsOlderThan: 30 * DAY, logsOlderThan: DAY, now: NOW };
  await expect(
    prune(records.database, { ...options, forget: () => Promise.reject(new Error('away')) }),
  ).rejects.toThrow('away');
  const stopped = { ...options, forget: async () => undefined, signal: AbortSignal.abort() };
  expect(await prune(records.database, stopped)).toMatchObject({ flowRuns: 0, logs: 0 });
  expect(await left()).toEqual([run.id]);
  expect(await rowsIn('logs')).toBe(3);
});
