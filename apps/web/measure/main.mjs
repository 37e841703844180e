// What the web app weighs and how smoothly it runs, on this machine: node measure/main.mjs [--rounds 3] [--only TEXT]
// First load and Home on the built product with a simulated session; scrolling on the built app before the made-up API
// (dev/), which has 100,000 runs and a run of 1,000 tasks and 100,000 log lines. Frames are read from Chromium's trace.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { buildSite, bundle, repoRoot } from '../../../tools/build.mjs';
import { homeFigures } from './home.mjs';
import { scrollFigures } from './scroll.mjs';
import { startMadeUp, startProduct } from './servers.mjs';

/** What Home has to show. */
const SESSIONS = 3;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, only: { type: 'string' } } });
const rounds = Number(values.rounds);
const wanted = (/** @type {string} */ part) => values.only === undefined || values.only === part;

const built = join(repoRoot, 'node_modules/.cache', `web-measure-${process.pid}`);
const folder = await mkdtemp(join(tmpdir(), 'champion-web-measure-'));
/** @type {(() => Promise<unknown>)[]} */
const undo = [() => rm(folder, { recursive: true, force: true }), () => rm(built, { recursive: true, force: true })];

try {
  const loads = [loadavg()[0] ?? 0];
  await bundle({ champion: 'apps/cli/src/main.ts', 'made-up': 'apps/web/dev/api.ts' }, built);
  await buildSite('web', join(built, 'web'));
  const browser = await chromium.launch({
    executablePath: process.env.CHAMPION_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  undo.push(() => browser.close());
  /** @type {import('./figures.mjs').Figure[]} */
  const figures = [];
  if (wanted('home')) {
    const product = await startProduct(join(built, 'champion.js'), join(folder, 'home'), SESSIONS);
    figures.push(...(await homeFigures(browser, product.url, rounds).finally(() => product.stop())));
  }
  loads.push(loadavg()[0] ?? 0);
  if (wanted('scroll')) {
    const madeUp = await startMadeUp(join(built, 'made-up.js'), join(built, 'web'));
    figures.push(...(await scrollFigures(browser, madeUp.url, rounds).finally(() => madeUp.stop())));
  }
  loads.push(loadavg()[0] ?? 0);
  console.log(
    `Node ${process.version}, Chromium ${browser.version()}, ${cpus().length} × ${cpus()[0]?.model.trim()}; ` +
      `load of the machine at begin, middle and end: ${loads.map((load) => load.toFixed(1)).join(', ')}\n` +
      `each figure: median (least to most) of ${rounds} rounds\n`,
  );
  console.log('| Figure | Median | Least | Most | Unit | Reach |\n|---|--:|--:|--:|---|---|');
  for (const { name, values: measured, unit, reach = '' } of figures) {
    const sorted = measured.toSorted((a, b) => a - b);
    const shown = [sorted[(sorted.length - 1) >> 1], sorted[0], sorted.at(-1)].map((value = Number.NaN) =>
      value >= 100 ? value.toFixed(0) : value.toFixed(1),
    );
    console.log(`| ${name} | ${shown.join(' | ')} | ${unit} | ${reach} |`);
  }
} finally {
  for (const step of undo.reverse()) await step();
}
