// The pictures of docs/web-app.md: node dev/docs-shots.mjs [--url http://localhost:4200]
// Of the product at that address, or else of one of these sources with two months of simulated sessions.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { buildSite, bundle, repoRoot } from '../../../tools/build.mjs';
import { startProduct } from '../measure/servers.mjs';
import { repackPng } from './repack-png.mjs';

const SESSIONS = 40;
/** A repository is no place for large pictures. */
const MOST_BYTES = 200_000;
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/**
 * @typedef {object} Shot
 * @property {string} name
 * @property {(ids: { combined: string }) => string} path
 * @property {'light' | 'dark'} colors
 * @property {typeof WIDE} [size]
 * @property {(page: import('playwright-core').Page) => Promise<unknown>} [before]
 */

/** @type {Shot[]} */
const shots = [
  { name: 'home', path: () => '/', colors: 'light' },
  { name: 'runs', path: () => '/runs', colors: 'light' },
  {
    name: 'run',
    path: ({ combined }) => `/runs/${combined}`,
    colors: 'dark',
    before: (page) => page.getByRole('button', { name: 'Tasks of nse-bhavcopy-etl' }).click(),
  },
  { name: 'coverage', path: () => '/datasets/bhavcopy', colors: 'light' },
  { name: 'lineage', path: () => '/lineage', colors: 'light' },
  { name: 'instrument', path: () => '/market/instruments/RELIANCE', colors: 'dark' },
  { name: 'options', path: () => '/market/options', colors: 'light' },
  { name: 'home-phone', path: () => '/', colors: 'light', size: PHONE },
];

const { values } = parseArgs({ options: { url: { type: 'string' } } });
const out = join(repoRoot, 'docs/screenshots');
const built = join(repoRoot, 'node_modules/.cache', `docs-shots-${process.pid}`);
const folder = await mkdtemp(join(tmpdir(), 'champion-docs-shots-'));
/** @type {(() => Promise<unknown>)[]} */
const undo = [() => rm(folder, { recursive: true, force: true }), () => rm(built, { recursive: true, force: true })];
try {
  const url = values.url ?? (await ownProduct());
  const browser = await chromium.launch({
    executablePath: process.env.CHAMPION_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  undo.push(() => browser.close());
  const combined = await lastRun(url, 'combined-market-data-etl');
  await mkdir(out, { recursive: true });
  for (const { name, path, colors, size = WIDE, before } of shots) {
    const context = await browser.newContext({ viewport: size, colorScheme: colors, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(url + path({ combined }), { waitUntil: 'domcontentloaded' });
    await page.locator('#main h1').first().waitFor();
    await page.waitForFunction(
      () =>
        document.querySelector(
          '#main [aria-label="Loading"], #main span.breathing[aria-hidden], #main [data-pending]',
        ) === null,
    );
    await before?.(page);
    // What is drawn on a canvas says nothing when it is there.
    await page.waitForTimeout(1500);
    const file = join(out, `${name}.png`);
    const png = repackPng(await page.screenshot());
    await writeFile(file, png);
    console.log(`${file}: ${Math.round(png.length / 1000)} kB`);
    if (png.length > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES / 1000} kB`);
    await context.close();
  }
} finally {
  for (const step of undo.reverse()) await step();
}

async function ownProduct() {
  await bundle({ champion: 'apps/cli/src/main.ts' }, built);
  await buildSite('web', join(built, 'web'));
  const product = await startProduct(join(built, 'champion.js'), join(folder, 'home'), SESSIONS);
  undo.push(() => product.stop());
  return product.url;
}

/** The latest run of a flow that completed. @param {string} url @param {string} flow @returns {Promise<string>} */
async function lastRun(url, flow) {
  const response = await fetch(`${url}/api/flow_runs/filter`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      limit: 1,
      sort: 'START_TIME_DESC',
      flows: { name: { any_: [flow] } },
      flow_runs: { state: { type: { any_: ['COMPLETED'] } } },
    }),
  });
  const [run] = /** @type {{ id: string }[]} */ (await response.json());
  if (run === undefined) throw new Error(`no run of ${flow} completed`);
  return run.id;
}
