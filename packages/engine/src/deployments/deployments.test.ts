import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DeploymentDefinition, deployment } from './definition.ts';
import type { DeploymentChange } from './plan.ts';
import { type ControlPlane, lines, startControlPlane } from './testing/control-plane.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(() => plane.stop());
afterEach(() => plane.clear());

const schedule = { slug: 'evening', cron: '30 12 * * 1-5', calendar: { sessions: 'only' } } as const;
const bars = (changes: Partial<Parameters<typeof deployment>[0]> = {}): DeploymentDefinition =>
  deployment({
    flow: 'bars-etl',
    name: 'bars-daily',
    version: '1.0.0',
    tags: ['nse'],
    sessionParameter: 'trade_date',
    schedules: [schedule],
    ...changes,
  });

async function stored(name = 'bars-etl/bars-daily') {
  const row = await plane.deployments.byName(name);
  if (row === undefined) throw new Error(`${name} is not there`);
  return row;
}

/** "version 1.0.0 → 2.0.0", and so on. */
function said({ action, fields, schedules, notes }: DeploymentChange): string[] {
  const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const field = ({ field: name, from, to, kept }: DeploymentChange['fields'][number]) =>
    `${name} ${show(from)} ${kept ? 'stays, not' : '→'} ${show(to)}`;
  return [
    action,
    ...fields.map(field),
    ...schedules
      .filter((each) => each.action !== 'unchanged')
      .map((each) => `schedule ${each.slug} ${each.action}${each.fields.map((one) => `, ${field(one)}`).join('')}`),
    ...notes,
  ];
}

describe('a definition', () => {
  const refused = (options: object, code = 'CONFIG') =>
    expect(() => bars(options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('bars-etl/') }),
    );

  it('is checked when it is declared', () => {
    refused({ schedules: [{ slug: 'a', cron: '0 18 * *' }] });
    refused({ schedules: [{ slug: 'a', cron: '0 18 * * *', timezone: 'Asia/Kolkatta' }] });
    refused({ schedules: [{ cron: '0 18 * * *' }] });
    refused({ schedules: [schedule, schedule] });
    refused({ concurrencyLimit: 0 });
    refused({ name: 'a/b' });
    refused({ nickname: 'x' });
  });

  it('is checked against its flow when it is planned', async () => {
    const refusal = async (options: object, message: RegExp, hint = /./) =>
      expect(plane.deployments.plan([bars(options)])).rejects.toThrow(
        expect.objectContaining({
          code: 'CONFIG',
          message: expect.stringMatching(message),
          hint: expect.stringMatching(hint),
        }),
      );
    await refusal({ flow: 'bar-etl' }, /There is no flow bar-etl/, /Did you mean bars-etl/);
    await refusal({ sessionParameter: 'tradedate' }, /no parameter tradedate/, /Did you mean trade_date/);
    await expect(plane.deployments.plan([bars({ parameters: { laod: true } })])).rejects.toThrow(/did you mean load\?/);
    await expect(plane.deployments.plan([bars({ parameters: { load: 'yes' } })])).rejects.toThrow(/expected boolean/);
    await expect(
      plane.deployments.plan([bars({ schedules: [{ ...schedule, parameters: { nn: 1 } }] })]),
    ).rejects.toThrow(/nn: there is no such parameter/);
    await expect(plane.deployments.plan([bars(), bars()])).rejects.toThrow(/declared twice/);
  });
});

