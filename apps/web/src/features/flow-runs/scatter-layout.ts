import type { RunBar } from '@champion/contract';

export interface Dot {
  readonly bar: RunBar;
  readonly x: number;
  readonly y: number;
}

interface Tick {
  readonly at: number;
  readonly value: number;
}

export interface Scatter {
  readonly dots: readonly Dot[];
  /** Seconds. */
  readonly yTicks: readonly Tick[];
  /** Milliseconds since 1970. */
  readonly xTicks: readonly Tick[];
}

export interface Box {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly bottom: number;
  readonly top: number;
  readonly right: number;
}

const SECOND_STEPS = [0.1, 0.3, 1, 3, 10, 30, 60, 300, 900, 3600, 14_400, 86_400];
const DAY = 86_400_000;
const TIME_STEPS = [
  60_000,
  300_000,
  900_000,
  3_600_000,
  3 * 3_600_000,
  6 * 3_600_000,
  12 * 3_600_000,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
  365 * DAY,
];
const IST_OFFSET = 5.5 * 3_600_000;

/** Runs as dots: when across, how long upwards on a logarithmic scale, for one takes a second and another an hour. */
export function scatter(bars: readonly RunBar[], box: Box): Scatter {
  if (bars.length === 0) return { dots: [], yTicks: [], xTicks: [] };
  const times = bars.map((bar) => Date.parse(bar.timestamp));
  const lengths = bars.map((bar) => Math.max(0.05, bar.duration));
  const [t0, t1] = widened(Math.min(...times), Math.max(...times), 60_000);
  const low = Math.log(Math.min(...lengths) * 0.8);
  const high = Math.log(Math.max(...lengths) * 1.25);
  const x = (time: number) => box.left + ((time - t0) / (t1 - t0)) * (box.width - box.left - box.right);
  const y = (seconds: number) =>
    box.height - box.bottom - ((Math.log(seconds) - low) / (high - low)) * (box.height - box.bottom - box.top);
  const step = TIME_STEPS.find((size) => (t1 - t0) / size <= Math.max(2, box.width / 110)) ?? 365 * DAY;
  const firstTick = Math.ceil((t0 + IST_OFFSET) / step) * step - IST_OFFSET;
  const xTicks: Tick[] = [];
  for (let time = firstTick; time <= t1; time += step) xTicks.push({ at: x(time), value: time });
  return {
    dots: bars.map((bar, index) => ({ bar, x: x(times[index] ?? 0), y: y(lengths[index] ?? 0.05) })),
    yTicks: SECOND_STEPS.filter((seconds) => Math.log(seconds) >= low && Math.log(seconds) <= high).map((seconds) => ({
      at: y(seconds),
      value: seconds,
    })),
    xTicks,
  };
}

function widened(from: number, to: number, least: number): [number, number] {
  const extra = Math.max(0, least - (to - from)) / 2 + (to - from) * 0.01;
  return [from - extra, to + extra];
}

/** The dot that is nearest to a point, within `reach` pixels. */
export function nearest(dots: readonly Dot[], x: number, y: number, reach: number): Dot | undefined {
  let best: Dot | undefined;
  let bestDistance = reach * reach;
  for (const dot of dots) {
    const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2;
    if (distance > bestDistance) continue;
    best = dot;
    bestDistance = distance;
  }
  return best;
}
