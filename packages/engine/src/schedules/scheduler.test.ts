import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, flows, lines, startControlPlane } from '../deployments/testing/control-plane.ts';
import type { NewSchedule } from './schedule.ts';
import { Scheduler } from './scheduler.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(() => plane.stop());
afterEach(() => plane.clear());

/** Thursday. */
const THURSDAY = '2024-07-04T06:00:00Z';
const weekdays = { cron: '30 12 * * 1-5', calendar: { sessions: 'only' } } as const;

function deploy(schedule: NewSchedule, now = THURSDAY, name = 'daily') {
  plane.now = new Date(now);
  return plane.deployments.create({
    flowName: 'bars-etl',
    name,
    version: '1.0.0',
    tags: ['nse'],
    parameters: { load: false },
    sessionParameter: 'trade_date',
    schedules: [schedule],
  });
}

function tickAt(now: string) {
  plane.now = new Date(now);
  return plane.scheduler.tick();
}

const tomorrow = (now: string) => new Date(new Date(now).getTime() + 86_400_000).toISOString();

describe('upcoming runs', () => {
  it('are there for a week, named and bound to their session', async () => {
    plane.holidays.set('2024-07-08', 'Muharram');
    const deployment = await deploy(weekdays);
    const runs = await plane.runs();
    expect(lines(runs)).toEqual([
      '07-04 12:30 Scheduled bars-2024-07-04',
      '07-05 12:30 Scheduled bars-2024-07-05',
      '07-09 12:30 Scheduled bars-2024-07-09',
      '07-10 12:30 Scheduled bars-2024-07-10',
    ]);
    expect(runs[2]).toMatchObject({
      parameters: { trade_date: '2024-07-09', load: false },
      name_given: false,
      deployment_id: deployment.id,
      deployment_version: '1.0.0',
      work_queue_id: deployment.workQueueId,
      schedule_id: deployment.schedules[0]?.id,
      idempotency_key: `schedule ${deployment.schedules[0]?.id} 2024-07-09T12:30:00.000Z`,
      tags: ['nse'],
      auto_scheduled: true,
    });
    expect(plane.said).toEqual(['work', 'deployments']);
    const [schedule] = deployment.schedules;
    if (schedule === undefined) throw new Error('the schedule is gone');
    expect(
      plane.scheduler.upcoming(schedule, 3).map(({ at, reason }) => [at.toISOString().slice(5, 10), reason]),
    ).toEqual([
      ['07-04', null],
      ['07-05', null],
      ['07-08', 'Muharram'],
    ]);
  });

  it('are topped up as time goes on, and made once however often and by however many', async () => {
    await deploy(weekdays);
    const another = new Scheduler({
      database: plane.database,
      flows,
      clock: plane.clock,
      calendar: { zone: 'Asia/Kolkata', on: () => ({ kind: 'regular', name: null }), why: () => '' },
      internalLog: () => undefined,
      notify: () => undefined,
    });
    expect(await tickAt('2024-07-04T06:00:01Z')).toMatchObject({ created: 0, dropped: 0, noSession: 0 });
    plane.now = new Date('2024-07-04T13:00:00Z');
    await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        (i % 2 === 0 ? plane.scheduler : another).materialize('00000000-0000-0000-0000-000000000000'),
      ),
    );
    await Promise.all([plane.scheduler.tick(), plane.scheduler.tick(), plane.scheduler.tick()]);
    expect(lines(await plane.runs())).toEqual([
      '07-04 12:30 Late bars-2024-07-04',
      '07-05 12:30 Scheduled bars-2024-07-05',
      '07-08 12:30 Scheduled bars-2024-07-08',
      '07-09 12:30 Scheduled bars-2024-07-09',
      '07-10 12:30 Scheduled bars-2024-07-10',
      '07-11 12:30 Scheduled bars-2024-07-11',
    ]);
  });

  it('are at least one of a rare schedule and fifty of a frequent one', async () => {
    await deploy({ cron: '0 8 1 1,4,7,10 *' }, THURSDAY, 'quarterly');
    await deploy({ cron: '* * * * *' }, THURSDAY, 'each-minute');
    const [rare, ...frequent] = (await plane.runs()).reverse();
    expect(rare?.expected_start_time.toISOString()).toBe('2024-10-01T08:00:00.000Z');
    expect(frequent).toHaveLength(50);
    // Without a session they are named when they begin: a default may be another day's by then.
    expect(rare?.name).toMatch(/^bars-etl-[0-9a-f]{8}$/);
    expect(rare?.parameters).toEqual({ load: false });
  });

  it('follow a holiday that is announced, and one that is called off', async () => {
    plane.holidays.set('2024-07-05', 'Strike');
    await deploy(weekdays);
    plane.holidays.delete('2024-07-05');
    plane.holidays.set('2024-07-09', 'Muharram');
    await plane.scheduler.calendarChanged();
    expect(await tickAt('2024-07-04T06:00:05Z')).toMatchObject({ created: 1, dropped: 1 });
    expect(lines(await plane.runs()).map((line) => line.slice(0, 5))).toEqual(['07-04', '07-05', '07-08', '07-10']);
    expect(await tickAt('2024-07-04T06:00:06Z')).toMatchObject({ created: 0, dropped: 0 });
  });
});

