import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { addDays, type BusinessDate } from '@champion/core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChrome, launchChrome } from './testing/chrome.ts';
import {
  accessibilityTroubles,
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

// The tracking app as people have it, on a server that asks for its key: flows have run on a simulated exchange, and a
// notebook has logged a training with MLflow's calls.

const KEY = 'key-of-the-tracking-test';
const FLOW = 'nse-bhavcopy-etl';
const RUN_MS = 60_000;
/** What a page gets to show what it should, on a machine that does other things too. */
const SOON = { timeout: 15_000 };
const MOST_SCRIPT_BYTES = 250_000;
const EPOCHS = 40;
/** Runs, a third more than a page. */
const MANY = 130;

const chrome = findChrome();

interface Tracked {
  readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string };
  readonly data: { readonly tags: readonly { readonly key: string; readonly value: string }[] };
}

describe.runIf(chrome !== undefined)('the tracking app', () => {
  let product: Product;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let troubles: ReturnType<typeof listenToTroubles>;
  /** Sessions before today, the latest first. */
  let sessions: BusinessDate[];
  /** The experiments: of the flow, of the notebook. */
  const ids = { flow: '', notebook: '' };
  /** Runs of the notebook. */
  const trained: string[] = [];
  let tracked: readonly Tracked[] = [];

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct({ apiKey: KEY }), launchChrome(chrome ?? '')]);
    // Browsers ask for name and password where a server wants its key.
    context = await browser.newContext({
      viewport: WIDE,
      reducedMotion: 'reduce',
      colorScheme: 'light',
      httpCredentials: { username: 'champion', password: KEY },
    });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    troubles = listenToTroubles(page);
    const { date } = await product.client.readToday();
    const days = await product.client.readCalendar({ query: { from: addDays(date, -40), to: addDays(date, -1) } });
    sessions = days.flatMap((day) => (day.open ? [day.date] : [])).reverse();
    const wanted = [1, 2, 3, 4].map((at) => ({ trade_date: session(at) }));
    const missing = { trade_date: session(5), file: join(product.folder, 'nowhere.csv.zip') };
    for (const parameters of [...wanted, missing]) {
      await product.client.runFlow({ params: { name: FLOW }, body: { parameters } });
    }
    await train();
    ids.flow = await until('the flow to have an experiment', RUN_MS, async () => {
      const named = await call('experiments/get-by-name', { experiment_name: FLOW });
      return (named.experiment as { experiment_id: string } | undefined)?.experiment_id;
    });
    tracked = await until('every run to be tracked', RUN_MS, async () => {
      const { runs = [] } = (await call('runs/search', undefined, { experiment_ids: [ids.flow] })) as {
        runs?: Tracked[];
      };
      return runs.length >= wanted.length + 2 ? runs : undefined;
    });
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
      path: join(SHOTS, `failed-tracking-${task.name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60)}.png`),
    });
  });

  /** Asks the API as MLflow's client does: a GET with a query, or a POST with a body. */
  async function call(path: string, query?: Record<string, string>, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${product.trackingUrl}/api/2.0/mlflow/${path}?${new URLSearchParams(query)}`, {
      headers: { authorization: `Bearer ${KEY}` },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  /** Two trainings of a made-up model: a loss that falls, step by step. */
  async function train(): Promise<void> {
    const made = await call('experiments/create', {}, { name: 'volatility model' });
    ids.notebook = String(made.experiment_id);
    const began = Date.now() - 3_600_000;
    for (const [place, rate] of [0.01, 0.1].entries()) {
      const { run } = (await call(
        'runs/create',
        {},
        { experiment_id: ids.notebook, run_name: `lr ${rate}`, start_time: began + place * 600_000 },
      )) as { run: Tracked };
      const losses = Array.from({ length: EPOCHS }, (_, step) => ({
        key: 'loss',
        value: step === 7 ? 'NaN' : Math.exp(-step * rate) + 0.05,
        timestamp: began + place * 600_000 + step * 1_000,
        step,
      }));
      await call(
        'runs/log-batch',
        {},
        {
          run_id: run.info.run_id,
          metrics: [...losses, { key: 'r 2', value: 0.8 + rate, timestamp: began, step: 0 }],
          params: [
            { key: 'learning rate', value: String(rate) },
            { key: 'optimizer', value: 'adam' },
          ],
        },
      );
      await call('runs/update', {}, { run_id: run.info.run_id, status: 'FINISHED', end_time: began + 700_000 });
      trained.push(run.info.run_id);
    }
  }

  async function go(hash: string): Promise<void> {
    // The same page with another address behind the "#" is not loaded anew.
    await page.goto('about:blank');
    await page.goto(`${product.trackingUrl}/${hash}`, { waitUntil: 'domcontentloaded' });
    await settled(page);
  }

  const main = (): Locator => page.locator('#main');
  const box = (): Locator => page.getByRole('combobox', { name: 'Filter runs' });
  const grid = (): Locator => page.getByRole('grid', { name: 'Runs' });
  const names = (): Promise<string[]> => grid().locator('[role=gridcell] a').allInnerTexts();
  const session = (at: number): BusinessDate =>
    sessions[at] ?? expect.fail(`there are only ${sessions.length} sessions`);
  const loaded = (at: number): Tracked =>
    tracked.find(({ info }) => info.run_name === `bhavcopy-etl-${session(at)}`) ?? expect.fail('it was not tracked');

  it('gives nothing to who does not have the key, and asks for it as browsers know', async () => {
    for (const path of ['/', '/theme.js', '/ajax-api/2.0/champion/about', '/api/2.0/mlflow/experiments/search']) {
      const response = await fetch(product.trackingUrl + path);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringContaining('Basic'),
      ]);
    }
    const stranger = await browser.newContext({ httpCredentials: { username: 'champion', password: 'another' } });
    const refused = await (await stranger.newPage()).goto(product.trackingUrl);
    expect(refused?.status()).toBe(401);
    await stranger.close();
  });

  it('leads a newcomer from the experiments to a comparison of two runs, and to the flow run', async () => {
    await go('');
    await page.locator('header').getByText('Simulated').waitFor();
    await page.getByRole('link', { name: FLOW, exact: true }).click();
    await settled(page);
    await expect.poll(names, SOON).toEqual(expect.arrayContaining([1, 2, 3, 4].map((at) => loaded(at).info.run_name)));
    await grid().getByText('Failed').waitFor();

    // The latest loaded is picked, and another one.
    for (const at of [1, 2]) await page.getByRole('checkbox', { name: `Compare ${loaded(at).info.run_name}` }).check();
    await page.getByRole('link', { name: 'Compare 2 runs' }).click();
    await settled(page);
    await page.getByRole('heading', { name: '2 runs compared' }).waitFor();
    const table = page.getByRole('table', { name: 'Runs side by side' });
    await table.getByRole('row', { name: /differs: trade_date/ }).waitFor();
    const same = table.getByRole('rowheader', { name: 'load_to_clickhouse' });
    await same.waitFor();
    await page.getByRole('button', { name: 'Show only what differs' }).click();
    await same.waitFor({ state: 'detached' });
    await main()
      .getByRole('figure', { name: /of each run/ })
      .first()
      .waitFor();

    await table.getByRole('link', { name: loaded(1).info.run_name }).click();
    await settled(page);
    await page.getByRole('heading', { name: loaded(1).info.run_name, level: 1 }).waitFor();
    await page.getByRole('cell', { name: 'rows_processed' }).waitFor();
    const flowRunId = loaded(1).data.tags.find(({ key }) => key === 'flow_run_id')?.value ?? '';
    const link = page.getByRole('link', { name: 'The flow run in the web app' });
    expect(await link.getAttribute('href')).toBe(`${product.url}/runs/${flowRunId}`);
    expect(troubles.take()).toEqual([]);
    // Another port asks for the key itself. A browser remembers what was typed; this one is told by the address.
    const person = await (await browser.newContext({ viewport: WIDE })).newPage();
    for (const url of [product.trackingUrl, product.url]) {
      await person.goto(url.replace('http://', `http://champion:${KEY}@`));
    }
    await person.goto(page.url());
    await person.getByRole('link', { name: 'The flow run in the web app' }).click();
    await person.waitForURL(`${product.url}/runs/${flowRunId}`);
    await person.locator('#main h1', { hasText: loaded(1).info.run_name }).waitFor();
    await person.context().close();
  });

  it('marks what is wrong in a filter, and finds runs by the right one, by the keyboard', async () => {
    await go(`#/experiments/${ids.flow}`);
    await page.keyboard.press('/');
    await page.keyboard.type('metrics.rows_processed == 5');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    const alert = main().getByRole('alert');
    await alert.getByText(/At character 24: expected one of .*found ==/).waitFor();
    expect(await alert.locator('mark').innerText()).toBe('==');
    expect(await box().getAttribute('aria-invalid')).toBe('true');
    await main().getByText('The filter cannot be read').waitFor();
    await shoot(page, 'tracking-filter-error');
    expect(await accessibilityTroubles(page)).toEqual([]);
    await paint(page, 'light');
    // The refusal is the answer that was wanted.
    expect(troubles.take()).toEqual([expect.stringContaining('/mlflow/runs/search: 400')]);

    await box().fill('');
    await page.keyboard.type('rows_pro');
    await page.getByRole('option', { name: /metrics\.rows_processed/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => box().inputValue(), SOON).toBe('metrics.rows_processed ');
    await page.keyboard.type(`> 1000 and params.trade_date = '${session(3)}'`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await expect.poll(names, SOON).toEqual([loaded(3).info.run_name]);
    await alert.waitFor({ state: 'detached' });
    expect(new URLSearchParams(page.url().split('?')[1]).get('filter')).toContain(`'${session(3)}'`);
    // The address alone brings all of it back.
    await page.reload();
    await expect.poll(names, SOON).toEqual([loaded(3).info.run_name]);
    expect(troubles.take()).toEqual([]);
  });

  it('sorts by any column and shows the columns that are chosen, as its address says', async () => {
    await go(`#/experiments/${ids.flow}?columns=params.trade_date,metrics.file_size_mb`);
    const headers = () => grid().getByRole('columnheader').allInnerTexts();
    expect((await headers()).slice(-2)).toEqual(['trade_date', 'file_size_mb']);
    await grid().getByRole('button', { name: 'trade_date' }).click();
    const dates = async () => (await names()).flatMap((name) => /^bhavcopy-etl-([\d-]+)$/.exec(name)?.[1] ?? []);
    await expect.poll(async () => (await dates()).join() === (await dates()).toSorted().join(), SOON).toBe(true);
    expect(await grid().locator('[aria-sort=ascending]').innerText()).toBe('trade_date');
    await grid().getByRole('button', { name: 'trade_date' }).click();
    await expect.poll(async () => (await dates())[0], SOON).toBe([...(await dates())].sort().at(-1));
    await grid().getByRole('button', { name: 'Duration' }).click();
    await grid().locator('[aria-sort=descending]', { hasText: 'Duration' }).waitFor();
    await page.getByRole('button', { name: /^Columns/ }).click();
    await page.getByRole('menuitemcheckbox', { name: 'metrics.rows_filtered' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(headers, SOON).toContain('rows_filtered');
    expect(page.url()).toContain('columns=params.trade_date,metrics.file_size_mb,metrics.rows_filtered');
    expect(troubles.take()).toEqual([]);
  });

  it('opens the links that MLflow prints, and draws the course of a metric by step and by time', async () => {
    await go(`#/experiments/${ids.notebook}/runs/${trained[0]}`);
    await page.getByRole('heading', { name: 'lr 0.01', level: 1 }).waitFor();
    await main().getByRole('figure', { name: 'Course of loss by step' }).waitFor();
    await main().getByText(`${EPOCHS} points; those that are no finite number are gaps.`).waitFor();
    // Nothing of a flow: no link to one.
    expect(await page.getByRole('link', { name: /flow run/ }).count()).toBe(0);
    await page.getByRole('combobox', { name: 'Axis' }).click();
    await page.getByRole('option', { name: 'by time' }).click();
    await main().getByRole('figure', { name: 'Course of loss by time' }).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'r 2', exact: true }));
    await page.keyboard.press('Enter');
    await main().getByText('It was told once: 0.81').waitFor();
    // MLflow's own link to a comparison.
    await go(`#/compare-runs?runs=${JSON.stringify(trained)}&experiments=["${ids.notebook}"]`);
    await main().getByRole('figure', { name: 'Course of loss in each run, by step' }).waitFor();
    expect(troubles.take()).toEqual([]);
    await go(`#/experiments/${ids.notebook}/runs/0123`);
    await main().getByRole('alert').getByText('Run with id=0123 not found').waitFor();
    expect(troubles.take()).toEqual([expect.stringContaining(': 404')]);
  });

  it('goes on to the runs of the next page as one scrolls to them', async () => {
    const { experiment_id } = await call('experiments/create', {}, { name: 'many' });
    for (let at = 0; at < MANY; at += 10) {
      const names = Array.from({ length: 10 }, (_, place) => `run ${String(at + place).padStart(3, '0')}`);
      await Promise.all(names.map((run_name) => call('runs/create', {}, { experiment_id, run_name })));
    }
    await go(`#/experiments/${experiment_id}?sort=run_name%20ASC`);
    await main().getByText('100 runs, more as you scroll').waitFor();
    await grid().focus();
    await page.keyboard.press('End');
    await main().getByText(`${MANY} runs`, { exact: true }).waitFor();
    await page.keyboard.press('End');
    await grid()
      .getByRole('link', { name: `run ${MANY - 1}` })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `run ${MANY - 1}`, level: 1 }).waitFor();
    expect(troubles.take()).toEqual([]);
  });

  it('says that the server is away, and goes on when it is back', async () => {
    await go('');
    await context.setOffline(true);
    await page.getByText('The server does not answer').waitFor();
    await context.setOffline(false);
    await page.getByText('The server does not answer').waitFor({ state: 'detached' });
    await main().getByRole('link', { name: FLOW, exact: true }).waitFor();
  });

  const pages: readonly (readonly [name: string, hash: () => string])[] = [
    ['experiments', () => ''],
    ['runs', () => `#/experiments/${ids.flow}`],
    ['charts', () => `#/experiments/${ids.flow}?tab=charts`],
    ['other runs', () => `#/experiments/${ids.notebook}`],
    ['no runs', () => `#/experiments/0`],
    ['run', () => `#/experiments/${ids.flow}/runs/${loaded(1).info.run_id}`],
    ['metric', () => `#/experiments/${ids.notebook}/runs/${trained[1]}`],
    ['compare', () => `#/compare-runs?runs=${[1, 2, 3].map((at) => loaded(at).info.run_id)}`],
    ['compare courses', () => `#/compare-runs?runs=${trained}`],
    ['nothing to compare', () => '#/compare-runs'],
    ['no such page', () => '#/models/none'],
  ];

  it.each(pages)('%s: renders without a trouble, wide and narrow, light and dark', async (name, hash) => {
    await page.setViewportSize(WIDE);
    await paint(page, 'light');
    await go(hash());
    const found: string[] = [];
    for (const alert of await main().locator('[role=alert]').allInnerTexts()) found.push(`says: ${alert}`);
    const shot = `tracking-${name.replaceAll(' ', '-')}`;
    await shoot(page, `${shot}-wide`);
    found.push(...(await accessibilityTroubles(page)).map((trouble) => `dark ${trouble}`));
    for (const width of [2560, PHONE.width, 360]) {
      await page.setViewportSize({ ...PHONE, width });
      const over = await overhang(page);
      if (over > 0) found.push(`scrolls sideways by ${over} px at ${width} px`);
    }
    await page.setViewportSize(PHONE);
    await shoot(page, `${shot}-phone`);
    await paint(page, 'light');
    found.push(...(await accessibilityTroubles(page)).map((trouble) => `phone ${trouble}`));
    expect([...found, ...troubles.take()]).toEqual([]);
    expect(await page.locator('#main h1').count(), 'titles').toBe(1);
  });

  it('is there after few bytes', async () => {
    await go('');
    const scripts = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => name.endsWith('.js')),
    );
    const headers = { authorization: `Bearer ${KEY}` };
    const sizes = await Promise.all(
      scripts.map(async (url) => gzipSync(await (await fetch(url, { headers })).arrayBuffer()).length),
    );
    expect(scripts.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_SCRIPT_BYTES);
  });
});
