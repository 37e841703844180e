import { median } from '@champion/core';

export interface SpreadOf {
  readonly runs: number;
  readonly median: number;
  /** From `low` to `high`: what is usual. */
  readonly low: number;
  readonly high: number;
  readonly min: number;
  readonly max: number;
  readonly values: number[];
}

/** What is no news, whatever the spread. */
export interface Tolerance {
  /** Of the median. */
  readonly share: number;
  /** In the unit of the values. */
  readonly least: number;
}

/** Fewer say nothing of what is usual. */
const ENOUGH = 5;
/** What lies further from the middle half than this many times its width is not usual (Tukey's fences). */
const FENCE = 1.5;

/**
 * What is usual among values; undefined when there are none. The usual range ends at values that were really there, or
 * where the difference from the median begins to be news, whichever is further.
 */
export function spreadOf(values: readonly number[], { share, least }: Tolerance): SpreadOf | undefined {
  const middle = median(values);
  if (middle === undefined) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const [first, third] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = FENCE * (third - first);
  const within = sorted.filter((value) => value >= first - reach && value <= third + reach);
  const hair = Math.max(least, Math.abs(middle) * share);
  const min = sorted[0] ?? middle;
  return {
    runs: values.length,
    median: middle,
    // Nothing that is counted or timed is below nothing.
    low: Math.max(Math.min(within[0] ?? middle, middle - hair), Math.min(0, min)),
    high: Math.max(within.at(-1) ?? middle, middle + hair),
    min,
    max: sorted.at(-1) ?? middle,
    values: [...values],
  };
}

export function verdictOn(value: number | null, usual: SpreadOf | undefined): 'usual' | 'above' | 'below' | 'unknown' {
  if (value === null || usual === undefined || usual.runs < ENOUGH) return 'unknown';
  if (value > usual.high) return 'above';
  return value < usual.low ? 'below' : 'usual';
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return below + (above - below) * (place - Math.floor(place));
}