describe('a day without a session', () => {
  it('is recorded as NoSession when its time comes, with why, and not before', async () => {
    plane.holidays.set('2024-07-05', 'Muharram');
    await deploy(weekdays);
    expect((await tickAt('2024-07-05T12:29:59Z')).noSession).toBe(0);
    expect((await tickAt('2024-07-05T12:30:00Z')).noSession).toBe(1);
    await plane.postgres.query(`UPDATE champion.schedules SET next_check = '-infinity', decided_until = $1`, [
      new Date(THURSDAY),
    ]);
    expect((await tickAt('2024-07-05T12:30:01Z')).noSession).toBe(0);
    expect((await plane.runs())[1]).toMatchObject({
      name: 'bars-2024-07-05',
      state_type: 'COMPLETED',
      state_name: 'NoSession',
      state_message: 'no session: Muharram',
      end_time: new Date('2024-07-05T12:30:00Z'),
      start_time: null,
    });
    expect(await plane.postgres.query(`SELECT name FROM champion.states WHERE name = 'NoSession'`)).toHaveLength(1);
  });
});

describe('slots that passed while nothing ran', () => {
  const away = async (catchUp: 'all' | 'latest' | 'none') => {
    plane.holidays.set('2024-07-15', 'Muharram');
    await deploy({ ...weekdays, catchUp });
    await tickAt('2024-07-04T06:30:00Z');
    // The runs of a week were there already; those after it were not.
    await tickAt('2024-07-16T14:00:00Z');
    return lines((await plane.runs()).filter(({ expected_start_time: at }) => at < plane.now)).map((line) =>
      line.replace(/ bars-.*/, ''),
    );
  };

  it('get a run each', async () => {
    expect(await away('all')).toEqual([
      '07-04 12:30 Late',
      '07-05 12:30 Late',
      '07-08 12:30 Late',
      '07-09 12:30 Late',
      '07-10 12:30 Late',
      '07-11 12:30 Late',
      '07-12 12:30 Late',
      '07-15 12:30 NoSession',
      '07-16 12:30 Late',
    ]);
  });

  it('get a run for the last', async () => {
    expect(await away('latest')).toEqual([
      '07-04 12:30 PassedOver',
      '07-05 12:30 PassedOver',
      '07-08 12:30 PassedOver',
      '07-09 12:30 PassedOver',
      '07-10 12:30 PassedOver',
      '07-15 12:30 NoSession',
      '07-16 12:30 Late',
    ]);
    const [run] = await plane.runs();
    expect(run).toMatchObject({
      state_type: 'CANCELLED',
      state_message: 'missed while nothing ran; the schedule catches up with the latest',
    });
  });

  it('get none', async () => {
    expect((await away('none')).filter((line) => !line.includes('PassedOver'))).toEqual(['07-15 12:30 NoSession']);
  });

  it('are decided a few at a time when there are many, without losing the last', async () => {
    await deploy({ cron: '*/10 * * * *', catchUp: 'latest' });
    await plane.postgres.query('DELETE FROM champion.flow_runs');
    for (let i = 0; i < 6; i++) await tickAt('2024-07-08T06:05:00Z');
    const passed = (await plane.runs()).filter(({ expected_start_time: at }) => at < plane.now);
    expect(lines(passed).map((line) => line.slice(0, 11))).toEqual(['07-08 06:00']);
    const [{ decided_until } = { decided_until: null }] = await plane.postgres.query<{ decided_until: Date }>(
      'SELECT decided_until FROM champion.schedules',
    );
    expect(decided_until).toEqual(plane.now);
  });

  it('leave alone what a worker has begun, and what only waits for one', async () => {
    await deploy({ cron: '0 * * * *', catchUp: 'none' });
    await plane.postgres.query(
      `UPDATE champion.flow_runs SET state_type = 'RUNNING', state_name = 'Running', run_count = 1
       WHERE expected_start_time = '2024-07-04T07:00:00Z'`,
    );
    await tickAt('2024-07-04T09:01:00Z');
    expect(
      lines(await plane.runs())
        .slice(0, 3)
        .map((line) => line.split(' ')[2]),
    ).toEqual(['Running', 'PassedOver', 'Late']);
  });
});

