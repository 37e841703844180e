import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@champion/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, repoRoot } from '../../../../tools/build.mjs';
import { clientFor } from '../remote/connect.ts';
import { someRuns } from '../remote/lists.ts';

// The demo that stays, as people run it, with a page in the place of the built web app.

/** Each starts the platform once or twice; a busy machine takes its time. */
const PATIENCE_MS = 240_000;
const outdir = join(repoRoot, 'node_modules/.cache', `demo-tests-${process.pid}`);
/** Somebody has the port already. */
const other = createServer();
const alive = new Set<ChildProcess>();
let home = '';

beforeAll(async () => {
  await bundle({ champion: 'apps/cli/src/main.ts' }, outdir);
  await mkdir(join(outdir, 'web'));
  await writeFile(join(outdir, 'web/index.html'), '<!doctype html><title>Champion</title>');
  home = await mkdtemp(join(tmpdir(), 'champion-demo-'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  for (const child of alive) child.kill('SIGKILL');
  other.close();
  await rm(home, { recursive: true, force: true });
  await rm(outdir, { recursive: true, force: true });
});

interface Demo {
  /** Resolves to the first group of the pattern once it was said. */
  said(pattern: RegExp): Promise<string>;
  /** Ctrl-C. */
  stop(): Promise<{ code: number | null; text: string }>;
}

function startDemo(sessions: number): Demo {
  const { PATH = '', HOME = '' } = process.env;
  const taken = String((other.address() as AddressInfo).port);
  const env = { PATH, HOME, CHAMPION_PORT: taken, CHAMPION_TRACKING_PORT: '0' };
  const args = [join(outdir, 'champion.js'), 'demo', '--sessions', String(sessions), '--home', home];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  alive.add(child);
  const ended = once(child, 'close').then(([code]) => {
    alive.delete(child);
    return code as number | null;
  });
  let text = '';
  let tell = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece) => {
      text += piece;
      tell();
    });
  }
  return {
    said: (pattern) =>
      new Promise((resolve, reject) => {
        tell = () => {
          const found = pattern.exec(text);
          if (found) resolve(found[1] ?? found[0]);
        };
        ended.then((code) => reject(new Error(`ended with ${code} before it said ${pattern}: ${text}`)));
        tell();
      }),
    stop: async () => {
      child.kill('SIGINT');
      return { code: await ended, text };
    },
  };
}

/** The latest completed run of a flow by session, as the time it ended. */
async function ends(client: Client, flow: string): Promise<Map<string, number>> {
  const conditions = {
    flows: { name: { any_: [flow] } },
    flow_runs: { state: { type: { any_: ['COMPLETED' as const] } } },
  };
  const runs = await someRuns(client, conditions, 1_000, 'END_TIME_DESC');
  const latest = new Map<string, number>();
  for (const { parameters, end_time } of runs.toReversed()) {
    latest.set(String(parameters.trade_date), Date.parse(end_time ?? ''));
  }
  return latest;
}

async function leavesNothingBehind(): Promise<void> {
  expect((await readdir(home)).filter((name) => /json$|lock$/.test(name))).toEqual([]);
  expect(await readdir(join(home, 'postgres'))).not.toContain('postmaster.pid');
}

describe('champion demo', () => {
  it(
    'stays with the sessions that it loaded until Ctrl-C',
    async () => {
      const demo = startDemo(2);
      const url = await demo.said(/The web app is at (http:\S+)\nLoading the latest 2 sessions, /);
      await demo.said(/Port \d+ is taken: the web app gets another one\./);
      const whole = await demo.said(
        /[\s\S]*It goes on running[\s\S]*Ctrl-C stops it\. The same command starts it again/,
      );
      expect(whole).toMatch(/rows of 2 sessions in .*, start to finish\.\n\nWhere to look next\n/);
      expect(whole.match(/^\d{4}-\d\d-\d\d {2}\w{3} .* udiff_b /gm)).toHaveLength(2);
      expect(whole).toMatch(/✓ \d{4}-\d\d-\d\d .* rows of 7 datasets loaded {2}\(2 of 2 done/);
      for (const path of ['/', '/api/docs', '/metrics']) {
        const response = await fetch(`${url}${path}`);
        expect({ path, status: response.status }).toEqual({ path, status: 200 });
      }
      const system = await (await clientFor(url, undefined)).readSystem();
      expect(system).toMatchObject({ simulated: true, home });
      expect(await demo.stop()).toMatchObject({ code: 0 });
      await leavesNothingBehind();
    },
    PATIENCE_MS,
  );

  it(
    'goes on after Ctrl-C with what is left, and computes gold again that rests on it',
    async () => {
      const interrupted = startDemo(4);
      await interrupted.said(/\(1 of 2 done, 1 left/);
      const { code, text } = await interrupted.stop();
      expect({ code, text }).toEqual({
        code: 0,
        text: expect.stringContaining('goes on with the sessions that are left'),
      });
      await leavesNothingBehind();

      const demo = startDemo(4);
      const url = await demo.said(/The web app is at (http:\S+)\n/);
      const whole = await demo.said(/[\s\S]*It goes on running[\s\S]*Ctrl-C stops it/);
      expect(whole).toMatch(/rows of 4 sessions in .*, start to finish; [34] of them were loaded before\./);
      const client = await clientFor(url, undefined);
      const [loads, golds] = await Promise.all([
        ends(client, 'combined-market-data-etl'),
        ends(client, 'market-gold-etl'),
      ]);
      const dates = [...loads.keys()].sort();
      expect(dates).toHaveLength(4);
      for (const [i, date] of dates.entries()) {
        const before = dates.slice(0, i).map((each) => loads.get(each) ?? Number.POSITIVE_INFINITY);
        expect(golds.get(date)).toBeGreaterThan(Math.max(0, ...before));
      }
      expect(await demo.stop()).toMatchObject({ code: 0 });
      await leavesNothingBehind();
    },
    PATIENCE_MS,
  );
});
