import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seal, unseal } from './seal.ts';
import { SecretKey } from './secret-key.ts';

const HEX = '00112233445566778899aabbccddeeff'.repeat(2);
const BASE64 = Buffer.from(HEX, 'hex').toString('base64');

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'champion-key-'));
  file = join(folder, 'secret.key');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the key', () => {
  it('is made once, for this user alone, by however many ask for it at once', async () => {
    const keys = await Promise.all([1, 2, 3].map(() => new SecretKey({ file }).findOrMake()));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await readFile(file, 'utf8'), 'base64')).toHaveLength(32);
    expect(await new SecretKey({ file: join(folder, 'none') }).find()).toBeUndefined();
  });

  it('can be given in base64 or hex, and goes before the file then', async () => {
    const [hex, base64] = await Promise.all([HEX, BASE64].map((given) => new SecretKey({ file, given }).find()));
    expect(hex?.bytes).toHaveLength(32);
    expect(hex).toEqual(base64);
    expect(() => new SecretKey({ file, given: 'too-short' })).toThrow(/CHAMPION_SECRET_KEY can't be used/);
  });

  it('is not used when others may read it, or when it is none', async () => {
    const other = join(folder, 'other.key');
    await writeFile(other, HEX);
    await chmod(other, 0o640);
    const found = new SecretKey({ file: other }).find();
    await expect(found).rejects.toMatchObject({ code: 'CONFIG', hint: `Run: chmod 600 ${other}` });
    await chmod(other, 0o600);
    await writeFile(other, 'not a key');
    await expect(new SecretKey({ file: other }).findOrMake()).rejects.toMatchObject({ code: 'CONFIG' });
    expect(await readFile(other, 'utf8')).toBe('not a key');
  });
});

describe('sealed fields', () => {
  const key = { id: 'x', bytes: Buffer.from(HEX, 'hex') };

  it('come back, are never the same twice, and show nothing', () => {
    const fields = { url: 'https://hooks.slack.com/services/ab', secret: '₹ & "quotes"' };
    const sealed = seal(fields, 'webhook/ops', key);
    expect(unseal(sealed, 'webhook/ops', key)).toEqual(fields);
    expect(seal(fields, 'webhook/ops', key)).not.toBe(sealed);
    expect(Buffer.from(sealed.split('.')[1] ?? '', 'base64').toString()).not.toContain('slack');
  });

  it('are refused as those of another block, under another key, or changed by a bit', () => {
    const sealed = seal({ value: 'a-secret' }, 'secret/a', key);
    const damaged = expect.objectContaining({ code: 'CORRUPT' });
    const attempt = (what: () => unknown): unknown => {
      try {
        return what();
      } catch (error) {
        return error;
      }
    };
    expect(attempt(() => unseal(sealed, 'secret/b', key))).toEqual(damaged);
    expect(attempt(() => unseal(sealed, 'secret/a', { id: 'y', bytes: Buffer.alloc(32, 1) }))).toEqual(damaged);
    const bytes = Buffer.from(sealed.slice(3), 'base64');
    for (const at of [0, 20, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(attempt(() => unseal(`v1.${changed.toString('base64')}`, 'secret/a', key))).toEqual(damaged);
    }
    expect(attempt(() => unseal('v1.', 'secret/a', key))).toEqual(damaged);
  });
});
