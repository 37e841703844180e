import { PassThrough } from 'node:stream';
import type { BlockDocument, BlockSchema, BlockType, Handlers } from '@champion/contract';
import { ChampionError } from '@champion/core';
import { afterEach, describe, expect, it } from 'vitest';
import { champion } from '../../testing/champion.ts';
import { type FakeServer, startFakeServer } from '../../testing/fake-server.ts';
import { ID } from '../../testing/records.ts';

const AT = '2026-01-12T12:30:00Z';
const URL_ = 'https://hooks.slack.com/services/a-secret-token';
const typeIds = {
  'slack-webhook': '00000000-0000-4000-8000-000000000001',
  webhook: '00000000-0000-4000-8000-000000000002',
  json: '00000000-0000-4000-8000-000000000003',
};
type Slug = keyof typeof typeIds;

function aType(slug: Slug): BlockType {
  const about = { logo_url: null, documentation_url: null, code_example: null, is_protected: true };
  return { id: typeIds[slug], created: AT, updated: AT, name: slug, slug, description: `About ${slug}`, ...about };
}
function aSchema(slug: Slug, names: readonly string[], secrets: readonly string[]): BlockSchema {
  const properties = Object.fromEntries(names.map((name) => [name, { title: name.toUpperCase() }]));
  return {
    id: ID,
    created: AT,
    updated: AT,
    checksum: '',
    fields: { type: 'object', properties, required: [names[0]], secret_fields: secrets },
    block_type_id: typeIds[slug],
    block_type: aType(slug),
    capabilities: [],
    version: '1.0.0',
  };
}
const schemas = [
  aSchema('slack-webhook', ['url'], ['url']),
  aSchema('webhook', ['url', 'secret'], ['url', 'secret']),
  aSchema('json', ['value'], []),
];
function aBlock(slug: Slug, name: string, data: Record<string, unknown>): BlockDocument {
  return {
    id: ID,
    created: AT,
    updated: AT,
    name,
    data,
    block_schema_id: ID,
    block_schema: null,
    block_type_id: typeIds[slug],
    block_type_name: slug,
    block_type: aType(slug),
    block_document_references: {},
    is_anonymous: false,
    used_by: [{ kind: 'notification_rule', id: ID, name: 'failures' }],
  };
}
const ops = aBlock('slack-webhook', 'ops', { url: '********' });

let server: FakeServer | undefined;
let sent: unknown[] = [];
afterEach(async () => {
  await server?.close();
  sent = [];
});

async function serve(blocks: readonly BlockDocument[] = [], more: Partial<Handlers> = {}): Promise<void> {
  server = await startFakeServer({
    filterBlockSchemas: async () => schemas,
    filterBlockDocuments: async () => blocks,
    readBlockTypeDocuments: async ({ params }) => blocks.filter(({ block_type }) => block_type.slug === params.slug),
    readBlockDocumentByName: async ({ params }) => {
      const found = blocks.find(({ name }) => name === params.name);
      if (found === undefined) throw new ChampionError('There is no block', { code: 'NOT_FOUND' });
      return found;
    },
    createBlockDocument: async ({ body }) => {
      sent.push(body);
      return ops;
    },
    updateBlockDocument: async ({ body }) => {
      sent.push(body);
    },
    deleteBlockDocument: async () => undefined,
    ...more,
  });
}

const ask = (args: readonly string[], stdin = '') =>
  champion(['block', ...args, '--api-url', server?.url ?? ''], {}, { stdin });

