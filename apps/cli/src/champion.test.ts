import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { businessDate, lockForProcess } from '@champion/core';
import { bhavcopyFileName, bhavcopyZip, parseFault, startSimulator } from '@champion/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The program as people run it: a process of its own, built from the sources, on real stores in a temporary folder.

const program = fileURLToPath(new URL('../bin/champion.mjs', import.meta.url));
let folder = '';
let home = '';
let demo: Finished;

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing of the environment that the tests run in may decide what the program does. */
function environment(extra: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, ...extra };
}

function champion(
  args: readonly string[],
  options: { env?: Record<string, string>; stdin?: string } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { env: environment(options.env), cwd: folder, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
    child.stdin?.end(options.stdin ?? '');
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'champion-cli-'));
  home = join(folder, 'home');
  demo = await champion(['demo', '--once', '--sessions', '2', '--home', home]);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('champion demo', () => {
  it('loads sessions and shows them', () => {
    expect(demo).toMatchObject({ code: 0 });
    expect(demo.stdout).toContain('Simulated data');
    const rows = demo.stdout.split('\n').filter((line) => /^\d{4}-\d{2}-\d{2} /.test(line));
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).toMatch(/ \d,\d{3} +[\d,]{5,} +\d+ +\d+ +udiff_b +[\d,]+\.\d\d +\d/);
    expect(demo.stderr).toMatch(/✓ combined-etl-\d{4}-\d{2}-\d{2} {2}Completed/);
  });

  it('keeps the same rows when it runs again', async () => {
    const again = await champion(['demo', '--once', '--sessions', '2', '--home', home]);
    expect(again.code).toBe(0);
    // All but the duration, and the anomalies: that a snapshot is not newer than the one before is one, the second time.
    const table = (text: string) =>
      text
        .split('\n')
        .filter((line) => /^\d{4}-/.test(line))
        .map((line) => line.split(/\s{2,}/).filter((_, i) => ![5, 8].includes(i)))
        .map((cells) => cells.join(' '));
    expect(table(again.stdout)).toEqual(table(demo.stdout));
  });
});

describe('champion sql', () => {
  const query =
    "SELECT 'a,b' AS text, toDecimal64('1281.6400', 4) AS price, NULL AS nothing, toUInt64('18446744073709551615') AS big";

  it.each([
    ['table', 'text      price  nothing                   big\n'],
    ['csv', 'text,price,nothing,big\n"a,b",1281.6400,,18446744073709551615\n'],
    ['jsonl', '{"text":"a,b","price":"1281.6400","nothing":null,"big":"18446744073709551615"}\n'],
  ])('prints %s', async (format, text) => {
    const { code, stdout, stderr } = await champion(['sql', query, '-o', format, '--home', home]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^1 row, \d+ ms\n$/) });
    expect(stdout).toContain(text);
  });

  it('reads the query from standard input and says when there is more', async () => {
    const stdin = 'SELECT DISTINCT trade_date FROM equity_ohlc ORDER BY trade_date';
    const { stdout, stderr } = await champion(['--home', home, 'sql', '-', '-o', 'json', '--max-rows', '1'], { stdin });
    expect(JSON.parse(stdout)).toEqual([{ trade_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) }]);
    expect(stderr).toContain('there are more');
  });

  it('writes the whole answer to a file, or none', async () => {
    const file = join(home, 'answer.parquet');
    const bars = 'SELECT symbol, close FROM equity_ohlc';
    const { code, stdout, stderr } = await champion(['--home', home, 'sql', bars, '--out', file]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/: [\d,]+ bytes\n$/),
    });
    expect((await readFile(file)).subarray(-4).toString()).toBe('PAR1');
    const many = ['sql', 'SELECT number FROM numbers(20)', '--max-rows', '10', '--home', home];
    const refused = await champion([...many, '--out', join(home, 'many.csv')]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('more than 10 rows') });
    expect((await readdir(home)).filter((name) => /many|partial/.test(name))).toEqual([]);
    expect(await champion([...many, '-o', 'parquet'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--out'),
    });
    expect(await champion([...many, '--out', 'x.txt'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('.csv'),
    });
  });

  it('is quiet when its reader leaves', async () => {
    const child = spawn(process.execPath, [program, '--home', home, 'sql', 'SELECT * FROM equity_ohlc', '-o', 'csv'], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (piece) => {
      stderr += piece;
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^[\d,]+ rows, \d+ ms\n$/) });
  });
});

