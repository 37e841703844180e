import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@champion/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRecords } from '../testing/records.ts';
import { Blocks, type NewBlock } from './blocks.ts';
import { SecretKey } from './secret-key.ts';
import { MASK } from './types.ts';

let records: Awaited<ReturnType<typeof startRecords>>;
let folder: string;
let keyFile: string;
let blocks: Blocks;
const SECRET_PATH = 'T00/B00/tokentokentoken';
const url = `https://hooks.slack.com/services/${SECRET_PATH}`;
const slack: NewBlock = { type: 'slack-webhook', name: 'ops', data: { url } };

function on(secretKey: SecretKey | undefined): Blocks {
  return new Blocks({ database: records.database, clock: systemClock, secretKey, policy: { allowPrivate: false } });
}

beforeAll(async () => {
  records = await startRecords();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'champion-blocks-'));
  keyFile = join(folder, 'secret.key');
  blocks = on(new SecretKey({ file: keyFile }));
});
afterEach(async () => {
  await records.query('DELETE FROM champion.notification_rules; DELETE FROM champion.blocks');
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => records?.stop());

describe('a block', () => {
  it('shows its secrets as masks, and opens for who uses it', async () => {
    const made = await blocks.create(slack);
    expect(made).toMatchObject({ type: 'slack-webhook', name: 'ops', data: { url: MASK }, usedBy: [] });
    expect(await blocks.find(made.id)).toEqual(made);
    expect(await blocks.findByName({ type: 'slack-webhook', name: 'ops' })).toEqual(made);
    expect(await blocks.open('slack-webhook/ops')).toEqual({
      type: 'slack-webhook',
      name: 'ops',
      data: { url },
      secrets: [url],
    });
    await blocks.create({ type: 'json', name: 'indices', data: { value: ['NIFTY 50', { n: 1 }, null] } });
    expect((await blocks.list()).map(({ type, data }) => [type, data])).toEqual([
      ['json', { value: ['NIFTY 50', { n: 1 }, null] }],
      ['slack-webhook', { url: MASK }],
    ]);
    expect(await blocks.list({ types: ['json'] })).toHaveLength(1);
    const [row] = await records.query<{ all: string }>(
      'SELECT b::text AS all FROM champion.blocks b WHERE key_id <> $1',
      [''],
    );
    expect(row?.all).not.toContain('hooks');
    expect(row?.all).not.toContain(await readFile(keyFile, 'utf8'));
  });

  it('keeps a secret whose mask comes back, or that is not given', async () => {
    const both = { url: 'https://example.org/alerts', secret: 'signing-secret' };
    const { id } = await blocks.create({ type: 'webhook', name: 'desk', data: both });
    const open = async () => (await blocks.open('webhook/desk')).data;
    await blocks.update(id, { url: MASK, secret: 'another-secret' });
    expect(await open()).toEqual({ ...both, secret: 'another-secret' });
    await blocks.update(id, { url: 'https://example.org/other' });
    expect(await open()).toEqual({ url: 'https://example.org/other', secret: 'another-secret' });
    expect((await blocks.update(id, { secret: null })).data).toEqual({ url: MASK });
    expect(await open()).toEqual({ url: 'https://example.org/other' });
    await blocks.update(id, { url: MASK, secret: 'signing-secret' });
    await blocks.update(id, { url: MASK }, { replace: true });
    expect(await open()).toEqual({ url: 'https://example.org/other' });
    await expect(blocks.update(id, { url: null })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('is refused when it is wrong, without repeating a secret', async () => {
    const cases: [NewBlock, string, RegExp][] = [
      [{ ...slack, type: 'slack-webhok' }, 'NOT_FOUND', /no block type/],
      [{ ...slack, name: 'Ops Team' }, 'INVALID_INPUT', /can't be the name/],
      [{ ...slack, name: 'a'.repeat(101) }, 'INVALID_INPUT', /can't be the name/],
      [{ ...slack, data: {} }, 'INVALID_INPUT', /url/],
      [{ ...slack, data: { url: MASK } }, 'INVALID_INPUT', /only a mask/],
      [{ ...slack, data: { url: `ftp://x.org/${SECRET_PATH}` } }, 'INVALID_INPUT', /begins with https/],
      [{ ...slack, data: { url: 'https://hooks.slack.com/…' } }, 'INVALID_INPUT', /masked/],
      [{ ...slack, data: { url: `http://169.254.169.254/${SECRET_PATH}` } }, 'INVALID_INPUT', /169.254/],
      [{ ...slack, data: { url, token: SECRET_PATH } }, 'INVALID_INPUT', /token/],
      [{ type: 'secret', name: 'x', data: { value: 'abc' } }, 'INVALID_INPUT', /too short/],
      [{ type: 'secret', name: 'x', data: { value: 'a'.repeat(16_385) } }, 'INVALID_INPUT', /too long/],
      [{ type: 'json', name: 'x', data: { value: 'a'.repeat(65_537) } }, 'INVALID_INPUT', /65536/],
      [{ type: 'json', name: 'x', data: {} }, 'INVALID_INPUT', /missing/],
    ];
    for (const [given, code, message] of cases) {
      const error = await blocks.create(given).then(
        () => 'made',
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(JSON.stringify(error) + String(error)).not.toContain(SECRET_PATH);
    }
    await blocks.create(slack);
    await expect(blocks.create(slack)).rejects.toMatchObject({ code: 'BUSY' });
    expect(await blocks.list()).toHaveLength(1);
  });

  it('comes no more than 200 times', async () => {
    await records.query(`INSERT INTO champion.blocks (type, name, data, secret_fields, created_at, updated_at)
      SELECT 'json', 'n' || n, '{"value":1}', '{}', now(), now() FROM generate_series(1, 200) n`);
    await expect(blocks.create(slack)).rejects.toThrow(/200 blocks already/);
  });

  it('can be deleted, unless it is not there', async () => {
    const { id } = await blocks.create(slack);
    await blocks.delete(id);
    await expect(blocks.delete(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(blocks.update(id, {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(blocks.open('slack-webhook/ops')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(blocks.open('ops')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('without the right key', () => {
  const config = (message: RegExp) =>
    expect.objectContaining({ code: 'CONFIG', message: expect.stringMatching(message) });
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => error,
    );

  it('nothing is decrypted, nothing is encrypted beside it, and no new key is made', async () => {
    const { id } = await blocks.create(slack);
    const other: NewBlock = { type: 'secret', name: 'token', data: { value: 'a-token' } };
    await rename(keyFile, `${keyFile}.away`);
    expect(await outcome(blocks.open('slack-webhook/ops'))).toEqual(config(/there is no key in /));
    expect(await outcome(blocks.create(other))).toEqual(config(/there is no key in /));
    expect(await outcome(readFile(keyFile))).toMatchObject({ code: 'ENOENT' });

    const wrong = on(new SecretKey({ file: keyFile, given: 'ab'.repeat(32) }));
    expect(await outcome(wrong.open('slack-webhook/ops'))).toEqual(config(/CHAMPION_SECRET_KEY is another/));
    expect(await outcome(wrong.create(other))).toEqual(config(/slack-webhook\/ops are encrypted with the key/));
    expect(await outcome(on(undefined).open('slack-webhook/ops'))).toEqual(config(/no key for secrets/));

    // What is there is seen all the same, and goes on once the key is back.
    expect(await wrong.list()).toHaveLength(1);
    await rename(`${keyFile}.away`, keyFile);
    expect((await blocks.open('slack-webhook/ops')).data).toEqual({ url });

    // The last block under a lost key can be given its secrets anew.
    await wrong.update(id, { url });
    expect((await wrong.open('slack-webhook/ops')).data).toEqual({ url });
    expect(await outcome(blocks.open('slack-webhook/ops'))).toEqual(config(/is another/));
  });

  it('a block without secrets is read and made', async () => {
    const keyless = on(undefined);
    await keyless.create({ type: 'json', name: 'limits', data: { value: 7 } });
    expect((await keyless.open('json/limits')).data).toEqual({ value: 7 });
  });

  it('servers that begin at once on a shared home agree on one', async () => {
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((name) => on(new SecretKey({ file: keyFile })).create({ ...slack, name })));
    const opened = await Promise.all(names.map((name) => blocks.open(`slack-webhook/${name}`)));
    expect(opened.map(({ data }) => data)).toEqual(names.map(() => ({ url })));
  });
});