describe('apply', () => {
  it('registers what code declares, once', async () => {
    plane.now = new Date('2024-07-04T06:00:00Z');
    const plan = await plane.deployments.plan([bars()]);
    expect(plan.changes.map(({ name, action }) => [name, action])).toEqual([['bars-etl/bars-daily', 'create']]);
    expect(await plane.deployments.list()).toEqual([]);
    expect(await plane.deployments.apply([bars()])).toEqual(plan);
    expect(plane.said).toEqual(['work', 'deployments']);
    const row = await stored();
    expect(row).toMatchObject({
      flowName: 'bars-etl',
      version: '1.0.0',
      tags: ['nse'],
      workPool: 'default',
      workQueue: 'default',
      sessionParameter: 'trade_date',
      paused: false,
      fromCode: true,
      schedules: [
        { slug: 'evening', cron: '30 12 * * 1-5', timezone: 'UTC', calendar: { sessions: 'only' }, active: true },
      ],
    });
    expect(await plane.runs()).toHaveLength(5);
    const again = await plane.deployments.apply([bars()]);
    expect(again.changes.map(said)).toEqual([['unchanged']]);
    expect(await stored()).toEqual(row);
    expect(plane.said).toEqual(['work', 'deployments']);
  });

  it('changes what code changed and says it field by field, runs to come included', async () => {
    plane.now = new Date('2024-07-04T06:00:00Z');
    await plane.deployments.apply([bars()]);
    const next = bars({
      version: '2.0.0',
      parameters: { load: false },
      workQueue: 'slow',
      schedules: [
        { ...schedule, cron: '0 13 * * 1-5' },
        { slug: 'late', cron: '0 20 * * 5' },
      ],
    });
    const plan = await plane.deployments.apply([next]);
    expect(plan.changes.map(said)).toEqual([
      [
        'update',
        'version 1.0.0 → 2.0.0',
        'parameters {} → {"load":false}',
        'workQueue default → slow',
        'schedule evening update, cron 30 12 * * 1-5 → 0 13 * * 1-5',
        'schedule late create, cron null → 0 20 * * 5, timezone null → UTC, dayOr null → true, calendar null → null, catchUp null → latest, parameters null → {}',
      ],
    ]);
    const runs = await plane.runs();
    expect(lines(runs).slice(0, 3)).toEqual([
      '07-04 13:00 Scheduled bars-2024-07-04',
      '07-05 13:00 Scheduled bars-2024-07-05',
      expect.stringMatching(/^07-05 20:00 Scheduled bars-etl-/),
    ]);
    expect(runs[0]).toMatchObject({ parameters: { load: false }, work_queue_id: (await stored()).workQueueId });
    expect((await stored()).workQueue).toBe('slow');
    const gone = await plane.deployments.apply([bars({ ...next, flow: 'bars-etl', schedules: [schedule] })]);
    expect(gone.changes.flatMap(said)).toContain('schedule late delete');
    expect((await plane.runs()).every(({ name }) => name.startsWith('bars-2024'))).toBe(true);
  });

  it('keeps what a person changed, and says so', async () => {
    await plane.deployments.apply([bars({ schedules: [schedule, { slug: 'late', cron: '0 20 * * 5' }] })]);
    const row = await stored();
    const [evening, late] = row.schedules;
    if (evening === undefined || late === undefined) throw new Error('the schedules are not there');
    await plane.deployments.update(row.id, { paused: true, tags: ['mine'] });
    await plane.deployments.updateSchedule(row.id, evening.id, { cron: '0 14 * * 1-5' });
    await plane.deployments.updateSchedule(row.id, late.id, { active: false });
    await plane.deployments.addSchedule(row.id, { cron: '0 9 * * 6' });
    const next = bars({
      tags: ['nse', 'bars'],
      version: '2.0.0',
      schedules: [
        { ...schedule, cron: '0 13 * * 1-5' },
        { slug: 'late', cron: '0 21 * * 5' },
      ],
    });
    const plan = await plane.deployments.apply([next]);
    expect(plan.changes.map(said)).toEqual([
      [
        'update',
        'version 1.0.0 → 2.0.0',
        'tags ["mine"] stays, not ["nse","bars"]',
        'schedule evening kept, cron 0 14 * * 1-5 stays, not 0 13 * * 1-5',
        'schedule late update, cron 0 20 * * 5 → 0 21 * * 5',
        'paused',
        'schedule late is paused',
        'schedule 0 9 * * 6 was added by hand',
      ],
    ]);
    expect(await stored()).toMatchObject({
      paused: true,
      tags: ['mine'],
      version: '2.0.0',
      schedules: [
        { slug: 'evening', cron: '0 14 * * 1-5', active: true },
        { slug: 'late', cron: '0 21 * * 5', active: false },
        { slug: null, cron: '0 9 * * 6', active: true },
      ],
    });
    expect(await plane.runs()).toEqual([]);
    await plane.deployments.deleteSchedule(row.id, evening.id);
    const after = await plane.deployments.apply([next]);
    expect(after.changes[0]?.action).toBe('unchanged');
    expect(after.changes[0]?.schedules[0]).toEqual({ slug: 'evening', action: 'kept', fields: [] });
    expect((await stored()).schedules).toHaveLength(2);
  });

  it('names what code no longer has, and leaves it and what people made', async () => {
    await plane.deployments.apply([bars(), bars({ name: 'bars-old' })]);
    await plane.deployments.create({ flowName: 'other-etl', name: 'by-hand' });
    expect((await plane.deployments.apply([bars()])).gone).toEqual(['bars-etl/bars-old']);
    expect(await plane.deployments.count()).toBe(3);
  });

  it('is all or nothing, and safe when two do it at once', async () => {
    await plane.postgres.query(`DELETE FROM champion.flows WHERE name = 'other-etl'`);
    await expect(
      plane.deployments.apply([bars(), deployment({ flow: 'other-etl', name: 'unregistered' })]),
    ).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('not registered') });
    expect(await plane.deployments.list()).toEqual([]);
    await plane.postgres.query(`INSERT INTO champion.flows VALUES ('other-etl', NULL, '{}', now(), now())`);
    await Promise.all([1, 2, 3].map(() => plane.deployments.apply([bars()])));
    expect(await plane.deployments.count()).toBe(1);
    expect((await stored()).schedules).toHaveLength(1);
    expect(await plane.runs()).toHaveLength(5);
  });
});

