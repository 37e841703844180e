import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAlerts } from './testing/alerts.ts';

let alerts: Awaited<ReturnType<typeof startAlerts>>;
beforeAll(async () => {
  alerts = await startAlerts();
});
afterEach(() => alerts.clear());
afterAll(() => alerts?.stop());

const HOUR = 3_600_000;

describe('to Slack', () => {
  it('goes a text, by the rule’s template, with values escaped', async () => {
    const { tick, notifications } = alerts.server();
    await notifications.rules.create({
      name: 'slack',
      triggers: [{ type: 'run_state', states: ['FAILED'] }],
      target: { type: 'slack', url: alerts.target.url('/services/T0/B0/secret') },
      template: '*{{flow}}* is {{state}}: {{message}}',
    });
    await alerts.happen({ flowName: 'bars-etl' }, 'Failed', 'close < low <!channel> & so on');
    await tick();
    expect(alerts.target.at('/services/T0/B0/secret').map(({ body }) => body)).toEqual([
      { text: '*bars-etl* is Failed: close &lt; low &lt;!channel&gt; &amp; so on' },
    ]);
  });
});

describe('to a webhook', () => {
  it('goes JSON, signed with the secret and the time', async () => {
    const { rule, tick } = alerts.server();
    await rule({ target: { type: 'webhook', url: alerts.target.url('/hook'), secret: 'very secret' } });
    const { id } = await alerts.happen({ name: 'run-1', tags: ['nse'] }, 'Failed', 'why');
    await tick();
    const [request] = alerts.target.at('/hook');
    expect(request?.body).toMatchObject({
      kind: 'run_state',
      flow: 'flow-a',
      run: 'run-1',
      flow_run_id: id,
      state: { type: 'FAILED', name: 'Failed' },
      message: 'why',
      tags: ['nse'],
      at: '2026-11-02T10:00:00.000Z',
    });
    const seconds = Date.parse('2026-11-02T10:00:00Z') / 1_000;
    const expected = createHmac('sha256', 'very secret').update(`${seconds}.${request?.raw}`).digest('hex');
    expect(request?.headers['champion-signature']).toBe(`t=${seconds},v1=${expected}`);
    expect(request?.headers['champion-delivery']).toBe(request?.body.delivery_id);
  });
});

