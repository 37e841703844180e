import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from './testing/platform.ts';

// Prefect's own command line against `champion up`. CHAMPION_TEST_PREFECT names its program (pip install prefect==3.8.4).

const program = process.env.CHAMPION_TEST_PREFECT;
if (program === undefined) {
  console.warn("prefect-client.test.ts does not run: CHAMPION_TEST_PREFECT does not name Prefect's program");
}

const DEPLOYMENT = 'nse-bhavcopy-etl/nse-bhavcopy-daily';

describe.skipIf(program === undefined)("Prefect's command line", () => {
  let platform: Platform;
  let profile: string;
  beforeAll(async () => {
    platform = await startPlatform('prefect');
    profile = await mkdtemp(join(tmpdir(), 'champion-prefect-'));
  }, 120_000);
  afterAll(async () => {
    await platform?.stop();
    if (profile !== undefined) await rm(profile, { recursive: true, force: true });
  });

  /** Runs a command, shows what it printed, and expects it to succeed unless told. */
  async function prefect(args: readonly string[], expected = 0): Promise<string> {
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: profile,
      PREFECT_HOME: profile,
      PREFECT_API_URL: `${platform.url}/api`,
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
      NO_COLOR: '1',
      COLUMNS: '200',
    };
    const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
      execFile(program ?? '', args, { env, maxBuffer: 16_000_000, timeout: 90_000 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), text: `${stdout}${stderr}` });
      });
    });
    console.log(`$ prefect ${args.join(' ')}\n${text}`);
    expect([args.join(' '), code, code === expected ? '' : text]).toEqual([args.join(' '), expected, '']);
    return text;
  }

  async function untilEnded(id: string): Promise<string> {
    for (;;) {
      const answer = await fetch(`${platform.url}/api/flow_runs/${id}`);
      const run = (await answer.json()) as { state_type: string; end_time: string | null };
      if (run.end_time !== null) return run.state_type;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  const idIn = (text: string): string => /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text)?.[0] ?? '';

  it('knows the server, its flows, deployments, queues and pools', async () => {
    expect(await prefect(['version'])).toMatch(/API version: +0\.8\.4/);
    expect(await prefect(['flow', 'ls'])).toContain('nse-bhavcopy-etl');
    expect(await prefect(['deployment', 'ls'])).toContain(DEPLOYMENT);
    expect(await prefect(['deployment', 'inspect', DEPLOYMENT])).toContain("'name': 'nse-bhavcopy-daily'");
    expect(await prefect(['work-queue', 'ls'])).toContain('default');
    expect(await prefect(['work-pool', 'ls'])).toContain('process');
    expect(await prefect(['work-pool', 'inspect', 'default'])).toContain('WorkPool(');
  }, 180_000);

  it('knows blocks and their types, and shows no secret', async () => {
    const ask = (path: string, body: object) =>
      fetch(`${platform.url}/api${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const types = (await (await ask('/block_types/filter', {})).json()) as { id: string; slug: string }[];
    const url = 'https://hooks.slack.com/services/a-secret-token';
    const block_type_id = types.find(({ slug }) => slug === 'slack-webhook')?.id;
    await ask('/block_documents/', { name: 'ops', data: { url }, block_type_id });
    expect(await prefect(['block', 'type', 'ls'])).toContain('slack-webhook');
    expect(await prefect(['block', 'type', 'inspect', 'slack-webhook'])).toContain('Address');
    const listed = await prefect(['block', 'ls']);
    expect(listed).toContain('slack-webhook/ops');
    const shown = await prefect(['block', 'inspect', 'slack-webhook/ops']);
    expect(shown).toContain('********');
    expect(listed + shown).not.toContain('a-secret-token');
    expect(await prefect(['block', 'inspect', '--id', idIn(listed)])).toContain('slack-webhook/ops');
    expect(await prefect(['block', 'delete', 'slack-webhook/ops'])).toContain('Deleted');
    expect(await prefect(['block', 'inspect', 'slack-webhook/ops'], 1)).toContain('not found');
  }, 180_000);

  it('pauses and resumes a schedule', async () => {
    const schedule = idIn(await prefect(['deployment', 'schedule', 'ls', DEPLOYMENT]));
    const isActive = async () => {
      const [flow, name] = DEPLOYMENT.split('/');
      const answer = await fetch(`${platform.url}/api/deployments/name/${flow}/${name}`);
      const deployment = (await answer.json()) as { schedules: { active: boolean }[] };
      return deployment.schedules[0]?.active;
    };
    expect(await prefect(['deployment', 'schedule', 'pause', DEPLOYMENT, schedule])).toContain('Paused schedule');
    expect(await isActive()).toBe(false);
    expect(await prefect(['deployment', 'schedule', 'resume', DEPLOYMENT, schedule])).toContain('Resumed schedule');
    expect(await isActive()).toBe(true);
  }, 180_000);

  it('runs a deployment, and tells of the run', async () => {
    const id = idIn(await prefect(['deployment', 'run', DEPLOYMENT, '--param', 'trade_date=2026-11-20']));
    expect(await untilEnded(id)).toBe('COMPLETED');
    expect(await prefect(['flow-run', 'ls', '--state-type', 'COMPLETED'])).toContain(id);
    expect(await prefect(['flow-run', 'inspect', id])).toContain("name='bhavcopy-etl-2026-11-20'");
    expect(await prefect(['flow-run', 'logs', id])).toMatch(/rows loaded, 0 replaced/);
    // It has ended, and Prefect says so itself.
    expect(await prefect(['flow-run', 'cancel', id], 1)).toContain('The run has ended');
  }, 180_000);

  it('shows what a run left, and removes it', async () => {
    const id = idIn(await prefect(['deployment', 'run', DEPLOYMENT, '--param', 'trade_date=2026-11-17']));
    expect(await untilEnded(id)).toBe('COMPLETED');
    expect(await prefect(['artifact', 'ls'])).toMatch(/bhavcopy-quality.*markdown/);
    const inspected = await prefect(['artifact', 'inspect', 'bhavcopy-quality', '--limit', '1', '-o', 'json']);
    const [quality] = JSON.parse(inspected) as { id: string; flow_run_id: string; data: string }[];
    expect(quality).toMatchObject({ flow_run_id: id, data: expect.stringContaining('% valid') });
    expect(await prefect(['artifact', 'ls', '--all'])).toContain('bhavcopy-files');
    await prefect(['artifact', 'delete', '--id', quality?.id ?? '']);
    expect(await prefect(['artifact', 'inspect', 'bhavcopy-quality', '--limit', '9'])).not.toContain(quality?.id);
  }, 180_000);

  it('cancels a run, and watches another to its end', async () => {
    await prefect(['work-queue', 'pause', 'default', '--pool', 'default']);
    const waiting = idIn(await prefect(['deployment', 'run', DEPLOYMENT, '--param', 'trade_date=2026-11-19']));
    await prefect(['flow-run', 'cancel', waiting]);
    expect(await untilEnded(waiting)).toBe('CANCELLED');
    await prefect(['work-queue', 'resume', 'default', '--pool', 'default']);
    const watched = await prefect(['deployment', 'run', DEPLOYMENT, '--param', 'trade_date=2026-11-18', '--watch']);
    expect(watched).toContain("Flow run finished successfully in 'Completed'");
  }, 180_000);
});