describe('champion flow run', () => {
  it('says that a Sunday has no session', async () => {
    const flow = 'src.orchestration.flows:nse_bhavcopy_etl_flow';
    const { code, stdout } = await champion([
      '--home',
      home,
      'flow',
      'run',
      '-p',
      'trade_date=2026-01-11',
      flow,
      '-o',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'COMPLETED', result: { outcome: 'NO_SESSION' } });
  });

  it('exits with 1 when the run fails, and its records tell why', async () => {
    const simulator = await startSimulator({ faults: [parseFault('404')] });
    try {
      const env = { NSE_ARCHIVES_URL: simulator.url, NSE_SITE_URL: simulator.url, CHAMPION_HOME: home };
      const failed = await champion(['flow', 'run', 'nse-bhavcopy-etl', '--param', 'trade_date=2024-07-10'], { env });
      expect(failed.code).toBe(1);
      expect(failed.stdout).toMatch(
        /✗ bhavcopy-etl-2024-07-10 {2}Failed in .*\nerror: the exchange has no .*2024-07-10\nhint: /,
      );

      const listed = await champion(['flow-run', 'ls', '-l', '1', '-o', 'json'], { env });
      const [run] = JSON.parse(listed.stdout);
      expect(run).toMatchObject({ state_type: 'FAILED', flow_name: 'nse-bhavcopy-etl', error: { code: 'MISSING' } });
      const logs = await champion(['flow-run', 'logs', run.id.slice(0, 8)], { env });
      expect(logs.stdout).toMatch(/error {2}scrape_bhavcopy: /);
      const inspected = await champion(['flow-run', 'inspect', run.id], { env });
      expect(inspected.stdout).toMatch(/✗ scrape_bhavcopy +Failed/);
    } finally {
      await simulator.close();
    }
  });

  it('cancels the run at Ctrl-C', async () => {
    let asked = (): void => undefined;
    const underWay = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const simulator = await startSimulator({ faults: [parseFault('slow:seconds=60')], onRequest: asked });
    try {
      const env = environment({ NSE_ARCHIVES_URL: simulator.url, NSE_SITE_URL: simulator.url, CHAMPION_HOME: home });
      const args = [program, 'flow', 'run', 'nse-bhavcopy-etl', '-p', 'trade_date=2024-07-10'];
      const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
      let stdout = '';
      child.stdout.on('data', (piece) => {
        stdout += piece;
      });
      await underWay;
      child.kill('SIGINT');
      const [code] = await once(child, 'close');
      expect(code).toBe(130);
      expect(stdout).toContain('Cancelled');
    } finally {
      await simulator.close();
    }
  });
});

describe('champion import', () => {
  it('tries every file and fails when one did', async () => {
    const date = businessDate('2024-07-10');
    const name = `${bhavcopyFileName(date, 'udiff_b')}.zip`;
    await writeFile(join(folder, name), await bhavcopyZip({ date, seed: 7, format: 'udiff_b' }));
    await writeFile(join(folder, 'notes.txt'), 'no data');
    const { code, stdout } = await champion(['import', 'notes.txt', name, '--home', home]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ notes\.txt .*not a file of any dataset/);
    expect(stdout).toMatch(/✓ BhavCopy_NSE_CM_0_0_0_20240710_F_0000\.csv\.zip +2024-07-10 +\d,\d{3} /);
  });
});

describe('wrong usage', () => {
  it.each([
    ['an unknown flow', ['flow', 'run', 'nope'], {}, 'The flows are: nse-bhavcopy-etl'],
    ['an unknown setting', ['flow', 'ls'], { CHAMPION_HOMEE: '/x' }, 'Did you mean CHAMPION_HOME?'],
    ['an unknown command', ['sqll'], {}, 'Did you mean sql?'],
    ['an unknown option', ['sql', '--jsn', 'SELECT 1'], {}, "unknown option '--jsn'"],
  ])('%s exits with 2 and touches nothing', async (_, args, env, message) => {
    const { code, stdout, stderr } = await champion(args, { env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(await readdir(folder)).not.toContain('data');
  });

  it('a folder in use exits with 3 and names its holder', async () => {
    const lock = await lockForProcess(join(home, 'champion.lock'), 'the test');
    try {
      const { code, stderr } = await champion(['sql', 'SELECT 1', '--home', home]);
      expect({ code, stderr }).toEqual({
        code: 3,
        stderr: expect.stringContaining(`in use by process ${process.pid}`),
      });
    } finally {
      await lock.release();
    }
  });
});
