import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handlers } from '@champion/contract';
import { ChampionError } from '@champion/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { champion } from './testing/champion.ts';
import { type FakeServer, startFakeServer } from './testing/fake-server.ts';
import { aDeployment, aFlow, aQueue, aRun, aSchedule, aTask, ID } from './testing/records.ts';

// Each command against a server of its own, to see what it asks for and what it makes of the answer.

let home = '';
let server: FakeServer | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'champion-cli-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(home, { recursive: true, force: true });
});

async function serve(handlers: Partial<Handlers>): Promise<void> {
  server = await startFakeServer(handlers);
}

/** A command line for the server that runs, named by its address. */
function ask(...args: readonly string[]): ReturnType<typeof champion> {
  return champion([...args, '--api-url', server?.url ?? '', '--home', home]);
}

describe('finding the server', () => {
  const flows: Partial<Handlers> = { filterFlows: async () => [aFlow('some-flow')] };

  it('takes the one that runs on the home', async () => {
    await serve(flows);
    const file = { url: server?.url, pid: process.pid, startedAt: new Date().toISOString() };
    await writeFile(join(home, 'server.json'), JSON.stringify(file));
    const { code, stdout } = await champion(['flow', 'ls', '--home', home]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('some-flow') });
  });

  it.each([
    ['whose process is gone', 2 ** 22 + 1],
    ['whose port nobody answers', process.pid],
  ])('passes over one %s', async (_, pid) => {
    await writeFile(join(home, 'server.json'), JSON.stringify({ url: 'http://127.0.0.1:9', pid, startedAt: '' }));
    const { code, stderr } = await champion(['deployment', 'ls', '--home', home]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('champion up') });
  });

  it('says that a named one does not answer', async () => {
    const { code, stderr } = await champion(['flow', 'ls'], { CHAMPION_API_URL: 'http://127.0.0.1:9' });
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('no answer from http://127.0.0.1:9') });
  });

  it('shows the key that it was given', async () => {
    server = await startFakeServer(flows, 'secret');
    const env = { CHAMPION_API_URL: `${server.url}/api` };
    expect(await champion(['flow', 'ls'], { ...env, CHAMPION_API_KEY: 'secret' })).toMatchObject({ code: 0 });
    expect((await champion(['flow', 'ls'], env)).code).not.toBe(0);
  });

  it('refuses an address that is none', async () => {
    const { code, stderr } = await champion(['flow', 'ls', '--api-url', 'nonsense']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--api-url should be the address') });
  });
});

