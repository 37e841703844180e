import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destinations } from '../src/app/navigation.ts';
import { findChrome, launchChrome } from './testing/chrome.ts';
import { startFlakyProxy } from './testing/flaky-proxy.ts';
import { settled, WIDE } from './testing/page.ts';
import { type Product, startProduct } from './testing/product.ts';
import { until } from './testing/until.ts';

// What an open page costs the server, and what becomes of it when the server or the way there goes: one stream and nothing
// else; a notice, and back to what it was.

const FLOW = 'trading-calendar-etl';
const WATCHED_MS = 30_000;
const RUN_MS = 60_000;
const KEY = 'first-key-of-the-server-0123456789';

const chrome = findChrome();

describe.runIf(chrome !== undefined)('an open page', () => {
  let product: Product;
  let browser: Browser;
  /** A run that has ended. */
  let ended: string;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct({ sessions: 1, sites: ['web'] }), launchChrome(chrome ?? '')]);
    ended = await runToItsEnd();
    // What a new home does by itself is over: nothing happens any more that pages would have to show.
    await until('everything to be at rest', RUN_MS, async () => {
      const busy = { state: { type: { any_: ['RUNNING' as const, 'PENDING' as const] } } };
      return (await product.client.countFlowRuns({ body: { flow_runs: busy } })) === 0 ? true : undefined;
    });
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  async function runToItsEnd(): Promise<string> {
    const { id } = await product.client.runFlow({ params: { name: FLOW }, body: {} });
    await until('the run to end', RUN_MS, async () => {
      const run = await product.client.readFlowRun({ params: { id } });
      return run.end_time ?? undefined;
    });
    return id;
  }

  async function open(
    url: string,
    path: string,
    onRequest: (request: Request) => void = () => undefined,
  ): Promise<{ context: BrowserContext; page: Page }> {
    // A context each: a browser opens six connections to a server for all pages of one.
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('request', onRequest);
    await page.goto(`${url}${path}`, { waitUntil: 'domcontentloaded' });
    await settled(page);
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    return { context, page };
  }

  const isStream = (request: Request) => new URL(request.url()).pathname === '/api/live';
  const isSame = (page: Page) => page.evaluate(() => 'sameDocument' in window);

  it('costs one stream, and asks for nothing again while nothing happens', async () => {
    const paths = [...destinations.map(({ to }) => to), `/runs/${ended}`, `/runs/${ended}?tab=logs`, `/flows/${FLOW}`];
    const opened: { path: string; asked: Request[]; context: BrowserContext }[] = [];
    for (const path of paths) {
      const asked: Request[] = [];
      const { context } = await open(product.url, path, (request) => {
        if (new URL(request.url()).pathname.startsWith('/api/')) asked.push(request);
      });
      opened.push({ path, asked, context });
    }
    for (const { asked } of opened) asked.splice(0, asked.length, ...asked.filter(isStream));
    const [first] = opened;
    await first?.context.pages()[0]?.waitForTimeout(WATCHED_MS);
    const costs = opened.map(({ path, asked }) => {
      const times = new Map<string, number>();
      for (const request of asked.filter((each) => !isStream(each))) {
        const what = `${request.method()} ${request.url()} ${request.postData() ?? ''}`;
        times.set(what, (times.get(what) ?? 0) + 1);
      }
      const again = [...times].filter(([, count]) => count > 1).map(([what, count]) => `${count} × ${what}`);
      return { path, streams: asked.filter(isStream).length, again };
    });
    await Promise.all(opened.map(({ context }) => context.close()));
    expect(costs).toEqual(paths.map((path) => ({ path, streams: 1, again: [] })));
  }, 240_000);

  it('takes a lost stream up again, and shows what happened meanwhile', async () => {
    const proxy = await startFlakyProxy(product.url);
    const { context, page } = await open(proxy.url, '/runs');
    try {
      const total = page.locator('#main h1 span');
      await expect.poll(() => total.innerText()).toMatch(/\d/);
      const before = await total.innerText();
      const again = page.waitForRequest(isStream);
      proxy.cut();
      await runToItsEnd();
      await again;
      await expect.poll(() => total.innerText(), { timeout: 20_000 }).not.toBe(before);
      expect(await page.getByText('The server does not answer').count()).toBe(0);
      expect(await isSame(page)).toBe(true);
    } finally {
      await context.close();
      await proxy.close();
    }
  });

  it('says that the server is away, keeps what it shows, and goes on by itself', async () => {
    const { context, page } = await open(product.url, '/runs');
    const notice = page.getByText('The server does not answer');
    await product.kill();
    await notice.waitFor();
    await page.getByRole('grid', { name: 'Runs' }).getByText(FLOW).first().waitFor();
    await page.screenshot({ path: new URL('../../../data/e2e-shots/notice-away.png', import.meta.url).pathname });
    await product.restart();
    await notice.waitFor({ state: 'detached' });
    const total = page.locator('#main h1 span');
    const before = await total.innerText();
    await runToItsEnd();
    await expect.poll(() => total.innerText(), { timeout: 20_000 }).not.toBe(before);
    expect(await isSame(page)).toBe(true);
    await context.close();
  }, 120_000);

  it('asks for the key when the server wants one, or another one, and goes on with it', async () => {
    const { context, page } = await open(product.url, '/system');
    await product.kill();
    await product.restart({ apiKey: KEY });
    const field = page.getByLabel(/asks for its key/);
    await field.fill('not-the-key-of-the-server-at-all-0');
    await page.getByRole('button', { name: 'Use it' }).click();
    const again = page.getByLabel(/The key of this browser is not/);
    await again.fill(KEY);
    // What was there stays; only the notice says that something is amiss.
    expect(await page.locator('#main [role=alert]').count()).toBe(0);
    await page.screenshot({ path: new URL('../../../data/e2e-shots/notice-key.png', import.meta.url).pathname });
    await page.getByRole('button', { name: 'Use it' }).click();
    await again.waitFor({ state: 'detached' });
    await page.getByRole('table', { name: 'Stores' }).waitFor();
    await expect.poll(() => page.locator('#main [role=alert]').count()).toBe(0);
    expect(await isSame(page)).toBe(true);
    await context.close();
  }, 120_000);
});
