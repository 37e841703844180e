import type { FlowRun } from '@champion/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cli } from '../cli.ts';
import { plainStyle } from '../output/style.ts';
import { clientFor } from '../remote/connect.ts';
import { run } from '../run.ts';
import { champion } from '../testing/champion.ts';
import { startFakeServer } from '../testing/fake-server.ts';
import { type Platform, startPlatform } from '../testing/platform.ts';
import { Dashboard } from './dashboard.ts';
import { frame } from './frame.ts';
import { loadHead } from './head.ts';
import type { Head } from './panel.ts';
import { panels } from './panels/index.ts';
import { FakeTerminal } from './testing/fake-terminal.ts';

// A real server on a simulated market, with one session loaded.

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform('dashboard-tests');
  const client = await clientFor(platform.url, undefined);
  const loaded = (runs: readonly FlowRun[]) => runs.some(({ state_type }) => state_type === 'COMPLETED');
  const conditions = { flows: { name: { any_: ['combined-market-data-etl'] } } };
  for await (const _ of client.streamEvents({ query: { types: ['flow_run'] } })) {
    if (loaded(await client.filterFlowRuns({ body: conditions }))) break;
  }
}, 90_000);

afterAll(async () => {
  await platform?.stop();
});

const once = (...args: string[]) => champion(['dashboard', '--once', '--api-url', platform.url, ...args]);

describe('champion dashboard --once', () => {
  it('prints every panel as plain text', async () => {
    const { code, stdout, stderr } = await once();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Champion \S+ {2}http:\S+ {2}SIMULATED EXCHANGE {2}NSE /);
    for (const [i, { title }] of panels.entries()) expect(stdout).toContain(`\n${i + 1} ${title} ─`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every colour
    expect(stdout).not.toMatch(/\u001b/);
    expect(stdout.split('\n').filter((line) => line !== line.trimEnd())).toEqual([]);
  });

  it.each([
    [
      1,
      [
        /^▼ raw +fetched +7 file sets/m,
        /^▼ warehouse +loaded +7 tables +[\d,]{5,} .*✓ 7 fresh/m,
        /^bhavcopy +\d,\d{3} /m,
      ],
    ],
    [2, [/^combined-market-data-etl +✓ .* \d{4}-\d\d-\d\d \d\d:\d\d /m, /^queue +default ready, \d+ scheduled/m]],
    [
      3,
      [
        /silver equity_ohlc → warehouse equity_ohlc \d,\d{3} rows → gold .*indicators/,
        /scrape_bhavcopy → parse_polars_raw/,
      ],
    ],
    [4, [/^0 tasks running, \d+ completed and 0 failed/m, /^✓ +compute_gold +market-gold-\S+ .* m?s +1 +━/m]],
    [5, [/^bhavcopy +[✓○]+ +\d+\/\d+ /m, /API availability: 100 % of \d+ requests answered by the simulated exchange/]],
    [6, [/^runs, 24 hours +✓ \d+ completed +✗ 0 failed/m, /^success rate +100 %/m, /^nse-bhavcopy-etl +100 % /m]],
    [7, [/^PostgreSQL +✓ up +embedded/m, /^Champion +\d+\.\d+\.\d+, started /m, /^worker +local online/m]],
    [
      8,
      [
        /^✓ 9 deployments registered\n +npx champion --api-url http:\S+ deployment ls/m,
        /PREFECT_API_URL=http:\S+\/api /,
        /MLFLOW_TRACKING_URI=http:\S+ /,
      ],
    ],
  ])('panel %i tells what the server has', async (number, patterns) => {
    const { code, stdout } = await once('--panel', String(number));
    expect(code).toBe(0);
    for (const pattern of patterns) expect(stdout).toMatch(pattern);
    expect(stdout.match(/^\d .* ─+$/gm)).toHaveLength(1);
  });

  it('is what a pipe gets', async () => {
    const { code, stdout } = await champion(['dashboard', '--panel', '7', '--api-url', platform.url]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('PostgreSQL') });
  });

  it('exits with 3 where there is no server', async () => {
    const named = await champion(['dashboard', '--api-url', 'http://127.0.0.1:9']);
    expect(named).toMatchObject({ code: 3, stdout: '' });
    const none = await champion(['dashboard', '--home', '/nowhere']);
    expect(none).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('champion up') });
  });
});