describe('deployments', () => {
  const one: Partial<Handlers> = {
    readDeploymentByName: async ({ params }) => {
      if (params.name !== 'nse-bhavcopy-daily') throw new ChampionError('none', { code: 'NOT_FOUND' });
      return aDeployment();
    },
    filterDeployments: async () => [aDeployment(), aDeployment({ name: 'other', paused: true, schedules: [] })],
  };

  it('are listed for people and for programs', async () => {
    await serve(one);
    const table = await ask('deployment', 'ls');
    expect(table.stdout).toMatch(/nse-bhavcopy-etl\/nse-bhavcopy-daily +30 12 \* \* 1-5 UTC, sessions only +active/);
    expect(table.stdout).toMatch(/nse-bhavcopy-etl\/other +none +paused/);
    const json = await ask('deployment', 'ls', '--name', 'nse-bhavcopy-daily', '-o', 'json');
    expect(JSON.parse(json.stdout)).toEqual([expect.objectContaining({ id: ID, name: 'nse-bhavcopy-daily' })]);
  });

  it('fit into 80 columns', async () => {
    await serve(one);
    const { stdout } = await champion(
      ['deployment', 'ls', '--api-url', server?.url ?? ''],
      { NO_COLOR: '1' },
      { columns: 80 },
    );
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('\u001b');
  });

  it('are named by their own name, and a mistyped one is answered with what was meant', async () => {
    await serve({ ...one, readUpcoming: async () => [] });
    expect((await ask('deployment', 'inspect', 'nse-bhavcopy-daily')).stdout).toContain(ID);
    const { code, stderr } = await ask('deployment', 'inspect', 'nse-bhavcopy-etl/nse-bhavcopy-dialy');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('Did you mean nse-bhavcopy-etl/nse-bhavcopy-daily?'),
    });
  });

  it('are run with parameters, a moment and a key', async () => {
    let asked: unknown;
    await serve({
      ...one,
      createDeploymentRun: async ({ body }) => {
        asked = body;
        return { status: 201, body: aRun('SCHEDULED') };
      },
    });
    const args = ['--param', 'trade_date="2026-01-11"', '-p', 'load_to_clickhouse=true', '--idempotency-key', 'k'];
    const { code, stdout } = await ask(
      'deployment',
      'run',
      'nse-bhavcopy-daily',
      ...args,
      '--at',
      '2030-01-12T18:00+05:30',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Created flow run nse-bhavcopy-etl-2026-01-12\n.*flow-run logs -f 7781f905\n$/s);
    expect(asked).toMatchObject({
      parameters: { trade_date: '2026-01-11', load_to_clickhouse: true },
      idempotency_key: 'k',
      state: { type: 'SCHEDULED', state_details: { scheduled_time: '2030-01-12T12:30:00.000Z' } },
    });
  });

  it('refuse parameters that they do not have, and moments that are none', async () => {
    await serve(one);
    const wrong = await ask('deployment', 'run', 'nse-bhavcopy-daily', '-p', 'date=2026-01-11');
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('It has: trade_date, load_to_clickhouse.'),
    });
    const never = await ask('deployment', 'run', 'nse-bhavcopy-daily', '--at', 'soon');
    expect(never).toMatchObject({ code: 2, stderr: expect.stringContaining('Expected a moment') });
  });

  it('keep to the sessions when their schedule is set anew', async () => {
    let asked: unknown;
    await serve({
      ...one,
      updateDeployment: async ({ body }) => {
        asked = body;
      },
      readDeployment: async () => aDeployment(),
      readUpcoming: async () => [
        {
          at: '2026-01-26T12:30:00Z',
          session: null,
          runs: false,
          reason: 'holiday: Republic Day',
          flow_run_id: null,
          schedule_id: ID,
        },
      ],
    });
    const { stdout } = await ask('deployment', 'set-schedule', 'nse-bhavcopy-daily', '--cron', '0 13 * * 1-5');
    expect(asked).toMatchObject({
      schedules: [
        { schedule: { cron: '0 13 * * 1-5', timezone: 'UTC' }, calendar: { sessions: 'only' }, catch_up: 'all' },
      ],
    });
    expect(stdout).toContain('no run: holiday: Republic Day');
  });

  it('have schedules that are named where there are several', async () => {
    const changed: unknown[] = [];
    const second = aSchedule({ id: '22222222-2222-4222-8222-222222222222', slug: 'final' });
    await serve({
      ...one,
      listSchedules: async () => [aSchedule(), second],
      updateSchedule: async ({ params, body }) => {
        changed.push([params.schedule_id, body.active]);
      },
    });
    expect(await ask('deployment', 'schedule', 'pause', 'nse-bhavcopy-daily')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Name one of: evening, final'),
    });
    expect(await ask('deployment', 'schedule', 'pause', 'nse-bhavcopy-daily', 'final')).toMatchObject({ code: 0 });
    expect(await ask('deployment', 'schedule', 'resume', 'nse-bhavcopy-daily', '--all')).toMatchObject({ code: 0 });
    expect(changed).toEqual([
      [second.id, false],
      [ID, true],
      [second.id, true],
    ]);
  });

  it('tell field by field what deploying would change', async () => {
    await serve({
      deploy: async ({ body }) => ({
        applied: body.apply,
        changes: [
          { deployment: 'f/a', kind: 'update', field: 'version', from: '1.0.0', to: '1.1.0' },
          { deployment: 'f/b', kind: 'unchanged', field: null, from: null, to: null },
        ],
      }),
    });
    const { stdout } = await ask('deploy', '--dry-run');
    expect(stdout).toBe(
      '~ f/a  update\n    version: 1.0.0 → 1.1.0\n= f/b  unchanged\n1 deployment would change, 1 as it is.\n',
    );
  });
});

