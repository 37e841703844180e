import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleForChild } from '../testing/bundle.ts';
import { startEmbeddedPostgres } from './embedded.ts';

const home = mkdtempSync(join(tmpdir(), 'champion-postgres-'));
const dataDir = join(home, 'postgres');
const children: ChildProcess[] = [];
const nobody = { uid: 65534, gid: 65534 };
// Only root can become somebody else, and only where the checkout lies open to everybody.
const canBeNobody =
  process.getuid?.() === 0 && spawnSync('test', ['-r', fileURLToPath(import.meta.url)], { ...nobody }).status === 0;

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startEmbeddedPostgres', () => {
  it('serves, stops, and serves the same data again', async () => {
    const lines: string[] = [];
    const first = await startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });
    expect(first.version).toMatch(/^18\./);
    expect(new URL(first.url).pathname).toBe('/champion');
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'BUSY' });
    await Promise.all([first.stop(), first.stop()]);
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow();

    const second = await startEmbeddedPostgres({ dataDir });
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();

    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(`${dataDir}.password`).mode & 0o777).toBe(0o600);
    expect(lines.join('\n')).not.toContain(new URL(first.url).password);
    expect(readdirSync(home).sort()).toEqual(['postgres', 'postgres.password', 'postgres.port']);
  });

  it('does not trip over a lock file whose process is gone, or is something else', async () => {
    for (const pid of [2 ** 22 - 3, process.pid]) {
      writeFileSync(join(dataDir, 'postmaster.pid'), `${pid}\n${dataDir}\n`);
      const server = await startEmbeddedPostgres({ dataDir });
      await server.stop();
    }
  });

  it('is gone after its owner was killed, and starts again where it was', async () => {
    const owner = await startInChild(dataDir);
    expect(await query(owner.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(`process ${owner.child.pid}`),
    });
    await kill(owner.child);
    const next = await startEmbeddedPostgres({ dataDir });
    expect(next.url).toBe(owner.url);
    expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await next.stop();
    expect(existsSync(join(dataDir, 'postmaster.pid'))).toBe(false);
  });

  it('says what to do when the password is gone', async () => {
    rmSync(`${dataDir}.password`);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      code: 'CONFIG',
      hint: expect.stringContaining('postgres.password'),
    });
  });

  it.runIf(canBeNobody)('works for an ordinary user', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'champion-postgres-user-'));
    chownSync(folder, nobody.uid, nobody.gid);
    try {
      const owner = await startInChild(join(folder, 'postgres'), nobody);
      expect(await query(owner.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(statSync(join(folder, 'postgres')).uid).toBe(nobody.uid);
      owner.child.stdin?.end();
      await new Promise((resolve) => owner.child.once('exit', resolve));
      await expect(query(owner.url, 'SELECT 1')).rejects.toThrow();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.runIf(canBeNobody)('runs as another user for root where user namespaces are off', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'champion-postgres-nobody-'));
    const path = process.env.PATH;
    try {
      mkdirSync(join(folder, 'bin'));
      writeFileSync(join(folder, 'bin/unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
      process.env.PATH = `${join(folder, 'bin')}${delimiter}${path}`;
      await expect(startEmbeddedPostgres({ dataDir: join(folder, 'postgres') })).rejects.toMatchObject({
        code: 'CONFIG',
        hint: expect.stringContaining('ordinary user'),
      });
      chmodSync(folder, 0o755);
      const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
      expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(statSync(join(folder, 'postgres')).uid).toBe(nobody.uid);
      await server.stop();
      process.env.PATH = path;
      const asRoot = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
      await asRoot.stop();
    } finally {
      process.env.PATH = path;
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

async function startInChild(folder: string, as: { uid?: number; gid?: number } = {}) {
  const script = await bundleForChild('packages/engine/src/testing/postgres-owner.ts');
  const child = spawn(process.execPath, [script, folder], { ...as, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.trim());
    });
    child.once('exit', (code) => reject(new Error(`the owner in ${dirname(folder)} ended early with code ${code}`)));
  });
  return { child, url };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
