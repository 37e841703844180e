import { gzipSync } from 'node:zlib';

/**
 * What Home weighs, and how long it takes from nothing in the cache until all of it is there.
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {number} rounds
 * @returns {Promise<import('./figures.mjs').Figure[]>}
 */
export async function homeFigures(browser, url, rounds) {
  /** @type {number[]} */
  const scripts = [];
  /** @type {number[]} */
  const usable = [];
  // The first visit also warms the server.
  for (let round = 0; round <= rounds; round++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    /** @type {Promise<number>[]} */
    const sizes = [];
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script')
        sizes.push(response.body().then((body) => gzipSync(body).length));
    });
    await page.addInitScript(() => {
      const look = () => {
        const isThere =
          document.querySelector('#main h1') !== null &&
          document.querySelectorAll('#main table tbody tr').length > 3 &&
          document.querySelector('#main [aria-label="Loading"], #main span.breathing[aria-hidden]') === null;
        if (isThere) Object.assign(window, { usableAt: performance.now() });
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    const at = await page.waitForFunction(() => /** @type {{ usableAt?: number }} */ (window).usableAt);
    if (round > 0) {
      usable.push(Number(await at.jsonValue()));
      scripts.push((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1000);
    }
    await context.close();
  }
  return [
    { name: 'Home, scripts of the first load, gzip', values: scripts, unit: 'kB', reach: '≤ 250' },
    { name: 'Home, from nothing to all of it', values: usable, unit: 'ms', reach: '≤ 1,000' },
  ];
}
