import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { ConsoleMessage, Locator, Page } from 'playwright-core';
import { repoRoot } from '../../../../tools/build.mjs';

/** Screenshots; git does not see the folder. */
export const SHOTS = join(repoRoot, 'data/e2e-shots');

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

const SETTLE_MS = 15_000;
const MAX_TABS = 120;

/** Hears what goes wrong in a page without being seen; `take` gives it and forgets it. */
export function listenToTroubles(page: Page): { take(): string[] } {
  let troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
  page.on('console', (message: ConsoleMessage) => {
    // A failed request is told below, with its status.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      troubles.push(`console: ${message.text()}`);
    }
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // Who leaves a page breaks off what it still asks for.
    if (why !== 'net::ERR_ABORTED') troubles.push(`${request.method()} ${request.url()}: ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) {
      const asked = response.request().postData();
      troubles.push(
        `${response.request().method()} ${response.url()}: ${response.status()}${asked === null ? '' : ` for ${asked.slice(0, 200)}`}`,
      );
    }
  });
  return {
    take: () => {
      const heard = troubles;
      troubles = [];
      return heard;
    },
  };
}

/** Waits until a page has a title and nothing of it still loads. */
export async function settled(page: Page): Promise<void> {
  await page.locator('#main h1').first().waitFor({ timeout: SETTLE_MS });
  await page.waitForFunction(
    () =>
      document.querySelector(
        '#main [aria-label="Loading"], #main span.breathing[aria-hidden], #main [data-pending]',
      ) === null,
    undefined,
    { timeout: SETTLE_MS },
  );
}

/** What axe calls serious or critical, one line each. */
export async function accessibilityTroubles(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: present } = window as unknown as { readonly axe: typeof axe };
    const { violations } = await present.run({ resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, help, nodes }) =>
        nodes
          .slice(0, 3)
          .map(({ target, failureSummary = '' }) =>
            `${id}: ${help}: ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`.slice(0, 400),
          ),
      );
  });
}

/** How far a page scrolls sideways, in pixels: it should not. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** Shows the page in one of its colours, and waits until they are there. */
export async function paint(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  // Colours go over within a frame or two, and in between are neither.
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await Promise.allSettled(
      document.getAnimations().flatMap((each) => (each instanceof CSSTransition ? each.finished : [])),
    );
  });
}

/** Two pictures of what is shown, light and dark. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await paint(page, colorScheme);
    await page.screenshot({ path: join(SHOTS, `${name}-${colorScheme}.png`) });
  }
}

/** Presses Tab until this has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let times = 0; times < MAX_TABS; times++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target} was not reached by ${MAX_TABS} presses of Tab`);
}

/** What axe says of a dialogue that is open, once it stands; a picture is kept. */
export async function dialogTroubles(page: Page, name: string): Promise<string[]> {
  await paint(page, 'light');
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `dialog-${name}.png`) });
  return accessibilityTroubles(page);
}
