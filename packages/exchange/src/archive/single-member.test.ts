import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { ChampionError } from '@champion/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../testing/zips.ts';
import { readSingleMember } from './single-member.ts';

const CSV = 'SYMBOL,SERIES,OPEN\nRELIANCE,EQ,3100.05\n';
const fileName = 'cm10JUL2024bhav.csv.zip';

async function failureOf(bytes: Uint8Array, options: { maxBytes?: number; maxRatio?: number } = {}) {
  const outcome = await readSingleMember(bytes, { fileName, ...options }).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(ChampionError);
  const error = outcome as ChampionError;
  expect(error).toMatchObject({ code: 'CORRUPT', retry: 'never', context: { file: fileName } });
  expect(error.message.startsWith(`${fileName} `)).toBe(true);
  return error.message.slice(fileName.length + 1);
}

describe('a zip with one file', () => {
  it.each([
    ['deflated', 8],
    ['stored', 0],
  ])('gives its name and bytes (%s)', async (_how, method) => {
    const member = await readSingleMember(zipOf({ name: 'cm10JUL2024bhav.csv', data: CSV, method }), { fileName });
    expect(member.name).toBe('cm10JUL2024bhav.csv');
    expect(Buffer.from(member.bytes).toString()).toBe(CSV);
  });

  it('may hold it in nested folders, with entries of their own', async () => {
    const zip = zipOf({ name: 'home/', method: 0 }, { name: 'home/user\\cm13JUL2020bhav.csv', data: CSV });
    expect((await readSingleMember(zip, { fileName })).name).toBe('home/user/cm13JUL2020bhav.csv');
  });

  it('may hold an empty file', async () => {
    expect((await readSingleMember(zipOf({ name: 'a.csv', method: 0 }), { fileName })).bytes).toHaveLength(0);
    expect((await readSingleMember(zipOf({ name: 'a.csv' }), { fileName })).bytes).toHaveLength(0);
  });
});

