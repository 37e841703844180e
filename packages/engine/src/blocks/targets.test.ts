import { rename } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAlerts } from '../notifications/testing/alerts.ts';

let alerts: Awaited<ReturnType<typeof startAlerts>>;
beforeAll(async () => {
  alerts = await startAlerts();
});
afterEach(() => alerts.clear());
afterAll(() => alerts?.stop());

const ops = { type: 'block', block: 'slack-webhook/ops' } as const;
const slackAt = (path: string) => ({ type: 'slack-webhook', name: 'ops', data: { url: alerts.target.url(path) } });

describe('a rule whose target is a block', () => {
  it('sends where the block says at the time, and does not say where', async () => {
    const { rule, tick, notifications } = alerts.server();
    const { id } = await alerts.blocks.create(slackAt('/services/first-secret'));
    const made = await rule({ target: ops });
    expect(made.target).toEqual({ type: 'slack', url: null, signed: false, block: 'slack-webhook/ops' });
    expect(JSON.stringify(await notifications.rules.list())).not.toContain('first-secret');
    await alerts.happen({ flowName: 'bars-etl' });
    await tick();
    expect(alerts.target.texts('/services/first-secret')).toEqual([expect.stringContaining('*bars-etl*')]);
    await alerts.blocks.update(id, { url: alerts.target.url('/services/second-secret') });
    await alerts.happen();
    await tick();
    expect(alerts.target.at('/services/second-secret')).toHaveLength(1);
  });

  it('signs with the secret of the block, and keeps what the receiver says back clean', async () => {
    const { rule, notifications } = alerts.server();
    const data = { url: alerts.target.url('/secret-path-of-desk'), secret: 'signing-secret' };
    const block = await alerts.blocks.create({ type: 'webhook', name: 'desk', data });
    alerts.target.answer('/secret-path-of-desk', (response) =>
      response.writeHead(500).end('POST /secret-path-of-desk with signing-secret'),
    );
    const { id } = await rule({ target: { type: 'block', block: 'webhook/desk' } });
    const report = await notifications.test(id);
    expect(report).toMatchObject({ delivered: false, status: 500, error: 'it answered 500: POST … with …' });
    expect(await notifications.testBlock(block)).toMatchObject({
      delivered: false,
      status: 500,
      text: expect.stringContaining('This is a test of the block webhook/desk'),
    });
    expect(alerts.target.at('/secret-path-of-desk')[0]?.headers['champion-signature']).toMatch(/^t=\d+,v1=/);
    expect(await notifications.deliveries()).toHaveLength(1);
    const json = await alerts.blocks.create({ type: 'json', name: 'x', data: { value: 1 } });
    await expect(notifications.testBlock(json)).rejects.toThrow(/Nothing can be sent/);
  });

  it('needs a block that is there and that something can be sent to', async () => {
    const { rule } = alerts.server();
    await expect(rule({ target: ops })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(rule({ target: { type: 'block', block: 'ops' } })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(rule({ target: { type: 'block', block: 'secret/ops' } })).rejects.toThrow(/nothing can be sent/);
  });

  it('keeps the block from being deleted, by name, also while the rule is just being made', async () => {
    const { rule, notifications } = alerts.server();
    const { id } = await alerts.blocks.create(slackAt('/services/x'));
    const { id: ruleId } = await rule({ name: 'failures', target: ops });
    await expect(alerts.blocks.delete(id)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'The block slack-webhook/ops is used by the notification rule failures',
    });
    expect((await alerts.blocks.find(id))?.usedBy).toEqual([
      { kind: 'notification_rule', id: ruleId, name: 'failures' },
    ]);
    await notifications.rules.delete(ruleId);
    const settled = await Promise.allSettled([rule({ target: ops }), alerts.blocks.delete(id)]);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('says that the key is missing, and sends once it is back', async () => {
    const { rule, tick, notifications } = alerts.server();
    await alerts.blocks.create(slackAt('/services/y'));
    await rule({ target: ops });
    await rename(alerts.keyFile, `${alerts.keyFile}.away`);
    await alerts.happen();
    await tick();
    expect(await notifications.deliveries()).toEqual([
      expect.objectContaining({ status: 'pending', error: expect.stringContaining('there is no key in'), text: '' }),
    ]);
    await rename(`${alerts.keyFile}.away`, alerts.keyFile);
    alerts.pass(60_000);
    await tick();
    expect(alerts.target.at('/services/y')).toHaveLength(1);
  });
});
