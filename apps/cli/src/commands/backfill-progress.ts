import type { BackfillProgress } from '@champion/server';
import type { Style } from '../output/style.ts';
import { count, printable, truncate } from '../output/text.ts';
import type { Screen } from '../progress/display.ts';
import { markOf } from '../progress/marks.ts';

const BAR_WIDTH = 24;
const FRAME_MS = 250;
/** Columns before the note of a session's line, and the last one, which would wrap. */
const MARK_AND_DATE = 15;
const PLAIN_NOTE = 300;

export interface Meter {
  update(progress: BackfillProgress): void;
  /** Leaves the last picture on the screen. */
  stop(): void;
}

/** On a terminal one line is redrawn, with a line left above it for each failure; elsewhere each session is a line. */
export function createMeter(screen: Screen, style: Style, now: () => number = Date.now): Meter {
  return screen.isTTY === true && screen.columns !== undefined && screen.columns >= 40
    ? liveMeter(screen, style, now)
    : plainMeter(screen, style, now);
}

function liveMeter(screen: Screen, style: Style, now: () => number): Meter {
  const startedAt = now();
  let latest: BackfillProgress | undefined;
  const draw = (): void => {
    if (!latest) return;
    const { done, total } = latest;
    const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH);
    const bar = style.green('█'.repeat(filled)) + style.dim('░'.repeat(BAR_WIDTH - filled));
    // The bar is drawn whole; what follows is cut to the width of the terminal.
    const room = (screen.columns ?? 80) - BAR_WIDTH - 3;
    screen.write(`\r\u001b[K${bar} ${truncate(words(latest, now() - startedAt), room)}`);
  };
  const timer = setInterval(draw, FRAME_MS);
  return {
    update: (progress) => {
      latest = progress;
      if (progress.last && progress.last.outcome.state !== 'COMPLETED') {
        screen.write(`\r\u001b[K${sessionLine(progress.last, style, (screen.columns ?? 80) - MARK_AND_DATE)}\n`);
      }
      draw();
    },
    stop: () => {
      clearInterval(timer);
      draw();
      if (latest) screen.write('\n');
    },
  };
}

function plainMeter(screen: Screen, style: Style, now: () => number): Meter {
  const startedAt = now();
  let told = 0;
  return {
    update: (progress) => {
      const tally = words(progress, now() - startedAt);
      if (progress.last) screen.write(`${sessionLine(progress.last, style, PLAIN_NOTE)}  (${tally})\n`);
      // A server tells how far it is rather than of each session.
      else if (progress.done > told) screen.write(`${tally}\n`);
      told = progress.done;
    },
    stop: () => undefined,
  };
}

function sessionLine(
  { trade_date, outcome }: NonNullable<BackfillProgress['last']>,
  style: Style,
  room: number,
): string {
  const mark = markOf({ type: outcome.state, name: outcome.stateName }, style);
  const said =
    outcome.error === undefined ? (outcome.message ?? '') : `${outcome.error.code}: ${outcome.error.message}`;
  return `${mark} ${trade_date}  ${truncate(printable(said), room)}`;
}

/** "12 of 100 done, 88 left, 3 failed, 41.5 sessions/min, 2 m 07 s left" */
export function words({ total, done, ran, failed }: BackfillProgress, elapsedMs: number): string {
  const left = total - done;
  const perMinute = elapsedMs > 0 ? (ran / elapsedMs) * 60_000 : 0;
  return [
    `${count(done)} of ${count(total)} done`,
    `${count(left)} left`,
    ...(failed === 0 ? [] : [`${count(failed)} failed`]),
    ...(ran === 0 ? [] : [`${perMinute.toFixed(1)} sessions/min`]),
    ...(ran === 0 || left === 0 ? [] : [`about ${roughly((left / ran) * elapsedMs)} to go`]),
  ].join(', ');
}

/** "34 s", "2 m 07 s", "1 h 05 m": a guess, no finer than it can be. */
function roughly(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} m`;
}
