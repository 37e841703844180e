import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { givenRun } from '../testing/records.ts';
import type { Observation } from './match.ts';
import { ADD_STATE, startAlerts } from './testing/alerts.ts';

let alerts: Awaited<ReturnType<typeof startAlerts>>;
beforeAll(async () => {
  alerts = await startAlerts();
});
afterEach(() => alerts.clear());
afterAll(() => alerts?.stop());

describe('what a rule is about', () => {
  it('is runs that come into its states: types in capitals, else names', async () => {
    const { rule, tick, notifications } = alerts.server({ runUrl: (id) => `http://champion/runs/${id}` });
    await rule({ triggers: [{ type: 'run_state', states: ['FAILED', 'NoSession'] }] });
    const failed = await alerts.happen({ flowName: 'bars-etl', name: 'bars-1' }, 'Failed', 'no rows');
    await alerts.happen({ stateType: 'COMPLETED', name: 'bars-2' }, 'NoSession', 'Diwali');
    await alerts.happen({ stateType: 'COMPLETED', name: 'bars-3' });
    // One alert of a rule is sent each second.
    await tick();
    await tick();
    expect(alerts.target.at('/hook').map(({ body }) => [body.run, body.message])).toEqual(
      expect.arrayContaining([
        ['bars-1', 'no rows'],
        ['bars-2', 'Diwali'],
      ]),
    );
    await tick();
    expect(alerts.target.at('/hook')).toHaveLength(2);
    expect(await notifications.deliveries()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          status: 'delivered',
          flowRunId: failed.id,
          attempts: 1,
          responseStatus: 200,
          text: `bars-etl · Failed · bars-1\nno rows\nhttp://champion/runs/${failed.id}`,
        }),
      ]),
    );
  });

  it('is narrowed by flow, deployment and tags; child runs count where it names flows', async () => {
    const { rule, tick } = alerts.server();
    await rule({ filter: { flows: ['flow-b'] } }, '/flow');
    await rule({ filter: { tags: ['nse', 'daily'] } }, '/tags');
    await rule({ filter: { deployments: ['flow-b/daily'] } }, '/deployment');
    await rule({}, '/all');
    const parent = await alerts.happen({ name: 'parent', tags: ['nse'] });
    await alerts.happen({ name: 'child', flowName: 'flow-b', parentId: parent.id, tags: ['daily', 'x', 'nse'] });
    await alerts.query(`INSERT INTO champion.flows (name, parameters, created_at, updated_at)
      VALUES ('flow-b', '{}', now(), now())`);
    const [deployment] = await alerts.query<{ id: string }>(`
      INSERT INTO champion.deployments (flow_name, name, created_at, updated_at)
      VALUES ('flow-b', 'daily', now(), now()) RETURNING id`);
    await alerts.happen({ name: 'deployed', flowName: 'flow-b', deploymentId: deployment?.id ?? null });
    await alerts.happen({ name: 'tagged', tags: ['daily', 'x', 'nse'] });
    for (let i = 0; i < 3; i++) await tick();
    const runs = (path: string) =>
      alerts.target
        .at(path)
        .map(({ body }) => body.run)
        .sort();
    expect(runs('/flow')).toEqual(['child', 'deployed']);
    expect(runs('/tags')).toEqual(['tagged']);
    expect(runs('/deployment')).toEqual(['deployed']);
    expect(runs('/all')).toEqual(['deployed', 'parent', 'tagged']);
  });

  it('is not what happened before it was made, or while it was disabled', async () => {
    const { rule, tick, notifications } = alerts.server();
    await alerts.happen({ name: 'before' });
    alerts.pass(1_000);
    const { id } = await rule();
    await notifications.rules.update(id, { enabled: false });
    await alerts.happen({ name: 'meanwhile' });
    alerts.pass(1_000);
    await notifications.rules.update(id, { enabled: true });
    await alerts.happen({ name: 'after' });
    await tick();
    expect(alerts.target.at('/hook').map(({ body }) => body.run)).toEqual(['after']);
  });

  it('is a run that takes too long, told once: while it runs, or at its end', async () => {
    const { rule, tick } = alerts.server();
    await rule({ triggers: [{ type: 'run_duration', aboveSeconds: 600 }] });
    const running = await alerts.happen({ name: 'long', stateType: 'RUNNING', start: alerts.time.now });
    await tick();
    alerts.pass(601_000);
    await tick();
    expect(alerts.target.texts('/hook')).toEqual([expect.stringContaining('has been running for 10m 1s')]);
    await alerts.query(`UPDATE champion.flow_runs SET state_type = 'COMPLETED', end_time = $2 WHERE id = $1`, [
      running.id,
      alerts.time.now,
    ]);
    await alerts.query(ADD_STATE, [running.id, 'COMPLETED', 'Completed', null, alerts.time.now]);
    // Nobody looked while this one ran.
    const start = new Date(alerts.time.now.getTime() - 700_000);
    await alerts.happen({ name: 'missed', stateType: 'COMPLETED', start, end: alerts.time.now });
    await tick();
    await tick();
    expect(alerts.target.at('/hook').map(({ body }) => [body.run, body.duration_seconds])).toEqual([
      ['long', 601],
      ['missed', 700],
    ]);
  });

  it('is a run that is late, told once: while it waits, or when it begins', async () => {
    const { rule, tick } = alerts.server();
    await rule({ triggers: [{ type: 'run_late', afterSeconds: 120 }] });
    const due = alerts.time.now;
    const late = await alerts.happen({ name: 'waits', stateType: 'SCHEDULED', expected: due }, 'Late');
    await tick();
    expect(alerts.target.at('/hook')).toEqual([]);
    alerts.pass(121_000);
    await tick();
    await alerts.query(ADD_STATE, [late.id, 'RUNNING', 'Running', null, alerts.time.now]);
    await alerts.happen({ name: 'began', stateType: 'RUNNING', expected: due, start: alerts.time.now });
    await alerts.happen({ name: 'in time', stateType: 'RUNNING', start: alerts.time.now });
    await tick();
    await tick();
    expect(alerts.target.at('/hook').map(({ body }) => [body.run, body.kind])).toEqual([
      ['waits', 'run_late'],
      ['began', 'run_late'],
    ]);
  });

  it('is what a condition finds, told once by its key; one that fails keeps nobody from the rest', async () => {
    let found: Observation[] = [];
    const { rule, tick } = alerts.server({
      conditions: {
        broken: { look: async () => Promise.reject(new Error('the lake is away')) },
        pass_rate: { look: async () => found },
      },
    });
    await rule({ triggers: [{ type: 'condition', condition: 'broken' }] });
    await rule({ triggers: [{ type: 'condition', condition: 'pass_rate', subjects: ['bars'], below: 0.99 }] });
    const observed = (subject: string, key: string, value: number) => ({ subject, key, value, message: `${value}` });
    found = [
      observed('bars', '2026-01-09', 0.9),
      observed('bars', '2026-01-08', 1),
      observed('deals', '2026-01-09', 0),
    ];
    await tick();
    found = [...found, observed('bars', '2026-01-12', 0.5)];
    await tick();
    expect(alerts.target.at('/hook').map(({ body }) => [body.flow, body.run, body.message])).toEqual([
      ['bars', '2026-01-09', '0.9'],
      ['bars', '2026-01-12', '0.5'],
    ]);
    expect(alerts.problems.map(({ message }) => message)).toContain(
      'The condition broken of notification rules could not be looked at',
    );
  });
});

