import { longestOf } from './trace.mjs';

const SETTLE_MS = 60_000;
/** Pixels, and pixels in a second: a page of text several times a second. */
const DISTANCE = 16_000;
const SPEED = 4_000;
const JUMPS = 15;

/** @typedef {{ name: string, path: (ids: { large: string }) => string, scroller: string, ready?: string }} Scene */

/** @type {Scene[]} */
const scenes = [
  { name: '100,000 runs', path: () => '/runs', scroller: '[role=grid][aria-label=Runs]' },
  {
    name: '1,000 tasks, timeline',
    path: ({ large }) => `/runs/${large}`,
    scroller: '#main .overflow-y-auto:has([title*="load_slice"])',
  },
  {
    name: '1,000 tasks, list',
    path: ({ large }) => `/runs/${large}?tab=tasks`,
    scroller: '[role=grid][aria-label=Tasks]',
  },
  {
    name: '100,000 log lines',
    path: ({ large }) => `/runs/${large}?tab=logs`,
    scroller: 'section[aria-label=Log]',
    // Grouped as in India; all of it has been read.
    ready: '1,00,000 lines',
  },
];

/**
 * The longest frame while a list is scrolled, and while its scroll bar is pulled to far places.
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {number} rounds
 * @returns {Promise<import('./figures.mjs').Figure[]>}
 */
export async function scrollFigures(browser, url, rounds) {
  const large = await largeRun(url);
  /** @type {import('./figures.mjs').Figure[]} */
  const figures = [];
  for (const scene of scenes) {
    /** @type {Record<'clock' | 'processor', number[]>} */
    const scrolled = { clock: [], processor: [] };
    /** @type {Record<'clock' | 'processor', number[]>} */
    const pulled = { clock: [], processor: [] };
    for (let round = 0; round < rounds; round++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      await page.goto(url + scene.path({ large }), { waitUntil: 'domcontentloaded' });
      const scroller = page.locator(scene.scroller).first();
      await scroller.waitFor({ timeout: SETTLE_MS });
      if (scene.ready !== undefined) {
        await page.getByText(scene.ready, { exact: true }).waitFor({ timeout: SETTLE_MS });
      }
      await page.waitForTimeout(1000);
      const box = await scroller.boundingBox();
      if (box === null) throw new Error(`${scene.name}: what scrolls is not seen`);
      const session = await context.newCDPSession(page);
      const wheel = await longestOf(browser, page, async () => {
        await session.send('Input.synthesizeScrollGesture', {
          x: box.x + box.width / 2,
          y: box.y + box.height / 2,
          yDistance: -DISTANCE,
          speed: SPEED,
          gestureSourceType: 'mouse',
        });
      });
      const pull = await longestOf(browser, page, () =>
        scroller.evaluate(async (element, jumps) => {
          for (let jump = 0; jump < jumps; jump++) {
            element.scrollTop = ((jump * 7) % jumps) * (element.scrollHeight / jumps);
            for (let frame = 0; frame < 4; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
          }
        }, JUMPS),
      );
      for (const kind of /** @type {const} */ (['clock', 'processor'])) {
        scrolled[kind].push(wheel[kind]);
        pulled[kind].push(pull[kind]);
      }
      await context.close();
    }
    for (const [how, { clock, processor }] of /** @type {const} */ ([
      ['scrolled', scrolled],
      ['scroll bar pulled', pulled],
    ])) {
      figures.push({ name: `${scene.name}, ${how}: longest frame`, values: clock, unit: 'ms', reach: '≤ 50' });
      figures.push({ name: `${scene.name}, ${how}: of it, on the processor`, values: processor, unit: 'ms' });
    }
  }
  return figures;
}

/** The id of a run of 1,000 tasks, of which the made-up API has one in a thousand. @param {string} url */
async function largeRun(url) {
  for (let offset = 0; offset < 10_000; offset += 200) {
    const response = await fetch(`${url}/api/flow_runs/filter`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ limit: 200, offset, flow_runs: { state: { type: { any_: ['COMPLETED'] } } } }),
    });
    const runs = /** @type {{ id: string }[]} */ (await response.json());
    const found = runs.find(({ id }) => Number.parseInt(id.slice(-12), 16) % 1000 === 7);
    if (found !== undefined) return found.id;
  }
  throw new Error('the made-up API has no run of 1,000 tasks');
}