describe('runs', () => {
  it('are listed by state, flow and deployment', async () => {
    let asked: unknown;
    await serve({
      readDeploymentByName: async () => aDeployment(),
      filterFlowRuns: async ({ body }) => {
        asked = body;
        return [aRun('FAILED')];
      },
    });
    const filters = ['--state', 'failed', '--state', 'Late', '--flow', 'f', '--deployment', 'f/d'];
    const { stdout } = await ask('flow-run', 'ls', '-l', '20', ...filters);
    expect(stdout).toMatch(/^7781f905 {2}✗ Failed {2}nse-bhavcopy-etl-2026-01-12 .* 2\.00 s/m);
    expect(asked).toMatchObject({
      limit: 20,
      flows: { name: { any_: ['f'] } },
      flow_runs: { state: { operator: 'or_', type: { any_: ['FAILED'] }, name: { any_: ['Late'] } } },
      deployments: { id: { any_: [ID] } },
    });
  });

  it('are watched in a pipe line by line', async () => {
    const told = (type: 'RUNNING' | 'COMPLETED', message: string | null) => ({
      ...{ type: 'flow_run' as const, ...of, deployment_id: null },
      state: { type, name: type === 'RUNNING' ? 'Running' : 'Completed', message },
    });
    await serve({
      filterFlowRuns: async () => [],
      streamEvents: async function* () {
        yield { id: '1', data: told('RUNNING', null) };
        yield { id: '2', data: told('COMPLETED', '5 rows') };
      },
    });
    const { code, stdout } = await ask('flow-run', 'ls', '--watch');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /▸ nse-bhavcopy-etl-2026-01-12 {2}Running.*\n.*✓ nse-bhavcopy-etl-2026-01-12 {2}Completed .* 5 rows\n$/,
    );
  });

  it('refuses a state that there is none of', async () => {
    await serve({});
    const { code, stderr } = await ask('flow-run', 'ls', '--state', 'compleeted');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Did you mean completed?') });
  });

  it('are inspected by the beginning of their id, with their tasks', async () => {
    await serve({
      filterFlowRuns: async () => [aRun('COMPLETED')],
      readFlowRun: async () => aRun('COMPLETED'),
      listFlowRunTasks: async () => [aTask('scrape_bhavcopy')],
    });
    const { stdout } = await ask('flow-run', 'inspect', '7781');
    expect(stdout).toMatch(/^✓ nse-bhavcopy-etl-2026-01-12 {2}Completed$/m);
    expect(stdout).toMatch(/worker +night-1/);
    expect(stdout).toMatch(/✓ scrape_bhavcopy +Completed +1 +1\.00 s/);
    const json = await ask('flow-run', 'inspect', ID, '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      id: ID,
      state_type: 'COMPLETED',
      task_runs: [{ name: 'scrape_bhavcopy' }],
    });
    expect(await ask('flow-run', 'inspect', 'ffff')).toMatchObject({ code: 2 });
  });

  it('have logs that are followed until the run has ended', async () => {
    const lines = ['one', 'two', 'three'].map((message, i) => ({
      ...{ id: i + 1, at: '2026-01-12T12:30:00Z', level: 'info' as const, message },
      ...{ task_run_id: i === 1 ? aTask('x').id : null, fields: null },
    }));
    let looks = 0;
    await serve({
      // At the third look the run has ended; a line more is there each time.
      readFlowRun: async () => aRun(looks > 2 ? 'COMPLETED' : 'RUNNING'),
      listFlowRunTasks: async () => [aTask('scrape_bhavcopy')],
      listFlowRunLogs: async ({ query }) => lines.slice(0, ++looks).filter(({ id }) => id > (query.after ?? 0)),
    });
    const { code, stdout } = await ask('flow-run', 'logs', '-f', ID);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.replace(/^.*info +/, ''))).toEqual([
      'nse-bhavcopy-etl-2026-01-12: one',
      'scrape_bhavcopy: two',
      'nse-bhavcopy-etl-2026-01-12: three',
      '',
    ]);
  });

  it('show only the last lines of their logs when asked', async () => {
    const lines = [1, 2, 3].map((id) => ({
      ...{ id, at: '2026-01-12T12:30:00Z', level: 'info' as const, message: `line ${id}` },
      ...{ task_run_id: null, fields: null },
    }));
    await serve({
      readFlowRun: async () => aRun('COMPLETED'),
      listFlowRunLogs: async ({ query }) => lines.filter(({ id }) => id > (query.after ?? 0)),
    });
    const { stdout } = await ask('flow-run', 'logs', ID, '--tail', '1', '-o', 'jsonl');
    expect(JSON.parse(stdout)).toMatchObject({ message: 'line 3' });
  });

  it('are watched to their end, whose kind the exit code tells', async () => {
    let looks = 0;
    const failed = aRun('FAILED', { error: { code: 'MISSING', message: 'no file', hint: 'wait' } });
    await serve({
      retryFlowRun: async () => aRun('SCHEDULED'),
      readFlowRun: async () => (++looks > 1 ? failed : aRun('RUNNING')),
      listFlowRunTasks: async () => (looks > 1 ? [aTask('scrape_bhavcopy'), aTask('parse', { id: ID })] : []),
      streamEvents: async function* () {
        yield {
          id: '1',
          data: {
            type: 'flow_run' as const,
            ...of,
            state: { type: 'RUNNING' as const, name: 'Running', message: null },
            deployment_id: null,
          },
        };
        yield {
          id: '2',
          data: {
            ...{ type: 'task_run' as const, ...of, task_run_id: aTask('x').id, task_name: 'scrape_bhavcopy' },
            ...{
              task_key: 'scrape_bhavcopy-0',
              attempt: 1,
              state: { type: 'COMPLETED' as const, name: 'Completed', message: null },
            },
          },
        };
      },
    });
    const { code, stdout, stderr } = await ask('flow-run', 'retry', ID, '--watch');
    expect(code).toBe(1);
    // Told by the stream, and left out by the record; the other way round for the second task.
    expect(stderr.match(/scrape_bhavcopy/g)).toHaveLength(1);
    expect(stderr).toMatch(/✓ parse +Completed/);
    expect(stdout).toMatch(/^✗ nse-bhavcopy-etl-2026-01-12 {2}Failed in 2\.00 s\nerror: no file\nhint: {2}wait\n/);
  });
  const of = {
    flow_run_id: ID,
    flow_name: 'nse-bhavcopy-etl',
    run_name: 'nse-bhavcopy-etl-2026-01-12',
    at: '2026-01-12T12:30:00Z',
  };

  it('are restarted from a task that people name without its number', async () => {
    let from = '';
    await serve({
      listFlowRunTasks: async () => [aTask('scrape_bhavcopy'), aTask('write_parquet')],
      restartFlowRun: async ({ body }) => {
        from = body.from;
        return aRun('SCHEDULED');
      },
    });
    expect(await ask('flow-run', 'restart', ID, '--from', 'write_parquet')).toMatchObject({ code: 0 });
    expect(from).toBe('write_parquet-0');
  });

  it('are cancelled, cloned, deleted and asked for their state', async () => {
    const asked: unknown[] = [];
    await serve({
      cancelFlowRun: async ({ body }) => {
        asked.push(body);
        return aRun('CANCELLING');
      },
      cloneFlowRun: async ({ body }) => {
        asked.push(body);
        return aRun('SCHEDULED');
      },
      deleteFlowRun: async () => undefined,
      readFlowRun: async () => aRun('RUNNING'),
      listFlowRunStates: async () => [aRun('PENDING').state, aRun('RUNNING').state].filter((state) => state !== null),
    });
    expect((await ask('flow-run', 'cancel', ID, '--reason', 'wrong')).stdout).toContain('Cancelling');
    expect((await ask('flow-run', 'clone', ID, '-p', 'trade_date=2026-01-13', '-o', 'json')).code).toBe(0);
    expect((await ask('flow-run', 'delete', ID)).stdout).toContain(`Deleted flow run ${ID}`);
    expect((await ask('flow-run', 'state', ID)).stdout).toMatch(/Running\n.*Pending.*\n.*Running/);
    expect(JSON.parse((await ask('flow-run', 'state', ID, '-o', 'json')).stdout)).toMatchObject({ type: 'RUNNING' });
    expect(asked).toEqual([{ reason: 'wrong' }, { parameters: { trade_date: '2026-01-13' } }]);
  });

  it('of a flow are made on the server and followed', async () => {
    let asked: unknown;
    await serve({
      filterFlows: async () => [aFlow()],
      runFlow: async ({ params, body }) => {
        asked = [params.name, body.parameters];
        return { status: 201, body: aRun('SCHEDULED') };
      },
      readFlowRun: async () => aRun('COMPLETED'),
      listFlowRunTasks: async () => [],
      streamEvents: async function* () {},
    });
    const named = 'src.orchestration.flows:nse_bhavcopy_etl_flow';
    const { code, stdout } = await ask('flow', 'run', '-p', 'trade_date=2026-01-11', named);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('rows_loaded  2,900') });
    expect(asked).toEqual(['nse-bhavcopy-etl', { trade_date: '2026-01-11' }]);
    expect(await ask('flow', 'run', 'nse-bhavcopi-etl')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean nse-bhavcopy-etl?'),
    });
  });
});

