import type { System, SystemHistory, SystemSample } from '@champion/contract';

type Requests = System['api']['last_hour'];

/** Samples as a chart takes them. Where the server was away there is a gap rather than a line. */
export function columnsOf({ samples, every_seconds }: SystemHistory): {
  /** Seconds since 1970. */
  readonly x: readonly number[];
  readonly of: (value: (sample: SystemSample) => number | null) => (number | null)[];
} {
  const x: number[] = [];
  const shown: (SystemSample | null)[] = [];
  for (const sample of samples) {
    const at = Math.round(Date.parse(sample.at) / 1000);
    const before = x.at(-1);
    if (before !== undefined && at <= before) continue;
    if (before !== undefined && at - before > every_seconds * 3) {
      x.push(before + every_seconds);
      shown.push(null);
    }
    x.push(at);
    shown.push(sample);
  }
  return { x, of: (value) => shown.map((sample) => (sample === null ? null : value(sample))) };
}

/** The share of requests that were answered as they should be: a refusal is an answer. Null where there were none. */
export function availability({ answered, refused, failed }: Requests): number | null {
  const all = answered + refused + failed;
  return all === 0 ? null : (answered + refused) / all;
}