describe('a bad zip has an error of its own', () => {
  const good = zipOf({ name: 'a.csv', data: CSV });

  it.each<[string, Uint8Array, RegExp]>([
    ['empty', Buffer.alloc(0), /^is empty, not a zip$/],
    ['not a zip', Buffer.from('<html>blocked</html>'), /^is not a zip/],
    ['truncated', good.subarray(0, good.length - 30), /^is a zip cut short: its directory at the end is missing$/],
    ['garbage after the end', Buffer.concat([good, Buffer.from('x')]), /^is damaged: its end cannot be read/],
    ['start cut off', good.subarray(10), /^is not a zip|^is damaged/],
    ['no member', zipOf(), /^holds no file$/],
    ['only a folder', zipOf({ name: 'home/', method: 0 }), /^holds no file$/],
    [
      'two members',
      zipOf({ name: 'a.csv', data: CSV }, { name: 'b.csv', data: CSV }),
      /^holds 2 files where one is expected: "a.csv", "b.csv"$/,
    ],
    ['eight members', zipOf(...[...'abcdefgh'].map((name) => ({ name }))), /^holds 8 files.* "e" and 3 more$/],
    [
      'very many entries',
      zipOf(...Array.from({ length: 200 }, (_, i) => ({ name: `${i}/`, method: 0 }))),
      /^holds more than 100 entries/,
    ],
    ['a path upwards', zipOf({ name: '../../etc/cron.d/x', data: CSV }), /^holds an unsafe path \(.*\.\./],
    ['a path upwards with backslashes', zipOf({ name: '..\\x.csv', data: CSV }), /^holds an unsafe path/],
    ['an absolute path', zipOf({ name: '/etc/passwd', data: CSV }), /^holds an unsafe path \(absolute path/],
    ['a drive letter', zipOf({ name: 'C:\\a.csv', data: CSV }), /^holds an unsafe path \(absolute path/],
    ['encrypted', zipOf({ name: 'a.csv', data: CSV, flags: 1 }), /^holds "a.csv" encrypted$/],
    ['strongly encrypted', zipOf({ name: 'a.csv', data: CSV, flags: 0x41 }), /^is encrypted$/],
    ['unknown method', zipOf({ name: 'a.csv', data: CSV, method: 12 }), /^holds "a.csv" compressed by method 12/],
    ['checksum', zipOf({ name: 'a.csv', data: CSV, crc: 1 }), /^is damaged: the checksum \(CRC-32\) of "a.csv"/],
    [
      'larger than declared',
      zipOf({ name: 'a.csv', data: CSV, uncompressedSize: 10 }),
      /^looks like a zip bomb: "a.csv" inflates to more than the 10 bytes it declares$/,
    ],
    [
      'smaller than declared',
      zipOf({ name: 'a.csv', data: CSV, uncompressedSize: 60 }),
      /^is damaged: "a.csv" has 39 bytes where the zip says 60$/,
    ],
    [
      'data cut short',
      zipOf({ name: 'a.csv', data: CSV, compressedSize: 20 }),
      /^is damaged: the data of "a.csv" are cut short$/,
    ],
    [
      'data beyond the file',
      zipOf({ name: 'a.csv', data: CSV, compressedSize: 99_999, uncompressedSize: 99_999 }),
      /^is damaged: the data of "a.csv" are not where the zip says/,
    ],
  ])('%s', async (_name, bytes, message) => {
    expect(await failureOf(bytes)).toMatch(message);
  });

  it('a file larger than the limit', async () => {
    expect(await failureOf(good, { maxBytes: 38 })).toMatch(/"a.csv" of 39 bytes, more than the limit of 38/);
    expect((await readSingleMember(good, { fileName, maxBytes: 39 })).bytes).toHaveLength(39);
  });

  it('a bomb that admits it', async () => {
    const bomb = zipOf({ name: 'a.csv', data: Buffer.alloc(1_000_000) });
    expect(await failureOf(bomb)).toMatch(/looks like a zip bomb: "a.csv" inflates \d+ times, the limit is 200/);
  });

  it('a bomb that hides it', async () => {
    const bomb = zipOf({ name: 'a.csv', data: Buffer.alloc(50_000_000), uncompressedSize: 4096 });
    expect(await failureOf(bomb)).toMatch(/looks like a zip bomb: "a.csv" inflates to more than the 4096 bytes/);
  });

  it('data that are not deflated', async () => {
    const packed = deflateRawSync(CSV);
    const broken = Buffer.from(good);
    broken.fill(0xff, 35, 35 + packed.length);
    expect(await failureOf(broken)).toMatch(/is damaged: "a.csv" cannot be inflated/);
  });
});

describe('whatever bytes come in, a member or CORRUPT comes out', () => {
  async function holds(bytes: Uint8Array): Promise<void> {
    try {
      const member = await readSingleMember(bytes, { fileName, maxBytes: 100_000 });
      expect(member.bytes.length).toBeLessThanOrEqual(100_000);
    } catch (error) {
      expect(error).toBeInstanceOf(ChampionError);
      expect(error).toMatchObject({ code: 'CORRUPT' });
    }
  }

  it('for any bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), holds), { numRuns: 300 });
  });

  it('for zips with any bytes changed, cut or added', async () => {
    const edit = fc.record({ at: fc.nat(), value: fc.nat(255) });
    const change = fc.record({
      method: fc.constantFrom(0, 8),
      data: fc.uint8Array({ maxLength: 200 }),
      edits: fc.array(edit, { maxLength: 6 }),
      cut: fc.nat(20),
      tail: fc.uint8Array({ maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ method, data, edits, cut, tail }) => {
        const zip = zipOf({ name: 'dir/', method: 0 }, { name: 'dir/a.csv', data, method });
        for (const { at, value } of edits) zip[at % zip.length] = value;
        await holds(Buffer.concat([zip.subarray(0, zip.length - Math.max(0, cut - 15)), tail]));
      }),
      { numRuns: 700 },
    );
  });
});

describe('the real bhavcopies', () => {
  const folder = fileURLToPath(new URL('../../../../../shared/nse-samples', import.meta.url));
  const zips = existsSync(folder)
    ? readdirSync(folder).filter((name) => /^(BhavCopy_NSE_CM|cm.*bhav).*\.zip$/.test(name))
    : [];
  if (zips.length === 0) {
    it('are not at ../shared/nse-samples: nothing to check here', () => {
      console.warn(`no real bhavcopies: ${folder} is not there or holds none`);
    });
    return;
  }
  it.each(zips)('%s', async (name) => {
    const member = await readSingleMember(readFileSync(join(folder, name)), { fileName: name });
    expect(member.name).toBe(name.replace(/(\.repacked)?\.zip$/, ''));
    expect(Buffer.from(member.bytes).toString()).toMatch(/^(TradDt|SYMBOL),/);
  });
});
