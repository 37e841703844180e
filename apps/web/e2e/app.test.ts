import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FlowRun } from '@champion/contract';
import { addDays, type BusinessDate } from '@champion/core';
import { bhavcopyFileName, bhavcopyZip } from '@champion/simulator';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { destinations } from '../src/app/navigation.ts';
import { findChrome, launchChrome } from './testing/chrome.ts';
import {
  accessibilityTroubles,
  dialogTroubles,
  listenToTroubles,
  overhang,
  PHONE,
  paint,
  SHOTS,
  settled,
  shoot,
  tabTo,
  WIDE,
} from './testing/page.ts';
import { type Product, startProduct } from './testing/product.ts';
import { until } from './testing/until.ts';

// The web app as people have it: the built product beside a simulated exchange, in a real browser. First what somebody
// does with it in a day, by the keyboard where it matters; then every page, looked at by axe and kept as pictures.

const FLOW = 'nse-bhavcopy-etl';
const DEPLOYMENT = 'nse-bhavcopy-daily';
const RUN_MS = 60_000;

const RUN_TABS = ['timeline', 'graph', 'logs', 'tasks', 'result', 'parameters'];
const FLOW_TABS = ['runs', 'schedule', 'deployment', 'graph'];
const DATASET_TABS = ['coverage', 'quality', 'schema', 'files', 'preview'];

const chrome = findChrome();