describe('work queues', () => {
  it('are listed with what waits in them, paused and limited', async () => {
    const asked: unknown[] = [];
    let queue = aQueue();
    await serve({
      filterWorkQueues: async () => [queue],
      readWorkQueueByName: async () => queue,
      readWorkQueue: async () => queue,
      updateWorkQueue: async ({ body }) => {
        asked.push(body);
        queue = aQueue({ is_paused: body.is_paused ?? false, rate_limit: body.rate_limit ?? null });
      },
    });
    expect((await ask('work-queue', 'ls')).stdout).toMatch(/^default +ready +1 +∞ +∞ +3 +1 +2$/m);
    expect((await ask('work-queue', 'pause', 'default')).stdout).toContain('default  paused');
    expect((await ask('work-queue', 'set-limit', 'default', '4')).code).toBe(0);
    expect((await ask('work-queue', 'set-limit', 'default', 'none')).code).toBe(0);
    expect((await ask('work-queue', 'set-rate', 'default', '5/30s')).stdout).toMatch(/rate +5\/30s/);
    expect(asked).toEqual([
      { is_paused: true },
      { concurrency_limit: 4 },
      { concurrency_limit: null },
      { rate_limit: { runs: 5, per_seconds: 30 } },
    ]);
    expect(await ask('work-queue', 'set-rate', 'default', 'fast')).toMatchObject({ code: 2 });
  });
});

