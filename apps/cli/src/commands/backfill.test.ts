import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { businessDate, TradingCalendar } from '@champion/core';
import { parseFault, type Simulator, startSimulator } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundle, repoRoot } from '../../../../tools/build.mjs';

// The program in a process of its own, so that it can be killed as nothing else can. It is built apart from dist/, which
// may change while this runs.

const outdir = join(repoRoot, 'node_modules/.cache', `backfill-tests-${process.pid}`);
const program = join(outdir, 'champion.js');
/** CHAMPION_TEST_RUNS is large where time is no concern. */
const thorough = Number(process.env.CHAMPION_TEST_RUNS ?? 0) >= 1_000;
const dates = new TradingCalendar().lastSessions(businessDate('2024-11-29'), thorough ? 100 : 20);
const [from = '', to = ''] = [dates[0], dates.at(-1)];

let folder = '';
let simulator: Simulator;
let onRequest = (): void => undefined;
const alive = new Set<ChildProcess>();

beforeAll(async () => {
  await bundle({ champion: 'apps/cli/src/main.ts' }, outdir);
  folder = await mkdtemp(join(tmpdir(), 'champion-backfill-'));
  simulator = await startSimulator({ publishAll: true, onRequest: () => onRequest() });
});
afterEach(() => {
  onRequest = () => undefined;
  simulator.setFaults([]);
});
afterAll(async () => {
  for (const child of alive) child.kill('SIGKILL');
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
  await rm(outdir, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(home: string, args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const { PATH = '', HOME = '' } = process.env;
  const env = {
    ...{ PATH, HOME, CHAMPION_HOME: join(folder, home) },
    ...{ NSE_ARCHIVES_URL: simulator.url, NSE_SITE_URL: simulator.url, NSE_REQUESTS_PER_SECOND: '1000' },
  };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  alive.add(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (piece) => {
    said.stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    said.stderr += piece;
  });
  const ended = once(child, 'close').then(([code]) => {
    alive.delete(child);
    return { code, ...said };
  });
  return { child, ended };
}

const champion = (home: string, ...args: readonly string[]) => start(home, args).ended;
const span = ['backfill', 'nse-bhavcopy-etl', '--from', from, '--to', to];

/** What the warehouse holds, session by session, down to every row. */
async function rowsOf(home: string): Promise<unknown[]> {
  const { stdout, stderr } = await champion(
    home,
    ...['sql', '-o', 'json'],
    `SELECT trade_date, count() AS rows, sum(volume) AS volumes, sum(turnover) AS turnovers, sum(close) AS closes,
       uniqExact(source) AS sources, groupBitXor(cityHash64(toString(event_id), source, toString(close))) AS hash
     FROM equity_ohlc GROUP BY trade_date ORDER BY trade_date`,
  );
  expect(stderr).toMatch(/^\d+ rows, /);
  return JSON.parse(stdout) as unknown[];
}

describe('champion backfill', () => {
  it('killed three times on the way ends with the rows of an undisturbed one', async () => {
    expect(await champion('calm', ...span)).toMatchObject({ code: 0 });
    const calm = await rowsOf('calm');
    expect(calm).toHaveLength(dates.length);

    const killed: string[] = [];
    for (let kill = 0; kill < 3; kill++) {
      const atRequest = 2 + Math.floor(Math.random() * (dates.length / 5));
      const afterMs = Math.floor(Math.random() * 200);
      const { child, ended } = start('stormy', span);
      let requests = 0;
      onRequest = () => {
        if (++requests === atRequest) setTimeout(() => child.kill('SIGKILL'), afterMs);
      };
      const { code, stdout } = await ended;
      killed.push(`request ${atRequest} + ${afterMs} ms`);
      expect({ killed, code, stdout }).toEqual({ killed, code: null, stdout: '' });
    }
    onRequest = () => undefined;
    const last = await champion('stormy', ...span);
    expect({ killed, ...last }).toMatchObject({ code: 0, stdout: expect.stringContaining('is there') });
    expect({ killed, rows: await rowsOf('stormy') }).toEqual({ killed, rows: calm });
  }, 900_000);

  it('has nothing to do where everything is there, and shows it', async () => {
    const again = await champion('calm', ...span, '-o', 'json');
    expect(JSON.parse(again.stdout)).toMatchObject({ state: 'completed', ran: 0, sessions: dates.length, gaps: [] });
    const shown = await champion('calm', 'coverage', 'bhavcopy', '--from', from, '--to', '2024-12-02');
    expect(shown.stdout).toContain(`${dates.length} loaded, 1 never tried`);
    expect(shown.stdout).toMatch(/^2024-12 .*0\/1$/m);
    expect(shown.stdout).toMatch(/^2024-12-02 +bhavcopy +never tried$/m);
    const json = await champion('calm', 'coverage', 'nse-bhavcopy-etl', '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ from, slices: expect.arrayContaining([]) });
    const table = await champion('calm', 'quality', 'bhavcopy', '--from', to);
    expect(table.stdout).toMatch(new RegExp(`^${to} +bhavcopy +\\d,\\d{3} .* 100 %`, 'm'));
    const [quality] = JSON.parse((await champion('calm', 'quality', 'bhavcopy', '-l', '1', '-o', 'json')).stdout);
    const run = await champion('calm', 'quality', quality.flow_run_id.slice(0, 8));
    expect(run.stdout).toMatch(new RegExp(`^bhavcopy ${to}: \\d,\\d{3} rows `));
  }, 60_000);

  it('says date by date what is missing and why, and exits with 1', async () => {
    simulator.setFaults([parseFault('404@2024-12-03')]);
    const args = ['backfill', 'nse-bhavcopy-etl', '--from', '2024-12-02', '--to', '2024-12-04'];
    const failed = await champion('calm', ...args);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/^2024-12-03 +bhavcopy +missing +the exchange has no .*2024-12-03$/m);
    expect(failed.stdout).toMatch(
      /^go on: .* backfill nse-bhavcopy-etl --from 2024-12-02 --to 2024-12-04 --only missing$/m,
    );
    expect(failed.stderr).toMatch(/^✗ 2024-12-03 {2}MISSING: .*\(\d of 3 done, /m);
    simulator.setFaults([]);
    expect(await champion('calm', ...args, '--only', 'failed')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 run now: everything that was asked for is there'),
    });
  });

  it('cancels its runs at Ctrl-C and says how to go on', async () => {
    simulator.setFaults([parseFault('slow:seconds=60')]);
    const args = ['backfill', 'nse-bhavcopy-etl', '--from', '2024-12-05', '--to', '2024-12-13'];
    const { child, ended } = start('calm', args);
    // Two sessions are asked for, and a second signal would end it at once.
    onRequest = () => {
      onRequest = () => undefined;
      child.kill('SIGINT');
    };
    const { code, stdout } = await ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: expect.stringMatching(/0 run now: paused.*go on: /s) });
    simulator.setFaults([]);
    const runs = JSON.parse((await champion('calm', 'flow-run', 'ls', '-l', '2', '-o', 'json')).stdout);
    expect(runs[0]).toMatchObject({ state_type: 'CANCELLED' });
  });

  it.each([
    ['a day that is none', ['--from', '2024-02-30', '--to', '2024-03-01'], 'YYYY-MM-DD'],
    ['no last day', ['--from', '2024-02-01'], '--to'],
    ['an unknown flow', ['--from', '2024-02-01', '--to', '2024-02-02'], 'The flows are'],
  ])('refuses %s', async (why, args, message) => {
    const { code, stderr } = await champion(
      'calm',
      'backfill',
      why.includes('flow') ? 'x' : 'nse-bhavcopy-etl',
      ...args,
    );
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});