describe.runIf(chrome !== undefined)('the web app', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  let troubles: ReturnType<typeof listenToTroubles>;
  /** Sessions before today, the latest first. */
  let sessions: BusinessDate[];
  /** Ids of runs and backfills that the first tests leave behind, for the pages that show one. */
  const made = { completed: '', failed: '', backfill: '' };

  beforeAll(async () => {
    // Both take seconds to start, and neither needs the other.
    [product, browser] = await Promise.all([startProduct(), launchChrome(chrome ?? '')]);
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    troubles = listenToTroubles(page);
    const { date } = await product.client.readToday();
    const days = await product.client.readCalendar({ query: { from: addDays(date, -40), to: addDays(date, -1) } });
    sessions = days.flatMap((day) => (day.open ? [day.date] : [])).reverse();
    // The session that a new simulated home loads by itself: what the pages show.
    await until('the first session to be loaded', RUN_MS, async () => ended(await latest('combined-market-data-etl')));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  beforeEach(() => {
    troubles?.take();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await page.screenshot({
      path: join(SHOTS, `failed-${task.name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60)}.png`),
    });
  });

  async function latest(flow: string): Promise<FlowRun | undefined> {
    const begun = { state: { type: { not_any_: ['SCHEDULED' as const] } } };
    const body = { sort: 'START_TIME_DESC' as const, limit: 1, flows: { name: { any_: [flow] } }, flow_runs: begun };
    return (await product.client.filterFlowRuns({ body }))[0];
  }

  function ended(run: FlowRun | undefined): FlowRun | undefined {
    return run?.end_time == null ? undefined : run;
  }

  async function go(path: string): Promise<void> {
    await page.goto(`${product.url}${path}`, { waitUntil: 'domcontentloaded' });
    await settled(page);
  }

  const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
  const title = (): Locator => page.locator('#main h1');
  const session = (at: number): BusinessDate =>
    sessions[at] ?? expect.fail(`there are only ${sessions.length} sessions`);

  it('goes by the keyboard alone from home to a run, and shows it live to its end', async () => {
    await go('/');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('deployments');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/deployments');
    await tabTo(page, page.getByRole('link', { name: DEPLOYMENT }));
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/deployments/${FLOW}/${DEPLOYMENT}`);
    await tabTo(page, button(`Run ${DEPLOYMENT}`));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('textbox', { name: 'trade_date' }));
    await page.keyboard.type(session(2));
    expect(await dialogTroubles(page, 'run')).toEqual([]);
    await tabTo(page, button('Start the run'));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/runs/*');
    made.completed = page.url().split('/runs/')[1]?.split('?')[0] ?? '';
    // Nothing is loaded anew from here on: what is seen came by the stream.
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await page.locator('#main header').getByText('Completed').waitFor({ timeout: RUN_MS });
    for (const task of ['scrape_bhavcopy', 'parse_polars_raw', 'load_clickhouse']) {
      await page.locator('#main').getByText(task).first().waitFor();
    }
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
    expect(troubles.take()).toEqual([]);
  });

  it('goes to pages by "g" and a letter, and tells the keys', async () => {
    await go('/');
    for (const { to, key } of destinations) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.waitForURL((url) => url.pathname === to);
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Deployments').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(troubles.take()).toEqual([]);
  });

  it('reads a failed run to its cause, mends that, and goes on from the failed task', async () => {
    const date = session(4);
    const file = join(product.folder, `${bhavcopyFileName(date, 'udiff_b')}.zip`);
    const run = await product.client.runFlow({
      params: { name: FLOW },
      body: { parameters: { trade_date: date, file } },
    });
    made.failed = run.id;
    await until('the run to fail', RUN_MS, async () =>
      ended(await product.client.readFlowRun({ params: { id: run.id } })),
    );
    await go('/');
    // Home says what failed, and leads there.
    await page.locator(`#main a[href*="/runs/${run.id}"]`).first().click();
    await page.locator('#main header').getByText('Failed').waitFor();
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.locator('#main').getByText(`scrape_bhavcopy-0 failed: there is no file ${file}`).first().waitFor();
    expect(troubles.take()).toEqual([]);
    await writeFile(file, await bhavcopyZip({ seed: 1, date, format: 'udiff_b' }));
    await button('Restart from scrape_bhavcopy').click();
    await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.includes(run.id));
    await page.locator('#main header').getByText('Completed').waitFor({ timeout: RUN_MS });
    await page.getByText('goes on from scrape_bhavcopy-0 of an earlier run').waitFor();
    expect(troubles.take()).toEqual([]);
  });

  it('previews, pauses and resumes a schedule', async () => {
    await go(`/flows/${FLOW}?tab=schedule`);
    await page.getByText('At 12:30, Monday through Friday, UTC').waitFor();
    const next = page.getByRole('list', { name: `Next runs of ${DEPLOYMENT}` });
    expect(await next.getByText(/^for \d{4}-\d{2}-\d{2}$/).count()).toBe(10);
    await button('Edit the schedule evening').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Cron expression').fill('0 10 1 * *');
    await dialog.getByText('At 10:00, on day 1 of the month').waitFor();
    await dialog
      .getByRole('list', { name: 'Preview' })
      .getByText(/01 \w+ (\d{4} )?15:30/)
      .first()
      .waitFor();
    expect(await dialogTroubles(page, 'schedule')).toEqual([]);
    await dialog.getByLabel('Cron expression').fill('61 * * * *');
    await dialog.getByRole('alert').waitFor();
    // The server's refusal of what was typed is how the preview learns of it.
    expect(troubles.take()).toEqual([expect.stringContaining('/api/schedules/preview: 422')]);
    await dialog.getByRole('button', { name: 'Leave it as it is' }).click();

    const isActive = async () =>
      (await product.client.readDeploymentByName({ params: { flow_name: FLOW, name: DEPLOYMENT } })).schedules.every(
        ({ active }) => active,
      );
    await button('Pause the schedule evening').click();
    await page.getByText('Rests', { exact: true }).waitFor();
    expect(await isActive()).toBe(false);
    await next
      .getByText(/no run: /)
      .first()
      .waitFor();
    await button('Resume the schedule evening').click();
    await page.getByText('Rests', { exact: true }).waitFor({ state: 'detached' });
    expect(await isActive()).toBe(true);
    expect(troubles.take()).toEqual([]);
  });

  it('backfills a gap from the heat map', async () => {
    // Between the session that was loaded first and the one of the first test.
    const gap = session(1);
    await go('/datasets/bhavcopy');
    const cell = page.locator(`#session-${gap}`);
    await expect.poll(() => cell.getAttribute('aria-label')).toMatch(/: (?!Loaded)/);
    await cell.click();
    await button('Backfill it').click();
    expect(await dialogTroubles(page, 'backfill')).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await page.getByRole('dialog').getByText('Completed').waitFor({ timeout: RUN_MS });
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await expect.poll(() => cell.getAttribute('aria-label')).toMatch(/: Loaded, [\d,]+ rows/);
    made.backfill = (await product.client.listBackfills())[0]?.id ?? '';
    expect(troubles.take()).toEqual([]);
  });

  it('answers a query', async () => {
    await go('/sql');
    const editor = page.getByRole('textbox', { name: 'SQL query' });
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(`SELECT count() AS sessions FROM (SELECT DISTINCT trade_date FROM equity_ohlc) `);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    const answer = page.getByRole('region', { name: 'Answer' });
    await answer.getByText('1 row', { exact: true }).waitFor();
    // The first session, the triggered one, the mended one, the backfilled one.
    await answer.getByText('4', { exact: true }).waitFor();
    expect(troubles.take()).toEqual([]);
  });

  it('makes a rule, tests it, and shows what came of it', async () => {
    const heard: string[] = [];
    const receiver = createServer((request, response) => {
      request.on('data', (piece) => heard.push(String(piece)));
      request.on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    try {
      await go('/notifications');
      await button('New rule').first().click();
      const dialog = page.getByRole('dialog', { name: 'A new rule' });
      await dialog.getByRole('button', { name: 'Save the rule' }).click();
      await dialog.getByText('It needs an address').waitFor();
      expect(await dialogTroubles(page, 'rule')).toEqual([]);
      await dialog.getByLabel('Name', { exact: true }).fill('slow or failed');
      await dialog.getByRole('combobox', { name: 'Send it to' }).click();
      await page.getByRole('option', { name: /^Generic webhook/ }).click();
      await dialog.getByLabel('Address').fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/alerts`);
      await dialog.getByRole('button', { name: 'Save the rule' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByText('When a run becomes Failed or Crashed').waitFor();
      await button('Send a test of slow or failed').click();
      await page.getByRole('table').getByText('Delivered', { exact: true }).waitFor();
      expect(heard.join('')).toContain('slow or failed');
    } finally {
      receiver.close();
    }
    expect(troubles.take()).toEqual([]);
  });

  it("opens the addresses that Prefect's clients print", async () => {
    const params = { flow_name: FLOW, name: DEPLOYMENT };
    const { id, flow_id: flowId } = await product.client.readDeploymentByName({ params });
    const run = `/runs/${made.completed}`;
    for (const [printed, shown] of [
      [`/runs/flow-run/${made.completed}`, run],
      [`/flow-runs/flow-run/${made.completed}`, run],
      [`/deployments/deployment/${id}`, `/deployments/${FLOW}/${DEPLOYMENT}`],
      [`/flows/flow/${flowId}`, `/flows/${FLOW}`],
    ] as const) {
      await page.goto(`${product.url}${printed}`, { waitUntil: 'domcontentloaded' });
      await page.waitForURL((url) => url.pathname === shown);
      await settled(page);
    }
    expect(troubles.take()).toEqual([]);
  });

  const pages: readonly (readonly [name: string, path: () => string])[] = [
    ...destinations.map(({ to, label }) => [label, () => to] as const),
    ['runs that failed', () => '/runs?state=failed,crashed'],
    ['runs that wait', () => '/runs?state=running,late,scheduled,pending&sort=oldest'],
    ...RUN_TABS.map((tab) => [`run, ${tab}`, () => `/runs/${made.completed}?tab=${tab}`] as const),
    ['failed run, log', () => `/runs/${made.failed}?tab=logs`],
    ...FLOW_TABS.map((tab) => [`flow, ${tab}`, () => `/flows/${FLOW}?tab=${tab}`] as const),
    ['deployment', () => '/deployments/option-chain-etl/option-chain-intraday'],
    ...DATASET_TABS.map((tab) => [`dataset, ${tab}`, () => `/datasets/bhavcopy?tab=${tab}&day=${session(0)}`] as const),
    ['backfill', () => `/backfills/${made.backfill}`],
    ['instrument', () => '/market/instruments/RELIANCE'],
    ['options', () => '/market/options'],
    ['no such page', () => '/nowhere'],
  ];

  it.each(pages)('%s: renders without a trouble, wide and narrow, light and dark', async (name, path) => {
    await page.setViewportSize(WIDE);
    await paint(page, 'light');
    await go(path());
    const found: string[] = [];
    if (!name.startsWith('failed')) {
      for (const alert of await page.locator('#main [role=alert]').allInnerTexts()) found.push(`says: ${alert}`);
    }
    const shot = name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
    await shoot(page, `${shot}-wide`);
    found.push(...(await accessibilityTroubles(page)).map((trouble) => `dark ${trouble}`));
    await page.setViewportSize(PHONE);
    const over = await overhang(page);
    if (over > 0) found.push(`scrolls sideways by ${over} px on a phone`);
    await shoot(page, `${shot}-phone`);
    await paint(page, 'light');
    found.push(...(await accessibilityTroubles(page)).map((trouble) => `phone ${trouble}`));
    expect([...found, ...troubles.take()]).toEqual([]);
    expect(await title().count(), 'titles').toBe(1);
  });
});