describe('what happened is noticed', () => {
  it('when it is committed after what came later', async () => {
    const { rule, tick } = alerts.server();
    await rule();
    const slow = givenRun({ name: 'slow', stateType: 'FAILED' });
    await alerts.insertRuns([slow]);
    const pool = alerts.database.pool.options.connectionString;
    const client = new pg.Client({ connectionString: pool });
    await client.connect();
    try {
      await client.query('BEGIN');
      // As all writers of states do: the run first, then its history.
      await client.query('UPDATE champion.flow_runs SET state_at = now() WHERE id = $1', [slow.id]);
      await client.query(ADD_STATE, [slow.id, 'FAILED', 'Failed', null, alerts.time.now]);
      await alerts.happen({ name: 'quick' });
      // More often than it takes to settle what nothing is open of.
      for (let i = 0; i < 5; i++) await tick();
      expect(alerts.target.at('/hook').map(({ body }) => body.run)).toEqual(['quick']);
      await client.query('COMMIT');
    } finally {
      await client.end();
    }
    await tick();
    expect(alerts.target.at('/hook').map(({ body }) => body.run)).toEqual(['quick', 'slow']);
  });

  it('when it was begun during a look, and committed after the next one', async () => {
    const { rule, tick } = alerts.server();
    await rule();
    await alerts.happen({ name: 'before' });
    await tick();
    const slow = givenRun({ name: 'slow', stateType: 'FAILED' });
    await alerts.insertRuns([slow]);
    const connect = async () => {
      const client = new pg.Client({ connectionString: alerts.database.pool.options.connectionString });
      await client.connect();
      return client;
    };
    const [holder, writer] = await Promise.all([connect(), connect()]);
    try {
      // The look has moved its mark, and now waits to read the rules.
      await holder.query('BEGIN; LOCK TABLE champion.notification_rules');
      await alerts.happen({ name: 'meanwhile' });
      const looking = tick();
      await expect
        .poll(() =>
          alerts.query(`SELECT FROM pg_locks WHERE NOT granted AND relation = 'champion.notification_rules'::regclass`),
        )
        .not.toEqual([]);
      await writer.query('BEGIN');
      await writer.query('UPDATE champion.flow_runs SET state_at = now() WHERE id = $1', [slow.id]);
      await writer.query(ADD_STATE, [slow.id, 'FAILED', 'Failed', null, alerts.time.now]);
      await alerts.happen({ name: 'quick' });
      await holder.query('COMMIT');
      await looking;
      await tick();
      await writer.query('COMMIT');
    } finally {
      await Promise.all([holder.end(), writer.end()]);
    }
    for (let i = 0; i < 5; i++) await tick();
    expect(alerts.target.at('/hook').map(({ body }) => body.run)).toEqual(['before', 'meanwhile', 'quick', 'slow']);
  });

  it('and is settled soon when no transaction is open', async () => {
    const { rule, tick } = alerts.server();
    await rule();
    await alerts.happen();
    for (let i = 0; i < 3; i++) await tick();
    expect(await alerts.query('SELECT settled_id = seen_id AS settled FROM champion.notification_cursor')).toEqual([
      { settled: true },
    ]);
  });

  it('whatever the order in which many writers commit, while two servers look', async () => {
    const servers = [alerts.server(), alerts.server()];
    await servers[0]?.rule();
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      const client = new pg.Client({ connectionString: alerts.database.pool.options.connectionString });
      await client.connect();
      for (let i = 0; i < 25; i++) {
        const run = givenRun({ name: `${writer}-${i}`, stateType: 'FAILED' });
        await client.query('BEGIN');
        await client.query(
          `INSERT INTO champion.flow_runs (id, flow_name, name, parameters, state_type, state_name, state_at, created_at,
             expected_start_time) VALUES ($1, 'f', $2, '{}', 'FAILED', 'Failed', $3, $3, $3)`,
          [run.id, run.name, alerts.time.now],
        );
        await client.query(ADD_STATE, [run.id, 'FAILED', 'Failed', null, alerts.time.now]);
        await client.query('SELECT pg_sleep(random() * 0.02)');
        await client.query('COMMIT');
      }
      await client.end();
    });
    let writing = true;
    const looking = servers.map(async ({ duty }) => {
      while (writing) await duty('alerts');
      await duty('alerts');
    });
    await Promise.all(writers);
    writing = false;
    await Promise.all(looking);
    expect(
      await alerts.query(`SELECT count(*)::integer AS made, count(DISTINCT flow_run_id)::integer AS runs
        FROM champion.notification_deliveries`),
    ).toEqual([{ made: 150, runs: 150 }]);
  });

  it('once, by however many servers', async () => {
    const servers = [alerts.server(), alerts.server(), alerts.server()];
    await servers[0]?.rule();
    for (let i = 0; i < 20; i++) await alerts.happen({ name: `run-${i}` });
    await Promise.all(servers.flatMap(({ duty }) => [duty('alerts'), duty('alerts')]));
    for (let i = 0; i < 20; i++) {
      await Promise.all(servers.map(({ duty }) => duty('delivery of alerts')));
      await Promise.all(servers.map(({ notifications }) => notifications.settled()));
    }
    const runs = alerts.target.at('/hook').map(({ body }) => body.run);
    expect(runs).toHaveLength(20);
    expect(new Set(runs).size).toBe(20);
  });

  it('in batches, after a time without a server', async () => {
    const { rule, duty, notifications } = alerts.server();
    await rule();
    const run = await alerts.happen({ stateType: 'COMPLETED' });
    await alerts.query(
      `INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, at)
       SELECT $1, 'task', gen_random_uuid(), 'COMPLETED', 'Completed', now() FROM generate_series(1, 5000)`,
      [run.id],
    );
    await alerts.happen({ name: 'last' });
    await duty('alerts');
    expect((await notifications.deliveries()).map(({ facts }) => facts.run)).toEqual(['last']);
  });
});

