import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where a Chrome or Chromium mostly is. */
const PLACES: readonly string[] = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/**
 * The browser to test in: the one that CHAMPION_TEST_CHROMIUM names, else whichever is there. Without one the tests do not
 * run, which is said; in CI they fail.
 */
export function findChrome(): string | undefined {
  const named = process.env.CHAMPION_TEST_CHROMIUM;
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`CHAMPION_TEST_CHROMIUM names ${named}, and there is no such file`);
  }
  const found = PLACES.find((place) => existsSync(place));
  if (found !== undefined) return found;
  const advice =
    'No Chrome or Chromium was found. Install one (Debian: apt-get install chromium) or name it in CHAMPION_TEST_CHROMIUM.';
  if (process.env.CI === 'true') throw new Error(advice);
  console.warn(`${advice} The end-to-end tests do not run.`);
  return undefined;
}

export function launchChrome(executablePath: string): Promise<Browser> {
  // The sandbox wants privileges that containers do not have; what is visited here is our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