describe('the warehouse', () => {
  it('is asked through the server', async () => {
    await serve({
      runSql: async ({ body }) => ({
        columns: [{ name: 'q', type: 'String' }],
        rows: [[`${body.query} ${body.max_rows}`]],
        truncated: true,
        elapsed_ms: 3,
      }),
    });
    const { stdout, stderr } = await ask('sql', 'SELECT 1', '-o', 'csv', '--max-rows', '5');
    expect(stdout).toBe('q\nSELECT 1 5\n');
    expect(stderr).toBe('1 row, 3 ms (there are more: --max-rows N)\n');
  });

  it('writes its answer to a file as it comes', async () => {
    await serve({
      exportSql: async ({ body: { query, format, max_rows } }) => ({
        fileName: `x.${format}`,
        mediaType: 'text/csv',
        bytes: null,
        content: new Blob([`${query} ${max_rows}\n`]).stream(),
      }),
    });
    const folder = await mkdtemp(join(tmpdir(), 'champion-sql-'));
    try {
      const { stderr } = await ask('sql', 'SELECT 1', '-o', 'csv', '--out', join(folder, 'answer'));
      expect(stderr).toContain('17 bytes');
      expect(await readFile(join(folder, 'answer'), 'utf8')).toBe('SELECT 1 1000000\n');
      expect(await readdir(folder)).toEqual(['answer']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('completion', () => {
  const complete = async (...words: readonly string[]) => {
    const { stdout } = await champion(['__complete', '--api-url', server?.url ?? '', '--', ...words]);
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0]]));
  };

  it('knows commands, options, choices and the names that the server tells', async () => {
    await serve({ filterDeployments: async () => [aDeployment()], filterFlows: async () => [aFlow()] });
    expect(await complete('flow-')).toEqual(['flow-run']);
    expect(await complete('deployment', 'p')).toEqual(['pause']);
    expect(await complete('deployment', 'ls', '--na')).toEqual(['--name']);
    expect(await complete('flow-run', 'logs', '--level', 'w')).toEqual(['warn']);
    expect(await complete('deployment', 'run', '')).toEqual(['nse-bhavcopy-etl/nse-bhavcopy-daily']);
    expect(await complete('--home', home, 'flow', 'run', 'nse')).toEqual(['nse-bhavcopy-etl']);
    expect(await complete('flow-run', 'ls', '--state', 'can')).toEqual(['cancelled', 'cancelling']);
  });

  it('offers nothing where no server is', async () => {
    const { code, stdout } = await champion(['__complete', '--', '--home', home, 'deployment', 'run', '']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });
});
