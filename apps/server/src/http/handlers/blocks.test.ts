import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChampionError } from '@champion/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../testing/api.ts';

let api: TestApi;
let received = 0;
const receiver = createServer((request, response) => {
  received++;
  request.resume().on('end', () => response.writeHead(204).end());
});
let url: string;
const typeIds: Record<string, string> = {};

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/services/secret-path`;
  api = await openTestApi();
  for (const { slug, id } of await api.client.filterBlockTypes()) typeIds[slug] = id;
});
afterAll(async () => {
  await api?.close();
  await new Promise((resolve) => receiver.close(resolve));
});

const make = (type: string, name: string, data: Record<string, unknown>) =>
  api.client.createBlockDocument({ body: { name, data, block_type_id: typeIds[type] ?? '' } });

describe('the API of blocks', () => {
  it('says what kinds there are and what each holds', async () => {
    const { client } = api;
    expect(Object.keys(typeIds).sort()).toEqual(['json', 'secret', 'slack-webhook', 'webhook']);
    const webhook = await client.readBlockType({ params: { slug: 'webhook' } });
    expect(webhook).toMatchObject({ id: typeIds.webhook, name: 'Webhook', slug: 'webhook' });
    expect(await client.filterBlockTypes({ body: { block_types: { slug: { any_: ['webhook'] } } } })).toEqual([
      webhook,
    ]);
    await expect(client.readBlockType({ params: { slug: 'slack' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [schema, ...rest] = await client.filterBlockSchemas({
      body: { block_schemas: { block_type_id: { any_: [webhook.id] } } },
    });
    expect(rest).toEqual([]);
    expect(schema).toMatchObject({
      block_type: webhook,
      capabilities: ['notify'],
      fields: {
        type: 'object',
        required: ['url'],
        secret_fields: ['url', 'secret'],
        properties: { url: { type: 'string', title: 'Address', format: 'password', writeOnly: true } },
      },
    });
    expect(await client.filterBlockSchemas()).toHaveLength(4);
  });

  it('makes, shows, changes, tests and deletes them, and never shows a secret', async () => {
    const { client } = api;
    const made = await make('webhook', 'desk', { url, secret: 'signing-secret' });
    expect(made).toMatchObject({
      name: 'desk',
      data: { url: '********', secret: '********' },
      block_type: { slug: 'webhook' },
      block_schema: { capabilities: ['notify'] },
      used_by: [],
    });
    const params = { id: made.id };
    expect(await client.readBlockDocument({ params })).toEqual(made);
    expect(await client.readBlockDocumentByName({ params: { slug: 'webhook', name: 'desk' } })).toEqual(made);
    expect(await client.readBlockTypeDocuments({ params: { slug: 'webhook' } })).toEqual([made]);
    expect(await client.filterBlockDocuments()).toEqual([made]);
    expect(await client.filterBlockDocuments({ body: { block_types: { slug: { any_: ['json'] } } } })).toEqual([]);
    const { body } = await api.ask('POST', '/api/block_documents/filter', { include_secrets: true, limit: 5 });
    expect(JSON.stringify(body)).not.toContain('secret-path');

    expect(await client.testBlockDocument({ params })).toMatchObject({ delivered: true, response_status: 204 });
    await client.updateBlockDocument({ params, body: { data: { url: '********', secret: 'another-secret' } } });
    expect(await client.testBlockDocument({ params })).toMatchObject({ delivered: true });
    expect(received).toBe(2);

    const target = { type: 'block' as const, block: 'webhook/desk' };
    const rule = await client.createNotificationRule({
      body: { name: 'failures', triggers: [{ type: 'run_state', states: ['FAILED'] }], target },
    });
    expect(rule.target).toEqual({ type: 'webhook', url: null, signed: false, block: 'webhook/desk' });
    expect(await client.testNotificationRule({ params: { id: rule.id } })).toMatchObject({ delivered: true });
    expect((await client.readBlockDocument({ params })).used_by).toEqual([
      { kind: 'notification_rule', id: rule.id, name: 'failures' },
    ]);
    await expect(client.deleteBlockDocument({ params })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'The block webhook/desk is used by the notification rule failures',
    });
    await client.deleteNotificationRule({ params: { id: rule.id } });
    await client.deleteBlockDocument({ params });
    await expect(client.readBlockDocument({ params })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says what is wrong', async () => {
    await make('json', 'indices', { value: [1] });
    await expect(make('json', 'indices', { value: [2] })).rejects.toMatchObject({ code: 'BUSY' });
    await expect(make('nothing', 'x', {})).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const unnamed = await make('json', 'Not Slug', { value: 1 }).catch((error: unknown) => error);
    expect(unnamed).toBeInstanceOf(ChampionError);
    expect(unnamed).toMatchObject({ context: { issues: [{ loc: ['body', 'name'] }] } });
    const lookup = api.client.readBlockDocumentByName({ params: { slug: 'json', name: 'indicse' } });
    await expect(lookup).rejects.toMatchObject({ code: 'NOT_FOUND', hint: 'Did you mean json/indices?' });
  });
});

describe('a request with secrets that is wrong', () => {
  const SECRET = 'T00-B00-a-secret-token';
  const address = `https://hooks.slack.com/services/${SECRET}`;
  const rule = { name: 'x', triggers: [{ type: 'run_state', states: ['FAILED'] }] };
  const id = '00000000-0000-4000-8000-000000000001';

  it.each<[string, string, string, unknown]>([
    [
      'a rule without triggers',
      'POST',
      '/notifications/rules',
      { ...rule, triggers: [], target: { type: 'slack', url: address } },
    ],
    ['a rule of no kind', 'POST', '/notifications/rules', { ...rule, target: { type: 'slak', url: address } }],
    [
      'a rule with the address in the wrong place',
      'POST',
      '/notifications/rules',
      { ...rule, target: address, url: [address] },
    ],
    [
      'a rule with another scheme',
      'POST',
      '/notifications/rules',
      { ...rule, target: { type: 'slack', url: `ftp${address}` } },
    ],
    [
      'a change of a rule',
      'PATCH',
      `/notifications/rules/${id}`,
      { enabled: 'no', target: { type: 'slack', url: address } },
    ],
    ['a block without its kind', 'POST', '/block_documents/', { name: 'ops', data: { url: address } }],
    [
      'a block with a wrong field',
      'POST',
      '/block_documents/',
      { name: 'ops', data: { uri: address }, block_type_id: 'SLACK' },
    ],
    ['a change of a block', 'PATCH', `/block_documents/${id}`, { data: [address] }],
  ])('says nothing of them: %s', async (_, method, path, given) => {
    const typed = JSON.parse(JSON.stringify(given).replace('SLACK', typeIds['slack-webhook'] ?? ''));
    const { status, body } = await api.ask(method, `/api${path}`, typed);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).not.toContain(SECRET);
  });

  it('says nothing of them when it is not even JSON, and echoes the others still', async () => {
    for (const path of ['/notifications/rules', '/block_documents/']) {
      const text = `{"url": ${address}}`;
      const answer = await api.request(`/api${path}`, {
        method: 'POST',
        body: text,
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status).toBe(422);
      expect(await answer.text()).not.toContain('hooks');
    }
    const { body } = await api.ask('POST', '/api/notifications/rules', { ...rule, name: 7, target: { type: 'slack' } });
    expect(body).toMatchObject({ request_body: { name: '********', target: { type: '********' } } });
    const plain = await api.ask('POST', '/api/flow_runs/filter', { limit: 'many' });
    expect(plain.body).toMatchObject({ request_body: { limit: 'many' } });
    expect(api.logged.join('\n')).not.toContain(SECRET);
  });
});
