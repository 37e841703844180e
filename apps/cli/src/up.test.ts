import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { businessDate } from '@champion/core';
import { bhavcopyFileName, bhavcopyZip } from '@champion/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, repoRoot } from '../../../tools/build.mjs';

// The platform as people run it, beside a simulated exchange, and the commands of the user's guide typed into a shell,
// word for word; only the program's name is ours. It is built apart from dist/, which may change while this runs.

const outdir = join(repoRoot, 'node_modules/.cache', `up-tests-${process.pid}`);
const BEGIN_MS = 60_000;

let folder = '';
let home = '';
let up: Running;
let api = '';
const alive = new Set<ChildProcess>();

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Finished>;
  /** Resolves to the first group of the pattern once it was said. */
  said(pattern: RegExp): Promise<string>;
}

beforeAll(async () => {
  await bundle({ champion: 'apps/cli/src/main.ts' }, outdir);
  folder = await mkdtemp(join(tmpdir(), 'champion-up-'));
  home = join(folder, 'home');
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(
    join(bin, 'champion'),
    `#!/bin/sh\nexec '${process.execPath}' '${join(outdir, 'champion.js')}' "$@"\n`,
  );
  await chmod(join(bin, 'champion'), 0o755);
  up = start(['up', '--simulated', '--port', '0']);
  api = `${await up.said(/(http:\/\/127\.0\.0\.1:\d+)\/api\n/)}/api`;
}, BEGIN_MS);

afterAll(async () => {
  for (const child of alive) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
  await rm(outdir, { recursive: true, force: true });
});

function environment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH: `${join(folder, 'bin')}:${PATH}`, HOME, CHAMPION_HOME: home };
}

/** A program that goes on until it is stopped; `--home`, for a simulated market would take one of its own. */
function start(args: readonly string[]): Running {
  const program = [join(outdir, 'champion.js'), ...args, '--home', home];
  const child = spawn(process.execPath, program, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  alive.add(child);
  const heard = { stdout: '', stderr: '' };
  let tell = (): void => undefined;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (piece) => {
      heard[name] += piece;
      tell();
    });
  }
  const ended = once(child, 'close').then(([code]): Finished => {
    alive.delete(child);
    return { code, ...heard };
  });
  const said = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      tell = () => {
        const found = pattern.exec(heard.stdout);
        if (found) resolve(found[1] ?? found[0]);
      };
      ended.then(({ code, stderr }) => reject(new Error(`ended with ${code} before it said ${pattern}: ${stderr}`)));
      tell();
    });
  return { child, ended, said };
}

/** A line typed into a shell. */
async function type(line: string): Promise<Finished> {
  const child = execFile('sh', ['-c', line], { env: environment(), cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (piece) => {
    said.stdout += piece;
  });
  child.stderr?.on('data', (piece) => {
    said.stderr += piece;
  });
  const [code] = await once(child, 'close');
  return { code, ...said };
}

/** A line that has to succeed. @returns what it printed */
async function done(line: string): Promise<string> {
  const { code, stdout, stderr } = await type(line);
  if (code !== 0) throw new Error(`${line}\nended with ${code}\n${stderr}${stdout}`);
  return stdout;
}

describe('the start screen', () => {
  it('says what runs where, and what comes next', async () => {
    const text = await up.said(/^[\s\S]*Loading \d{4}-\d{2}-\d{2}[^\n]*\n/);
    expect(text).toMatch(/Simulated exchange: a made-up market\. No row of it is real\./);
    expect(text).toMatch(/API docs +http:.*\/api\/docs/);
    for (const part of ['PostgreSQL  embedded', 'ClickHouse  embedded', 'Lake ', `Home        ${home}`]) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/Worker +local, default, 5 at once/);
    expect(text).toMatch(/^ +\d{4}-\d{2}-\d{2} \d{2}:\d{2} {2}[\w-]+\/[\w-]+ {2}for \d{4}-\d{2}-\d{2}$/m);
  });

  it('is followed by a line for each run that ends, children left out', async () => {
    const line = await up.said(/^\d{2}:\d{2}:\d{2} {2}(✓ combined-etl.*)\n/m);
    expect(line).toMatch(/Completed in .* rows of \d datasets loaded/);
    expect(await up.said(/^[\s\S]*$/)).not.toMatch(/✓ symbol-master-etl/);
  }, 60_000);
});

