import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { bundle, repoRoot } from '../../../tools/build.mjs';
import { lockForProcess } from './process-lock.ts';

const cache = join(repoRoot, 'node_modules', '.cache');
let program = '';
let folder = '';

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  program = mkdtempSync(join(cache, 'process-lock-'));
  await bundle({ core: 'packages/core/src/process-lock.ts' }, program);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'champion-lock-'));
  return () => rmSync(folder, { recursive: true, force: true });
});
afterAll(() => rmSync(program, { recursive: true, force: true }));

const lock = (): string => join(folder, 'champion.lock');
const take = () => lockForProcess(lock(), 'the data folder');
const busy = expect.objectContaining({ code: 'BUSY', retry: 'never' });

/** The number of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

it('is held until it is released', async () => {
  const held = await take();
  await expect(take()).rejects.toThrow(`the data folder is in use by process ${process.pid}`);
  await expect(take()).rejects.toThrow(busy);
  await held.release();
  expect(readdirSync(folder)).toEqual([]);
  await (await take()).release();
});

it('is taken over from a process that is gone', async () => {
  writeFileSync(lock(), JSON.stringify({ pid: deadPid(), host: hostname(), started: '1' }));
  const held = await take();
  expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid });
  await held.release();
  expect(readdirSync(folder)).toEqual([]);
});

it.runIf(process.platform === 'linux')(
  'is taken over when the number of its process now belongs to another',
  async () => {
    writeFileSync(lock(), JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }));
    await (await take()).release();
  },
);

it.each(['', '{"pid":'])('is taken over when a killed process left it half-written: %j', async (text) => {
  writeFileSync(lock(), text);
  await (await take()).release();
});

it('is believed when another machine holds it', async () => {
  writeFileSync(lock(), JSON.stringify({ pid: deadPid(), host: `not-${hostname()}`, started: '1' }));
  await expect(take()).rejects.toThrow(busy);
});

it('does not take away a lock that is no longer its own', async () => {
  const held = await take();
  const other = JSON.stringify({ pid: process.pid + 1, host: hostname(), started: '1' });
  writeFileSync(lock(), other);
  await held.release();
  expect(readFileSync(lock(), 'utf8')).toBe(other);
});

it('goes to one of many processes that want it at once, stale or not', async () => {
  // Each says whether it won, and a winner keeps the lock until all have spoken.
  const script = `
    const { lockForProcess } = await import(${JSON.stringify(join(program, 'core.js'))});
    process.stdin.once('data', async () => {
      console.log(await lockForProcess(${JSON.stringify(lock())}, 'it').then(() => 'won', (error) => error.code));
    });
    console.log('ready');
    process.stdin.on('end', () => process.exit());
  `;
  for (const stale of [false, true]) {
    rmSync(lock(), { force: true });
    if (stale) writeFileSync(lock(), JSON.stringify({ pid: deadPid(), host: hostname(), started: '1' }));
    const takers = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const nextLine = (taker: (typeof takers)[number]): Promise<string> =>
      new Promise((resolve) => taker.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())));
    expect(await Promise.all(takers.map(nextLine))).toEqual(takers.map(() => 'ready'));
    const answers = Promise.all(takers.map(nextLine));
    for (const taker of takers) taker.stdin.write('go');
    const spoken = await answers;
    for (const taker of takers) taker.stdin.end();
    await Promise.all(takers.map((taker) => new Promise((resolve) => taker.once('exit', resolve))));
    expect(spoken.filter((answer) => answer === 'won')).toHaveLength(1);
    expect(spoken.filter((answer) => answer === 'BUSY')).toHaveLength(takers.length - 1);
  }
});