describe.each([
  [80, 24],
  [160, 50],
])('in a terminal of %i × %i', (columns, rows) => {
  it('fits, changes panels by keys, and leaves the screen as it was', async () => {
    const terminal = new FakeTerminal(columns, rows);
    const { stdin, stdout } = terminal;
    const cli = new Cli({ env: {}, stdin, stdout, stderr: stdout });
    const ended = run(cli, ['dashboard', '--api-url', platform.url, '--interval', '3600']);
    const shows = (number: number) =>
      terminal.until(
        (lines) =>
          lines.some((line) => line.startsWith(`${number} ${panels[number - 1]?.title}`)) &&
          lines.some((line) => / as of \d\d:\d\d:\d\d$/.test(line)),
      );
    const seen: string[] = [];
    for (const [keys, number] of [
      ['', 1],
      ['2', 2],
      ['\t', 3],
      ['\u001b[C', 4],
      ['5', 5],
      ['6', 6],
      ['7', 7],
      ['8', 8],
      ['\t', 1],
      ['\u001b[D', 8],
    ] as const) {
      terminal.type(keys);
      const lines = await shows(number);
      expect(lines).toHaveLength(rows - 1);
      expect(lines.filter((line) => [...line].length > columns)).toEqual([]);
      expect(lines[0]).toContain('SIMULATED');
      expect(lines[1]).toContain(`[${number} ${panels[number - 1]?.tab}]`);
      seen.push(lines.slice(3, -1).join('\n'));
    }
    expect(new Set(seen).size).toBeGreaterThanOrEqual(8);
    terminal.type('?');
    await terminal.until((lines) => lines.some((line) => line.startsWith('q, Ctrl-C')));
    expect(terminal.raw).toBe(true);
    terminal.type(columns === 80 ? 'q' : '\u0003');
    expect(await ended).toBe(0);
    expect({ raw: terminal.raw, isLeft: terminal.isLeft }).toEqual({ raw: false, isLeft: true });
  });
});

describe('a panel that is longer than the terminal', () => {
  it('is scrolled to its end and no further', async () => {
    const terminal = new FakeTerminal(80, 24);
    const { stdin, stdout } = terminal;
    const cli = new Cli({ env: { NO_COLOR: '1' }, stdin, stdout, stderr: stdout });
    const ended = run(cli, ['dashboard', '--api-url', platform.url, '--panel', '3', '--interval', '3600']);
    await terminal.until((lines) => lines.at(-1)?.startsWith('lines 1–') === true);
    terminal.type('j');
    await terminal.until((lines) => lines.at(-1)?.startsWith('lines 2–') === true);
    terminal.type('G');
    const end = await terminal.until((lines) => /^lines \d+–(\d+) of \1,/.test(lines.at(-1) ?? ''));
    terminal.type('jk');
    const before = await terminal.until((lines) => lines.at(-1) !== end.at(-1));
    expect(before.at(-3)).toBe(end.at(-4));
    terminal.type('q');
    expect(await ended).toBe(0);
  });
});

describe('a server that goes away', () => {
  it('is told, and found again where it is now', async () => {
    const client = await clientFor(platform.url, undefined);
    const head: Head = await loadHead(client);
    const handlers = {
      readSystem: async () => head.system,
      readToday: async () => head.today,
      listWorkers: async () => [],
      readServerVersion: async () => '3.0.0',
    };
    const first = await startFakeServer(handlers);
    const second = await startFakeServer(handlers);
    const sourceAt = async (url: string) => ({
      client: await clientFor(url, undefined),
      url,
      apiKey: undefined,
      champion: 'champion',
    });
    let isBack = false;
    const dashboard = new Dashboard({
      source: await sourceAt(first.url),
      head,
      panel: 6,
      intervalMs: 20,
      findAgain: async () => (isBack ? sourceAt(second.url) : undefined),
    });
    const until = (isSo: () => boolean) =>
      new Promise<void>((resolve) => dashboard.onChange(() => isSo() && resolve()));
    const running = dashboard.run();
    await until(() => dashboard.view.drawing !== undefined);
    await first.close();
    await until(() => dashboard.view.notice !== undefined);
    const { lines } = frame(dashboard.view, 80, 23, plainStyle);
    expect(lines.at(-1)).toBe(`! ${first.url} does not answer; trying again`);
    expect(lines.join('\n')).toContain('PostgreSQL');
    isBack = true;
    await until(() => dashboard.view.notice === undefined && dashboard.view.url === second.url);
    dashboard.close();
    await running;
    await second.close();
  });
});
