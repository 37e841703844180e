import { readFile } from 'node:fs/promises';
import type { BusinessDate } from '@champion/core';
import { addDays } from '@champion/core';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChrome, launchChrome } from './testing/chrome.ts';
import {
  accessibilityTroubles,
  listenToTroubles,
  overhang,
  PHONE,
  paint,
  settled,
  shoot,
  WIDE,
} from './testing/page.ts';
import { type Product, startProduct } from './testing/product.ts';
import { until } from './testing/until.ts';

// What a run leaves behind, seen and taken along in a real browser: its artifacts, its numbers beside those of the runs
// before it, the files in the lake, and the answer to a query as a file.

const FLOW = 'nse-bhavcopy-etl';
const RUN_MS = 60_000;

const chrome = findChrome();

describe.runIf(chrome !== undefined)('what runs leave', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  let troubles: ReturnType<typeof listenToTroubles>;
  let sessions: BusinessDate[];
  let lastRun = '';
  let combined = '';

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchChrome(chrome ?? '')]);
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    troubles = listenToTroubles(page);
    const { client } = product;
    const { date } = await client.readToday();
    const days = await client.readCalendar({ query: { from: addDays(date, -40), to: addDays(date, -1) } });
    sessions = days.flatMap((day) => (day.open ? [day.date] : [])).reverse();
    combined = await until('the first session to be loaded', RUN_MS, async () => {
      const flows = { name: { any_: ['combined-market-data-etl'] } };
      const flow_runs = { state: { type: { not_any_: ['SCHEDULED' as const] } } };
      const [run] = await client.filterFlowRuns({ body: { sort: 'START_TIME_DESC', limit: 1, flows, flow_runs } });
      return run?.end_time == null ? undefined : run.id;
    });
    const load = async (trade_date: BusinessDate) => {
      const { id } = await client.runFlow({ params: { name: FLOW }, body: { parameters: { trade_date } } });
      return until('a run to end', RUN_MS, async () =>
        (await client.readFlowRun({ params: { id } })).end_time === null ? undefined : id,
      );
    };
    await Promise.all(sessions.slice(2, 8).map(load));
    lastRun = await load(sessions[1] ?? expect.fail('there are too few sessions'));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  beforeEach(() => {
    troubles?.take();
  });

  async function go(path: string): Promise<void> {
    await page.setViewportSize(WIDE);
    await page.goto(`${product.url}${path}`, { waitUntil: 'domcontentloaded' });
    await settled(page);
  }

  async function saved(click: () => Promise<void>): Promise<{ name: string; content: Buffer }> {
    const [download] = await Promise.all([page.waitForEvent('download') as Promise<Download>, click()]);
    return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
  }

  it('says how good the rows of a run are, and leads to its files', async () => {
    await go(`/runs/${lastRun}?tab=artifacts`);
    await page.getByRole('heading', { name: `Quality of bhavcopy on ${sessions[1]}` }).waitFor();
    await page.locator('#main strong').getByText('% valid').waitFor();
    await page.getByRole('link', { name: `Files of bhavcopy on ${sessions[1]}` }).click();
    await page.waitForURL(`**/datasets/bhavcopy?tab=files&day=${sessions[1]}`);
    expect(troubles.take()).toEqual([]);
  });

  it('says of each task whether it took as long as usual', async () => {
    await go(`/runs/${lastRun}?tab=metrics`);
    await page.getByText(/Beside the last [67] completed runs of nse-bhavcopy-etl/).waitFor();
    const drawing = page.getByRole('img', { name: /^scrape_bhavcopy .+, (usually|(more|less) than usual:) .+ m?s$/ });
    await drawing.waitFor();
    const rows = page.getByRole('table', { name: 'What it made' }).getByRole('row', { name: /^rows loaded/ });
    expect(await rows.innerText()).toMatch(/as usual|more than usual|less than usual/);
    expect(troubles.take()).toEqual([]);
  });

  it('leads from a run to what the tracking has of it', async () => {
    const name = (await product.client.readFlowRun({ params: { id: lastRun } })).name;
    const there = `${product.trackingUrl}/api/2.0/mlflow/runs/get?run_id=${lastRun.replaceAll('-', '')}`;
    await until('the tracking to be told', 15_000, async () => ((await fetch(there)).ok ? true : undefined));
    await go(`/runs/${lastRun}?tab=metrics`);
    await page.getByRole('link', { name: 'In the tracking' }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    expect(page.url().startsWith(product.trackingUrl)).toBe(true);
    expect(troubles.take()).toEqual([]);
  });

  it('saves files of the lake as they are', async () => {
    await go(`/datasets/bhavcopy?tab=files&day=${sessions[1]}`);
    const name = `bhavcopy-${sessions[1]}-revision-1.csv.zip`;
    const zip = await saved(() => page.getByRole('button', { name: `Download ${name}` }).click());
    expect(zip.name).toBe(name);
    expect(zip.content.subarray(0, 2).toString()).toBe('PK');
    const silver = await saved(() => page.getByRole('button', { name: /^Download silver-equity_ohlc/ }).click());
    expect(silver.content.subarray(0, 4).toString()).toBe('PAR1');
    await page
      .getByRole('table', { name: 'The last sessions' })
      .getByRole('button', { name: sessions[2] ?? '' })
      .click();
    await page.waitForURL(`**day=${sessions[2]}*`);
    await page.getByRole('button', { name: `Download bhavcopy-${sessions[2]}-revision-1.csv.zip` }).waitFor();
    expect(troubles.take()).toEqual([]);
  });

  it('saves the answer to a query as CSV and as Parquet', async () => {
    await go(`/sql?q=${encodeURIComponent('SELECT symbol, close FROM equity_ohlc ORDER BY ALL LIMIT 20000')}`);
    await page.getByRole('button', { name: /^Run/ }).click();
    const answer = page.getByRole('region', { name: 'Answer' });
    const choose = async (entry: string) => {
      await answer.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: entry }).click();
    };
    const csv = await saved(() => choose('The whole answer as CSV'));
    expect(csv.name).toMatch(/^champion-.*\.csv$/);
    const lines = csv.content.toString().trimEnd().split('\n');
    expect(lines[0]).toBe('"symbol","close"');
    expect(lines.length).toBeGreaterThan(10_001);
    const parquet = await saved(() => choose('The whole answer as Parquet'));
    expect(parquet.content.subarray(-4).toString()).toBe('PAR1');
    expect(troubles.take()).toEqual([]);
  });

  const pages: readonly (readonly [name: string, path: () => string])[] = [
    ['run, artifacts', () => `/runs/${lastRun}?tab=artifacts`],
    ['run, metrics', () => `/runs/${lastRun}?tab=metrics`],
    ['combined run, artifacts', () => `/runs/${combined}?tab=artifacts`],
    ['combined run, metrics', () => `/runs/${combined}?tab=metrics`],
    ['dataset, files of many sessions', () => `/datasets/bhavcopy?tab=files&day=${sessions[0]}`],
    ['dataset, quality of many sessions', () => '/datasets/bhavcopy?tab=quality'],
  ];

  it.each(pages)('%s: renders without a trouble, wide and narrow, light and dark', async (name, path) => {
    await paint(page, 'light');
    await go(path());
    const found: string[] = [];
    for (const alert of await page.locator('#main [role=alert]').allInnerTexts()) found.push(`says: ${alert}`);
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
  });
});