describe('alerts alike', () => {
  it('are sent once in the given time, and those that are not sent are counted', async () => {
    const { rule, tick, notifications } = alerts.server();
    await rule({ dedupeMinutes: 10 });
    for (const flowName of ['a', 'a', 'a', 'b']) await alerts.happen({ flowName });
    await tick();
    await tick();
    expect(alerts.target.at('/hook').map(({ body }) => [body.flow, body.suppressed])).toEqual(
      expect.arrayContaining([
        ['a', 2],
        ['b', 0],
      ]),
    );
    expect(
      (await notifications.deliveries()).map(({ status, suppressed }) => `${status} ${suppressed}`).sort(),
    ).toEqual(['delivered 0', 'delivered 2', 'suppressed 0', 'suppressed 0']);
    alerts.pass(601_000);
    alerts.target.clear();
    await alerts.happen({ flowName: 'a' });
    await tick();
    expect(alerts.target.texts('/hook')).toEqual([expect.stringContaining('(2 more alerts like this not sent)')]);
  });

  it('wait up to a thousand, and the others are dropped', async () => {
    const { rule, duty, notifications } = alerts.server();
    const { id } = await rule();
    await alerts.query(
      `INSERT INTO champion.notification_deliveries (rule_id, rule_name, event_key, facts, status, next_attempt_at,
         created_at)
       SELECT $1, 'r', 'x' || n, '{}', 'pending', 'infinity', $2 FROM generate_series(1, 1000) n`,
      [id, alerts.time.now],
    );
    await alerts.happen();
    await duty('alerts');
    expect(await notifications.deliveries({ statuses: ['dropped'] })).toEqual([
      expect.objectContaining({ error: 'too many alerts of this rule wait already' }),
    ]);
  });
});