describe('a target that does not take it', () => {
  it('is tried again after growing pauses, by another process too, and given up after 15 attempts', async () => {
    const first = alerts.server();
    await first.rule();
    alerts.target.answer('/hook', (response) => response.writeHead(503).end('try later'));
    await alerts.happen();
    await first.tick();
    await first.tick();
    expect(alerts.target.at('/hook')).toHaveLength(1);
    expect(await first.notifications.deliveries()).toEqual([
      expect.objectContaining({
        status: 'pending',
        attempts: 1,
        responseStatus: 503,
        error: 'it answered 503: try later',
      }),
    ]);
    expect(await first.notifications.counts()).toEqual({ waiting: 1, inTrouble: 1, delivered: 0, failed: 0 });
    await first.notifications.close();

    const second = alerts.server();
    const pauses: number[] = [];
    for (;;) {
      const [delivery] = await second.notifications.deliveries();
      if (delivery?.nextAttemptAt == null) break;
      const pause = delivery.nextAttemptAt.getTime() - alerts.time.now.getTime();
      pauses.push(pause);
      alerts.pass(pause);
      await second.tick();
    }
    expect(pauses).toHaveLength(14);
    for (const [i, pause] of pauses.entries()) {
      const middle = Math.min(5_000 * 2 ** i, HOUR);
      expect(pause).toBeGreaterThanOrEqual(middle * 0.8 - 1);
      expect(pause).toBeLessThanOrEqual(middle * 1.2 + 1);
    }
    const [given] = await second.notifications.deliveries();
    expect(given).toMatchObject({ status: 'failed', attempts: 15 });
    expect(alerts.problems.map(({ message }) => message)).toEqual(['An alert could not be delivered']);

    alerts.target.answer('/hook', (response) => response.end());
    await second.notifications.retry(given?.id ?? '');
    await second.tick();
    expect(await second.notifications.deliveries()).toMatchObject([{ status: 'delivered', attempts: 1, error: null }]);
    await expect(second.notifications.retry(given?.id ?? '')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('says itself when to come back', async () => {
    const { rule, tick, notifications } = alerts.server();
    await rule();
    alerts.target.answer('/hook', (response) => response.writeHead(429, { 'retry-after': '300' }).end());
    await alerts.happen();
    await tick();
    const [delivery] = await notifications.deliveries();
    const pause = (delivery?.nextAttemptAt?.getTime() ?? 0) - alerts.time.now.getTime();
    expect(pause).toBeGreaterThanOrEqual(240_000);
    expect(pause).toBeLessThanOrEqual(360_000);
  });

  it('is not tried again when that cannot help, nor followed elsewhere', async () => {
    const { rule, tick, notifications } = alerts.server();
    await rule({ name: 'gone' }, '/gone');
    await rule({ name: 'moved' }, '/moved');
    alerts.target.answer('/gone', (response) => response.writeHead(404).end(`no ${'x'.repeat(100_000)} /gone`));
    const elsewhere = alerts.target.url('/elsewhere?token=1');
    alerts.target.answer('/moved', (response) => response.writeHead(307, { location: elsewhere }).end());
    await alerts.happen();
    await tick();
    const outcomes = (await notifications.deliveries()).sort((a, b) => (a.ruleName < b.ruleName ? -1 : 1));
    expect(outcomes).toMatchObject([
      {
        status: 'failed',
        attempts: 1,
        responseStatus: 404,
        error: expect.stringMatching(/^it answered 404: no x{290,}$/),
      },
      {
        status: 'failed',
        attempts: 1,
        responseStatus: 307,
        error: expect.stringContaining('a redirect to 127.0.0.1:'),
      },
    ]);
    expect(outcomes[1]?.error).not.toContain('token');
    expect(alerts.target.at('/elsewhere?token=1')).toEqual([]);
  });

  it('and hangs holds up its own rule alone, and no longer than the time limit', async () => {
    const { rule, duty, notifications } = alerts.server({ timeoutMs: 300 });
    await rule({ name: 'hangs' }, '/hangs');
    await rule({ name: 'well' }, '/well');
    alerts.target.answer('/hangs', () => undefined);
    await alerts.happen();
    await duty('alerts');
    const [hanging, well] = [alerts.target.arrival('/hangs'), alerts.target.arrival('/well')];
    await duty('delivery of alerts');
    await Promise.all([hanging, well]);
    await notifications.settled();
    const deliveries = await notifications.deliveries();
    expect(deliveries.find(({ ruleName }) => ruleName === 'hangs')).toMatchObject({
      status: 'pending',
      attempts: 1,
      error: 'no answer within 0.3 s',
    });
    expect(deliveries.find(({ ruleName }) => ruleName === 'well')).toMatchObject({ status: 'delivered' });
  });

  it('and stops in mid-answer has said its status', async () => {
    const { rule, tick, notifications } = alerts.server({ timeoutMs: 300 });
    await rule();
    alerts.target.answer('/hook', (response) => void response.writeHead(500).write('broken'));
    await alerts.happen();
    await tick();
    expect(await notifications.deliveries()).toMatchObject([
      { status: 'pending', responseStatus: 500, error: 'it answered 500: broken' },
    ]);
  });

  it('and is not there, is said so', async () => {
    const { rule, tick, notifications } = alerts.server();
    await rule({ target: { type: 'webhook', url: 'http://127.0.0.1:1/x' } });
    await alerts.happen();
    await tick();
    expect(await notifications.deliveries()).toMatchObject([
      { status: 'pending', responseStatus: null, error: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  it('and hangs while the server stops, is sent to again by the next one', async () => {
    const first = alerts.server();
    await first.rule();
    alerts.target.answer('/hook', () => undefined);
    await alerts.happen();
    await first.duty('alerts');
    const arrived = alerts.target.arrival('/hook');
    await first.duty('delivery of alerts');
    await arrived;
    await first.notifications.close();
    expect(await first.notifications.deliveries()).toMatchObject([{ status: 'pending', attempts: 0 }]);
    alerts.target.answer('/hook', (response) => response.end());
    const second = alerts.server();
    await second.tick();
    expect(await second.notifications.deliveries()).toMatchObject([{ status: 'delivered', attempts: 1 }]);
  });

  it('because its process died, waits for the end of the lease', async () => {
    const { rule, duty, tick, notifications } = alerts.server();
    await rule();
    await alerts.happen();
    await duty('alerts');
    await alerts.query(
      `UPDATE champion.notification_deliveries
       SET attempts = 1, last_attempt_at = $1::timestamptz, next_attempt_at = $1::timestamptz + interval '60 s'`,
      [alerts.time.now],
    );
    const [delivery] = await notifications.deliveries();
    await expect(notifications.retry(delivery?.id ?? '')).rejects.toMatchObject({ code: 'BUSY' });
    await tick();
    expect(alerts.target.at('/hook')).toEqual([]);
    alerts.pass(60_000);
    await tick();
    expect(await notifications.deliveries()).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });
});

describe('in quiet hours', () => {
  // It is 15:30 in India.
  const quietHours = { zone: 'Asia/Kolkata', from: '15:00', to: '16:00' };

  it('alerts are held, and delivered afterwards', async () => {
    const { rule, tick, notifications } = alerts.server();
    await rule({ quietHours });
    await alerts.happen();
    await tick();
    expect(await notifications.deliveries()).toMatchObject([
      { status: 'held', nextAttemptAt: new Date('2026-11-02T10:30:00Z') },
    ]);
    alerts.pass(30 * 60_000);
    await tick();
    expect(await notifications.deliveries()).toMatchObject([{ status: 'delivered' }]);
  });

  it('alerts are dropped when the rule says so, and can be sent by hand', async () => {
    const { rule, tick, notifications } = alerts.server();
    await rule({ quietHours: { ...quietHours, meanwhile: 'drop' } });
    await alerts.happen();
    await tick();
    const [delivery] = await notifications.deliveries();
    expect(delivery).toMatchObject({ status: 'dropped', error: 'it came in the quiet hours' });
    await notifications.retry(delivery?.id ?? '');
    await tick();
    expect(await notifications.deliveries()).toMatchObject([{ status: 'delivered' }]);
  });

  it('alerts that were to be tried again then are held too', async () => {
    const { rule, tick, notifications } = alerts.server();
    await rule({ quietHours: { ...quietHours, from: '15:31' } });
    alerts.target.answer('/hook', (response) => response.writeHead(500).end());
    await alerts.happen();
    await tick();
    alerts.pass(60_000);
    await tick();
    expect(await notifications.deliveries()).toMatchObject([{ status: 'held', attempts: 1 }]);
  });
});

describe('a test', () => {
  it('is sent at once, recorded, and answered with what happened', async () => {
    const { rule, notifications } = alerts.server();
    const { id } = await rule({ name: 'mine', quietHours: { zone: 'UTC', from: '00:00', to: '23:59' } });
    expect(await notifications.test(id)).toMatchObject({ delivered: true, status: 200, error: null });
    alerts.target.answer('/hook', (response) => response.writeHead(403).end('invalid_token'));
    const report = await notifications.test(id);
    expect(report).toMatchObject({ delivered: false, status: 403, error: 'it answered 403: invalid_token' });
    expect(report.text).toContain('This is a test of the rule mine.');
    expect((await notifications.deliveries({ ruleId: id })).map(({ status }) => status).sort()).toEqual([
      'delivered',
      'failed',
    ]);
  });
});

describe('records of deliveries', () => {
  it('go after their time, but not while they wait', async () => {
    const { rule, tick, notifications } = alerts.server({ keepMs: HOUR });
    await rule({}, '/well');
    await rule({ name: 'ill' }, '/ill');
    alerts.target.answer('/ill', (response) => response.writeHead(500).end());
    await alerts.happen();
    await tick();
    alerts.pass(2 * HOUR);
    expect(await notifications.prune()).toBe(1);
    expect(await notifications.deliveries()).toMatchObject([{ ruleName: 'ill' }]);
  });
});