describe('the commands of the guide', () => {
  let runId = '';

  it('view flows', async () => {
    expect(await done('champion flow ls')).toMatch(/^nse-bhavcopy-etl +\S/m);
    expect(await done('champion deployment ls')).toMatch(/^nse-bhavcopy-etl\/nse-bhavcopy-daily +30 12 \* \* 1-5 UTC/m);
    const inspected = await done("champion deployment inspect 'nse-bhavcopy-etl/nse-bhavcopy-daily'");
    expect(inspected).toMatch(/version +1\.0\.0\n[\s\S]*queue +default[\s\S]*schedules +1\n.*30 12 \* \* 1-5 UTC/);
  });

  it('run flows', async () => {
    const created = await done("champion deployment run 'nse-bhavcopy-etl/nse-bhavcopy-daily'");
    expect(created).toMatch(/^Created flow run /);
    const line = `champion deployment run 'nse-bhavcopy-etl/nse-bhavcopy-daily' \\
  --param trade_date="2026-01-11" \\
  --param load_to_clickhouse=true`;
    const text = await done(line);
    runId = /id +([0-9a-f-]{36})/.exec(text)?.[1] ?? '';
    expect(text).toMatch(/-p trade_date +2026-01-11\n.*-p load_to_clickhouse +true\n/);
    const here = await done(`champion flow run -p trade_date=2026-01-11 \\
  src.orchestration.flows:nse_bhavcopy_etl_flow`);
    expect(here).toContain('No session');
  });

  it('monitor runs', async () => {
    expect(await done(`champion flow-run logs -f ${runId}`)).toMatch(/info +\S+: \S/);
    expect(await done('champion flow-run ls -l 20')).toContain(runId.slice(0, 8));
    expect(await done(`champion flow-run inspect ${runId}`)).toMatch(/-p trade_date +2026-01-11/);
    expect(await done(`champion flow-run state ${runId}`)).toMatch(
      /✓ bhavcopy-etl-2026-01-11 {2}No session\n[\s\S]*Running/,
    );
  });

  it('manage schedules', async () => {
    expect(await done('champion work-queue ls')).toMatch(/^default +ready/m);
    const agent = start(['agent', 'start', '-q', 'default', '--name', 'second']);
    await agent.said(/Worker second takes runs from default, 5 at once/);
    expect(await done('champion agent status')).toMatch(/^second +online +default +0\/5/m);
    agent.child.kill('SIGINT');
    expect(await agent.ended).toMatchObject({ code: 0 });
    expect(await done('champion agent status')).toMatch(/^second +offline/m);
    const set = await done(`champion deployment set-schedule 'nse-bhavcopy-etl/nse-bhavcopy-daily' \\
  --cron '30 12 * * 1-5'`);
    expect(set).toMatch(/now +1\n.*30 12 \* \* 1-5 UTC, sessions only/);
  }, 60_000);

  it('drive it by the API', async () => {
    // jq -r '.[0].id', where there may be no jq.
    const first = `node -e 'process.stdin.on("data", (d) => console.log(JSON.parse(d)[0].id))'`;
    const id = await done(`DEPLOY_ID=$(champion deployment ls --name 'nse-bhavcopy-daily' \\
  -o json | ${first})
echo $DEPLOY_ID`);
    const triggered = await fetch(`${api}/deployments/${id.trim()}/create_flow_run`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{ "parameters": { "trade_date": "2026-01-12", "load_to_clickhouse": true } }',
    });
    expect(triggered.status).toBe(201);
    const run = (await triggered.json()) as { id: string };
    await done(`champion flow-run watch ${run.id}`);
    const runs = (await (await fetch(`${api}/flow_runs?limit=10`)).json()) as Record<string, unknown>[];
    expect(runs).toHaveLength(10);
    for (const each of runs) {
      for (const field of ['id', 'name', 'state', 'start_time', 'end_time']) expect(each).toHaveProperty(field);
    }
    const detail = (await (await fetch(`${api}/flow_runs/${run.id}`)).json()) as Record<string, unknown>;
    expect(detail).toMatchObject({
      state: { type: 'COMPLETED' },
      duration: expect.any(Number),
      logs: expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]),
    });
  });
});

describe('runs', () => {
  it('are retried, restarted from a task, and cloned with other parameters', async () => {
    const [first] = JSON.parse(await done('champion flow-run ls --flow nse-bhavcopy-etl --state completed -o json'));
    expect(first).toMatchObject({ flow_name: 'nse-bhavcopy-etl', state_type: 'COMPLETED' });
    const list = JSON.parse(await done('champion flow-run ls --flow nse-bhavcopy-etl -o json')) as {
      id: string;
      parameters: { trade_date?: string };
      state_name: string;
    }[];
    const id = list.find(
      ({ parameters, state_name }) => parameters.trade_date === '2026-01-12' && state_name === 'Completed',
    )?.id;
    expect(await done(`champion flow-run retry ${id} --watch`)).toMatch(/✓ .* Completed/);
    const restarted = await done(`champion flow-run restart ${id} --from parse_polars_raw --watch -o json`);
    expect(JSON.parse(restarted)).toMatchObject({ state: 'COMPLETED' });
    const cloned = await done(`champion flow-run clone ${id} -p trade_date=2026-01-13 --watch`);
    expect(cloned).toMatch(/trade_date +2026-01-13/);
    expect(await done(`champion flow-run delete ${id}`)).toContain(`Deleted flow run ${id}`);
    expect(await type(`champion flow-run state ${id}`)).toMatchObject({ code: 2 });
  }, 60_000);

  it('wait in a paused queue, and are cancelled there', async () => {
    await done('champion work-queue pause default');
    const created = JSON.parse(
      await done('champion deployment run nse-bhavcopy-daily -p trade_date=2026-01-14 -o json'),
    );
    expect(await done(`champion flow-run cancel ${created.id} --reason 'not now'`)).toContain('Cancelled');
    await done('champion work-queue resume default');
    expect(await done('champion work-queue set-limit default none')).toMatch(/default {2}ready/);
  });

  it('with the same key are one', async () => {
    const line = 'champion deployment run nse-bhavcopy-daily -p trade_date=2026-01-11 --idempotency-key k -o json';
    expect(JSON.parse(await done(line)).id).toBe(JSON.parse(await done(line)).id);
  });
});