describe('deployments that people make', () => {
  it('are made, listed, filtered, changed and deleted', async () => {
    plane.now = new Date('2024-07-04T06:00:00Z');
    const made = await plane.deployments.create({
      flowName: 'other-etl',
      name: 'Weekly report',
      tags: ['a', 'b'],
      workQueue: 'reports',
      schedules: [{ cron: '0 9 * * 1' }],
    });
    await plane.deployments.create({ flowName: 'bars-etl', name: 'zz' });
    const names = async (filter: Parameters<typeof plane.deployments.list>[0]) =>
      (await plane.deployments.list(filter)).map(({ name }) => name);
    expect(await names({})).toEqual(['Weekly report', 'zz']);
    expect(await names({ limit: 1, offset: 1 })).toEqual(['zz']);
    expect(await names({ nameLike: 'REPORT' })).toEqual(['Weekly report']);
    expect(await names({ nameLike: '%' })).toEqual([]);
    expect(await names({ tags: ['b'] })).toEqual(['Weekly report']);
    expect(await names({ flowNames: ['bars-etl'], paused: false })).toEqual(['zz']);
    expect(await names({ workQueueIds: [made.workQueueId ?? ''] })).toEqual(['Weekly report']);
    expect(await plane.deployments.byName('other-etl/Weekly report')).toEqual(made);
    const changed = await plane.deployments.update(made.id, { description: 'x', parameters: { n: 2 }, version: null });
    expect(changed).toMatchObject({ description: 'x', parameters: { n: 2 }, tags: ['a', 'b'], workQueue: 'reports' });
    const [run] = await plane.runs();
    expect(run).toMatchObject({ parameters: { n: 2 }, expected_start_time: new Date('2024-07-08T09:00:00Z') });
    await plane.postgres.query(`INSERT INTO champion.flow_runs (id, flow_name, name, parameters, state_type, state_name,
      state_at, created_at, expected_start_time, deployment_id)
      VALUES (gen_random_uuid(), 'other-etl', 'asked for', '{}', 'SCHEDULED', 'Scheduled', now(), now(), now(), '${made.id}')`);
    await plane.deployments.delete(made.id);
    expect(await names({})).toEqual(['zz']);
    expect((await plane.runs()).map(({ name }) => name)).toEqual(['asked for']);
  });

  it('are refused with what to do', async () => {
    const { deployments } = plane;
    const { id } = await deployments.create({
      flowName: 'bars-etl',
      name: 'one',
      schedules: [{ slug: 'a', cron: '@daily' }],
    });
    const missing = '00000000-0000-0000-0000-000000000000';
    const rejects = (work: Promise<unknown>, code: string, message: RegExp) =>
      expect(work).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await rejects(deployments.create({ flowName: 'bars-etl', name: 'one' }), 'INVALID_INPUT', /one already/);
    await rejects(deployments.create({ flowName: 'bars', name: 'two' }), 'NOT_FOUND', /no flow bars/);
    await rejects(
      deployments.create({ flowName: 'bars-etl', name: 'two', workPool: 'x' }),
      'NOT_FOUND',
      /no work pool x/,
    );
    await rejects(deployments.update(missing, { version: '2' }), 'NOT_FOUND', /no deployment/);
    await rejects(deployments.update(id, { parameters: { load: 1 } }), 'INVALID_INPUT', /expected boolean/);
    await rejects(deployments.addSchedule(id, { cron: 'x' }), 'INVALID_INPUT', /not a cron expression/);
    await rejects(deployments.addSchedule(id, { slug: 'a', cron: '@daily' }), 'INVALID_INPUT', /schedule a .*already/);
    await rejects(deployments.updateSchedule(id, missing, { active: false }), 'NOT_FOUND', /has no schedule/);
    await rejects(deployments.deleteSchedule(id, missing), 'NOT_FOUND', /has no schedule/);
    const b = await deployments.addSchedule(id, { slug: 'b', cron: '@daily' });
    await rejects(deployments.updateSchedule(id, b.id, { slug: 'a' }), 'INVALID_INPUT', /schedule a .*already/);
    expect(await deployments.byName('no-slash')).toBeUndefined();
  });

  it('drop what waits when they are paused, late runs included, but not what is asked for or at work', async () => {
    plane.now = new Date('2024-07-04T06:00:00Z');
    const { id } = await plane.deployments.create({
      flowName: 'bars-etl',
      name: 'one',
      schedules: [{ cron: '0 * * * *' }],
    });
    await plane.postgres.query(`UPDATE champion.flow_runs SET state_type = 'RUNNING', run_count = 1
      WHERE expected_start_time = '2024-07-04T07:00:00Z'`);
    plane.now = new Date('2024-07-04T08:01:00Z');
    expect((await plane.deployments.pause(id)).paused).toBe(true);
    expect((await plane.runs()).map(({ state_type }) => state_type)).toEqual(['RUNNING']);
    plane.said.length = 0;
    expect((await plane.deployments.resume(id)).paused).toBe(false);
    expect((await plane.runs())[1]?.expected_start_time).toEqual(new Date('2024-07-04T09:00:00Z'));
    expect(plane.said).toEqual(['work', 'deployments']);
  });

  it('keep a run that was due when their schedule changes, and give its runs to come the new rule', async () => {
    plane.now = new Date('2024-07-04T06:00:00Z');
    const made = await plane.deployments.create({
      flowName: 'bars-etl',
      name: 'one',
      schedules: [{ cron: '0 7 * * *' }],
    });
    plane.now = new Date('2024-07-04T07:00:05Z');
    await plane.deployments.updateSchedule(made.id, made.schedules[0]?.id ?? '', { cron: '0 8 * * *' });
    expect(
      (await plane.runs()).slice(0, 3).map(({ expected_start_time }) => expected_start_time.toISOString()),
    ).toEqual(['2024-07-04T07:00:00.000Z', '2024-07-04T08:00:00.000Z', '2024-07-05T08:00:00.000Z']);
  });

  it('end as they were last changed, however changes and ticks of several servers cross', async () => {
    plane.now = new Date('2024-07-04T06:00:00Z');
    const made = await plane.deployments.create({
      flowName: 'bars-etl',
      name: 'one',
      schedules: [{ cron: '0 7 * * *' }],
    });
    const scheduleId = made.schedules[0]?.id ?? '';
    for (let hour = 8; hour < 20; hour++) {
      await plane.postgres.query(`UPDATE champion.schedules SET next_check = '-infinity'`);
      await Promise.all([
        plane.scheduler.tick(),
        plane.deployments.update(made.id, { paused: hour % 3 === 0 }),
        plane.deployments.updateSchedule(made.id, scheduleId, { cron: `0 ${hour} * * *` }),
        plane.scheduler.tick(),
        plane.deployments.update(made.id, { version: `${hour}` }),
        plane.scheduler.materialize(made.id),
      ]);
      const runs = await plane.runs();
      const now = await plane.deployments.find(made.id);
      expect(now).toMatchObject({ version: `${hour}`, schedules: [{ cron: `0 ${hour} * * *` }] });
      const hours = runs.map(({ expected_start_time, deployment_version }) => [
        expected_start_time.getUTCHours(),
        deployment_version,
      ]);
      expect(hours).toEqual(hour % 3 === 0 ? [] : Array(7).fill([hour, `${hour}`]));
    }
  });
});