describe('champion block', () => {
  it('lists, shows and explains', async () => {
    await serve([ops, aBlock('json', 'indices', { value: ['NIFTY 50'] })]);
    expect((await ask(['ls'])).stdout).toMatch(/slack-webhook\/ops .* rule failures\n/);
    expect(JSON.parse((await ask(['ls', '--type', 'json', '-o', 'json'])).stdout)).toMatchObject([{ name: 'indices' }]);
    expect((await ask(['inspect', 'slack-webhook/ops'])).stdout).toMatch(/url +\*{8}\n/);
    expect((await ask(['inspect', 'json/indices'])).stdout).toContain('["NIFTY 50"]');
    expect((await ask(['types'])).stdout).toMatch(
      /webhook +url \(secret\), secret \(secret, optional\) +About webhook/,
    );
    expect(await ask(['inspect', 'ops'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('slack-webhook/ops'),
    });
    expect((await ask(['delete', 'slack-webhook/ops'])).stdout).toBe('Deleted block slack-webhook/ops\n');
  });

  it('makes and changes blocks with secrets from standard input', async () => {
    await serve([ops]);
    expect((await ask(['set', 'slack-webhook/new'], `${URL_}\n`)).stdout).toBe('Created block slack-webhook/new\n');
    expect((await ask(['set', 'slack-webhook/ops'], URL_)).stdout).toBe('Changed block slack-webhook/ops\n');
    await ask(['set', 'webhook/desk'], JSON.stringify({ url: URL_, secret: 's' }));
    await ask(['set', 'webhook/plain'], URL_);
    await ask(['set', 'json/indices', '-f', 'value=["NIFTY 50"]']);
    await ask(['set', 'json/words'], 'some words');
    expect(sent).toEqual([
      { name: 'new', data: { url: URL_ }, block_type_id: typeIds['slack-webhook'] },
      { data: { url: URL_ }, merge_existing_data: true },
      { name: 'desk', data: { url: URL_, secret: 's' }, block_type_id: typeIds.webhook },
      { name: 'plain', data: { url: URL_ }, block_type_id: typeIds.webhook },
      { name: 'indices', data: { value: ['NIFTY 50'] }, block_type_id: typeIds.json },
      { name: 'words', data: { value: 'some words' }, block_type_id: typeIds.json },
    ]);
  });

  it('takes no secret from the command line, and does not repeat it', async () => {
    await serve([ops]);
    for (const field of [`url=${URL_}`, URL_, `uri=${URL_}`]) {
      const { code, stdout, stderr } = await ask(['set', 'slack-webhook/ops', '-f', field]);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain('a-secret-token');
    }
    expect(await ask(['set', 'slack-webhook/ops'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing'),
    });
    expect(await ask(['set', 'slack/ops'], URL_)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There are'),
    });
    expect(sent).toEqual([]);
  });

  it('asks at a terminal, without showing what is typed', async () => {
    await serve();
    const typed = [URL_, ''];
    const terminal: PassThrough = Object.assign(new PassThrough(), {
      isTTY: true,
      // A prompt begins with it: somebody types once it is there.
      setRawMode: (on: boolean) => {
        if (on) setImmediate(() => terminal.write(`${typed.shift() ?? ''}\r`));
      },
    });
    const { code, stdout, stderr } = await champion(
      ['block', 'set', 'webhook/desk', '--api-url', server?.url ?? ''],
      {},
      { stdin: terminal },
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Created block webhook/desk\n' });
    expect(stderr).toMatch(/^URL \(not shown\): \nSECRET \(not shown, Enter leaves it out\): \n$/);
    expect(sent).toEqual([{ name: 'desk', data: { url: URL_ }, block_type_id: typeIds.webhook }]);
  });

  it('tests a webhook, and says by its exit code what came of it', async () => {
    let delivered = true;
    await serve([ops], {
      testBlockDocument: async () => ({
        delivered,
        response_status: delivered ? 200 : 404,
        error: delivered ? null : 'it answered 404',
        duration_ms: 12,
        text: '',
      }),
    });
    expect(await ask(['test', 'slack-webhook/ops'])).toMatchObject({ code: 0, stdout: expect.stringContaining('200') });
    delivered = false;
    expect(await ask(['test', 'slack-webhook/ops'])).toMatchObject({ code: 1, stderr: expect.stringContaining('404') });
  });
});