describe('schedules and queues', () => {
  it('are made, paused, and deleted again', async () => {
    const name = 'nse-bhavcopy-daily';
    await done(`champion deployment schedule create ${name} --name late --cron '0 21 * * 1-5' --timezone Asia/Kolkata`);
    await done(`champion deployment schedule pause ${name} late`);
    expect(await done(`champion deployment schedule ls ${name}`)).toMatch(
      /late +0 21 \* \* 1-5 Asia\/Kolkata, resting/,
    );
    await done(`champion deployment schedule delete ${name} late`);
    await done(`champion deployment pause ${name}`);
    expect(await done('champion deployment ls')).toMatch(/nse-bhavcopy-daily .* paused/);
    await done(`champion deployment resume ${name}`);
    await done('champion work-queue create heavy --limit 2 --priority 5 --rate 10/minute');
    expect(await done('champion work-queue ls')).toMatch(/^heavy .* 5 +2 +10\/60s/m);
    await done('champion work-queue delete heavy');
    await done('champion work-pool create night --limit 3');
    expect(await done('champion work-pool inspect night')).toMatch(/limit +3 runs at once\n[\s\S]*queues +default/);
    await done('champion work-pool delete night');
    expect(await done('champion deploy --dry-run')).toMatch(/would change|Nothing to change/);
  });
});

describe('the data', () => {
  it('is looked at and loaded through the server, which has the home', async () => {
    expect(await done('champion sql "SELECT count() AS n FROM equity_ohlc" -o json')).toMatch(/"n":"?\d/);
    expect(await done('champion market')).toMatch(/\d/);
    expect(await done('champion coverage bhavcopy --from 2026-01-12 --to 2026-01-13')).toMatch(/2 loaded/);
    expect(await done('champion quality bhavcopy --from 2026-01-12 --to 2026-01-12')).toMatch(/^2026-01-12 +bhavcopy/m);
    const filled = await done('champion backfill nse-bhavcopy-etl --from 2026-01-12 --to 2026-01-16');
    expect(filled).toContain('everything that was asked for is there');
    const date = businessDate('2024-07-10');
    const file = `${bhavcopyFileName(date, 'udiff_b')}.zip`;
    await writeFile(join(folder, file), await bhavcopyZip({ date, seed: 7, format: 'udiff_b' }));
    expect(await done(`champion import ${file}`)).toMatch(/✓ BhavCopy\S+ +2024-07-10 +\d,\d{3} /);
  }, 60_000);

  it('is as the doctor finds it', async () => {
    const status = await done('champion server status');
    expect(status).toMatch(/exchange +simulated/);
    expect(await done('champion version')).toMatch(/server +\d+\.\d+\.\d+ at http:/);
    expect(await done('champion __complete -- deployment run nse-bh | cut -f1')).toBe(
      'nse-bhavcopy-etl/nse-bhavcopy-daily\n',
    );
  });
});

describe('a second server', () => {
  it('is refused on the same home, and says who has it', async () => {
    const { code, stderr } = await type(`champion up --port 0 --home '${home}'`);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(`in use by process ${up.child.pid}`) });
  });

  it('is refused on an address that others can reach without a key', async () => {
    const { code, stderr } = await type(`champion up --port 0 --host 0.0.0.0 --home '${join(folder, 'other')}'`);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('CHAMPION_API_KEY') });
  });
});

describe('the end', () => {
  it('comes clean at Ctrl-C, and commands then say that there is no server', async () => {
    expect(await readdir(home)).toEqual(expect.arrayContaining(['server.json', 'stores.json']));
    up.child.kill('SIGINT');
    expect(await up.ended).toMatchObject({ code: 0 });
    const left = await readdir(home);
    expect(left.filter((name) => /json$|lock$/.test(name))).toEqual([]);
    const { code, stderr } = await type('champion deployment ls');
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('champion up') });
    // What may, does it by itself.
    expect(await done('champion flow-run ls -l 1000')).not.toContain('Scheduled');
    expect(await done('champion sql "SELECT count() AS n FROM equity_ohlc" -o json')).toMatch(/"n":"?\d/);
  }, 60_000);
});