describe('a tick', () => {
  it('marks a run late 15 s after it should have begun', async () => {
    await deploy(weekdays);
    expect((await tickAt('2024-07-04T12:30:14Z')).late).toBe(0);
    expect((await tickAt('2024-07-04T12:30:15Z')).late).toBe(1);
    expect((await tickAt('2024-07-04T12:30:16Z')).late).toBe(0);
    const states = await plane.postgres.query<{ type: string; name: string }>(
      `SELECT s.type, s.name FROM champion.states s JOIN champion.flow_runs r ON r.id = s.flow_run_id
       WHERE r.expected_start_time = '2024-07-04T12:30:00Z' ORDER BY s.id`,
    );
    expect(states).toEqual([
      { type: 'SCHEDULED', name: 'Scheduled' },
      { type: 'SCHEDULED', name: 'Late' },
    ]);
  });

  it('is not kept by a schedule that it can do nothing with', async () => {
    await deploy(weekdays, THURSDAY, 'broken');
    await deploy(weekdays, THURSDAY, 'sound');
    await plane.postgres.query(`UPDATE champion.schedules s SET cron = 'nonsense', next_check = '-infinity'
      FROM champion.deployments d WHERE d.id = s.deployment_id AND d.name = 'broken'`);
    await plane.postgres.query('DELETE FROM champion.flow_runs');
    const report = await tickAt('2024-07-04T07:00:00Z');
    expect(report.created).toBe(5);
    expect(plane.problems).toEqual(['error: A schedule could not be turned into runs']);
    await tickAt('2024-07-04T07:00:30Z');
    expect(plane.problems).toHaveLength(1);
    await tickAt('2024-07-04T07:01:00Z');
    expect(plane.problems).toHaveLength(2);
  });

  it('costs two questions when nothing is to be done', async () => {
    await deploy(weekdays);
    await tickAt('2024-07-04T07:00:00Z');
    const asked: string[] = [];
    const run = plane.database.run.bind(plane.database);
    plane.database.run = (statement, values) => {
      asked.push(statement.name);
      return run(statement, values);
    };
    await tickAt('2024-07-04T07:00:01Z');
    plane.database.run = run;
    expect(asked).toEqual(['schedules-to-check', 'flow-runs-mark-late']);
  });
});

it('knows nothing of pausing: a paused deployment or schedule is not looked at', async () => {
  const { id, schedules } = await deploy(weekdays);
  await plane.deployments.pause(id);
  expect(await plane.runs()).toEqual([]);
  expect((await tickAt(tomorrow(THURSDAY))).created).toBe(0);
  await plane.deployments.resume(id);
  // What passed while it was paused is not caught up with.
  expect(lines(await plane.runs())[0]).toBe('07-05 12:30 Scheduled bars-2024-07-05');
  await plane.deployments.updateSchedule(id, schedules[0]?.id ?? '', { active: false });
  expect(await plane.runs()).toEqual([]);
});
