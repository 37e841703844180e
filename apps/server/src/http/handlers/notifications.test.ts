import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../testing/api.ts';

let api: TestApi;
/** Bodies that came to the webhook, and how it answers. */
const received: Record<string, unknown>[] = [];
let status = 200;
const webhook = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  received.push(JSON.parse(Buffer.concat(chunks).toString()));
  response.writeHead(status).end();
});
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/services/secret-path`;
  api = await openTestApi();
});
afterAll(async () => {
  await api?.close();
  await new Promise((resolve) => webhook.close(resolve));
});

const failed = { type: 'run_state' as const, states: ['FAILED', 'CRASHED'] };

describe('the API of notifications', () => {
  it('makes, shows, changes and deletes rules, and never shows where they lead', async () => {
    const { client } = api;
    const made = await client.createNotificationRule({
      body: {
        name: 'failures',
        triggers: [failed, { type: 'run_duration', above_seconds: 600 }, { type: 'run_late' }],
        target: { type: 'webhook', url, secret: 'signing-secret' },
        quiet_hours: { zone: 'Asia/Kolkata', from: '22:00', to: '07:00' },
        filter: { flows: ['bars-etl'] },
      },
    });
    expect(made).toMatchObject({
      name: 'failures',
      enabled: true,
      triggers: [failed, { type: 'run_duration', above_seconds: 600 }, { type: 'run_late', after_seconds: 60 }],
      filter: { flows: ['bars-etl'], deployments: [], tags: [], child_runs: true },
      target: { type: 'webhook', url: `${new URL(url).origin}/…`, signed: true },
      template: null,
      quiet_hours: { meanwhile: 'hold', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
      dedupe_minutes: 10,
      from_environment: false,
      last_delivery: null,
    });
    const params = { id: made.id };
    const changed = await client.updateNotificationRule({ params, body: { enabled: false, quiet_hours: null } });
    expect(changed).toMatchObject({ enabled: false, quiet_hours: null, triggers: made.triggers });
    expect(await client.readNotificationRule({ params })).toEqual(changed);
    expect(await client.listNotificationRules()).toEqual([changed]);
    const { body } = await api.ask('GET', '/api/notifications/rules');
    expect(JSON.stringify(body)).not.toContain('secret-');
    await client.deleteNotificationRule({ params });
    await expect(client.readNotificationRule({ params })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says what is wrong with a rule', async () => {
    const target = { type: 'slack' as const, url };
    const create = (body: object) =>
      api.client.createNotificationRule({ body: { name: 'x', triggers: [failed], target, ...body } });
    await expect(create({ template: '{{flwo}}' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      hint: expect.stringContaining('Did you mean {{flow}}?'),
    });
    await expect(create({ triggers: [] })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(create({ target: { type: 'slack', url: 'http://169.254.169.254/' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('169.254.169.254'),
    });
  });

  it('tests a rule, tells of a run that failed, and sends again what was not taken', async () => {
    const { client, plane } = api;
    const target = { type: 'webhook' as const, url };
    const { id } = await client.createNotificationRule({
      body: { name: 'all', triggers: [{ type: 'run_state', states: ['CANCELLED'] }], target },
    });
    expect(await client.testNotificationRule({ params: { id } })).toMatchObject({
      delivered: true,
      response_status: 200,
      error: null,
      text: expect.stringContaining('This is a test'),
    });
    status = 404;
    const run = await client.runFlow({ params: { name: 'bars-etl' }, body: { name: 'unwanted' } });
    await plane.control.cancel(run.id, 'not needed');
    plane.startDuties();
    const delivery = async () => {
      const list = await client.listNotificationDeliveries({ query: { rule: id } });
      return list.find(({ kind }) => kind === 'run_state');
    };
    // The suite's own time limit is the end of it.
    while ((await delivery())?.status !== 'failed') await sleep(50);
    const given = await delivery();
    expect(given).toMatchObject({
      flow: 'bars-etl',
      run: 'unwanted',
      flow_run_id: run.id,
      state_name: 'Cancelled',
      attempts: 1,
      response_status: 404,
    });
    status = 200;
    await client.retryNotificationDelivery({ params: { id: given?.id ?? '' } });
    while ((await delivery())?.status !== 'delivered') await sleep(50);
    expect(received.at(-1)).toMatchObject({ kind: 'run_state', run: 'unwanted', rule: { id, name: 'all' } });
    expect(await client.readNotificationRule({ params: { id } })).toMatchObject({
      last_delivery: { id: given?.id, status: 'delivered' },
    });
    expect(await client.listNotificationDeliveries({ query: { status: 'failed' } })).toEqual([]);
  });
});
