/**
 * @typedef {{ name: string, ph: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number, args?: { name?: string } }} TraceEvent
 */

const BEGIN = 'measure begins';
const END = 'measure ends';

/**
 * Does something and reads from Chromium's trace the longest piece of work of the page's main thread, which is what a
 * frame waits for: as a clock has it, and as the processor has it, in which other programs' share is not; in milliseconds.
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<unknown>} action
 */
export async function longestOf(browser, page, action) {
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing', 'cc'] });
  await page.evaluate((name) => performance.mark(name), BEGIN);
  await action();
  await page.evaluate((name) => performance.mark(name), END);
  const { traceEvents } = /** @type {{ traceEvents: TraceEvent[] }} */ (
    JSON.parse((await browser.stopTracing()).toString())
  );
  const begin = traceEvents.find(({ name }) => name === BEGIN);
  const end = traceEvents.find(({ name, pid }) => name === END && pid === begin?.pid);
  if (begin === undefined || end === undefined) throw new Error('the trace has not what was marked in it');
  const own = traceEvents.filter(
    ({ pid, tid, ts }) => pid === begin.pid && tid === begin.tid && ts >= begin.ts && ts <= end.ts,
  );
  const tasks = own.filter(({ name, ph }) => ph === 'X' && name === 'ThreadControllerImpl::RunTask');
  const frames = own.filter(({ name, ph }) => ph === 'X' && name === 'ProxyMain::BeginMainFrame');
  if (tasks.length === 0 || frames.length === 0) throw new Error('the trace has no tasks or no frames');
  return {
    clock: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1000,
    processor: Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000,
  };
}
