import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { readLocalFile } from './local-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'champion-local-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('gives bytes, name and URL', async () => {
  const path = join(folder, 'a b#1.csv');
  writeFileSync(path, 'SYMBOL,SERIES\n');
  const file = await readLocalFile(path);
  expect(Buffer.from(file.bytes).toString()).toBe('SYMBOL,SERIES\n');
  expect(file.fileName).toBe('a b#1.csv');
  expect(fileURLToPath(file.url)).toBe(path);
});

it('reads an empty file', async () => {
  writeFileSync(join(folder, 'empty.csv'), '');
  expect((await readLocalFile(join(folder, 'empty.csv'))).bytes).toHaveLength(0);
});

it('says what is not a file to read', async () => {
  const path = join(folder, 'size.csv');
  writeFileSync(path, '0123456789');
  mkdirSync(join(folder, 'sub'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);

  await expect(readLocalFile(join(folder, 'none.csv'))).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: `there is no file ${join(folder, 'none.csv')}`,
  });
  await expect(readLocalFile(join(path, 'x'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(readLocalFile(join(folder, 'sub'))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('is a folder'),
  });
  await expect(readLocalFile(join(folder, 'pipe'))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('is not a regular file'),
  });
  await expect(readLocalFile(path, { maxBytes: 9 })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('larger than the limit of 9 bytes'),
  });
  expect((await readLocalFile(path, { maxBytes: 10 })).bytes).toHaveLength(10);
});
