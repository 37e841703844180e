import type { Moment } from './hours.ts';
import { walk } from './random.ts';
import { dayNumber } from './session-line.ts';

const TOPIC = 420;
const MINUTES_A_DAY = 512;

export interface Range {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Where a price stands at a moment: at the open first, at the close last, never outside the day's range. */
export function priceAt(seed: number, key: number, { open, high, low, close }: Range, moment: Moment): number {
  const { progress } = moment;
  if (progress >= 1) return close;
  const at = dayNumber(moment.date) * MINUTES_A_DAY + moment.minute;
  const wander = (walk(seed, TOPIC, key, at) / 40) * (high - low) * Math.sqrt(progress * (1 - progress));
  return Math.min(high, Math.max(low, open + (close - open) * progress + wander));
}
