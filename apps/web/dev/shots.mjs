// Screenshots of pages of the running app: node dev/shots.mjs [--base URL] [--out FOLDER] PATH...
// Chromium is the system's own (CHROMIUM names another one).
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string', default: 'http://localhost:4201' },
    out: { type: 'string', default: '../../data/shots' },
    only: { type: 'string' },
  },
});
const sizes = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'phone', width: 390, height: 844 },
];

mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const { name, width, height } of sizes) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    if (values.only !== undefined && !`${name}-${colorScheme}`.includes(values.only)) continue;
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.log(`  error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') console.log(`  console: ${message.text()}`);
    });
    for (const path of positionals) {
      await page.goto(values.base + path, { waitUntil: 'domcontentloaded' });
      // The stream never ends, so there is no idle network to wait for: what loads has skeletons.
      await page.waitForSelector('h1', { timeout: 10_000 }).catch(() => console.log(`  no h1 on ${path}`));
      await page
        .waitForFunction(() => !document.querySelector('.breathing:not(rect), [data-pending]'), { timeout: 5000 })
        .catch(() => {});
      await page.waitForTimeout(300);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      const file = `${values.out}/${
        path
          .replace(/[^a-z0-9]+/gi, '-')
          .replace(/^-|-$/g, '')
          .slice(0, 60) || 'home'
      }-${name}-${colorScheme}.png`;
      await page.screenshot({ path: file });
      console.log(file, wide > 0 ? `scrolls sideways by ${wide} px` : '');
    }
    await context.close();
  }
}
await browser.close();
