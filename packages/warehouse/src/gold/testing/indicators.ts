// Indicators as textbooks define them, one value after the other: what the warehouse's SQL is held against.

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Wilder's smoothing: the mean of the first ones, then a fourteenth (or so) of each new one. */
function wilder(values: readonly number[], period: number): number {
  let average = mean(values.slice(0, period));
  for (const value of values.slice(period)) average = (average * (period - 1) + value) / period;
  return average;
}

function changesOf(closes: readonly number[]): number[] {
  return closes.slice(1).map((close, i) => close - (closes[i] ?? 0));
}

export function sma(closes: readonly number[], period: number): number | null {
  return closes.length < period ? null : mean(closes.slice(-period));
}

export function ema(closes: readonly number[], period: number): number | null {
  if (closes.length < period) return null;
  let value = mean(closes.slice(0, period));
  for (const close of closes.slice(period)) value += ((close - value) * 2) / (period + 1);
  return value;
}

export function rsi(closes: readonly number[], period: number): number | null {
  const changes = changesOf(closes);
  if (changes.length < period) return null;
  const gain = wilder(
    changes.map((change) => Math.max(change, 0)),
    period,
  );
  const loss = wilder(
    changes.map((change) => Math.max(-change, 0)),
    period,
  );
  return 100 - 100 / (1 + gain / loss);
}

export function atr(bars: readonly { high: number; low: number; close: number }[], period: number): number | null {
  const ranges = bars.slice(1).map(({ high, low }, i) => {
    const before = bars[i]?.close ?? 0;
    return Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
  });
  return ranges.length < period ? null : wilder(ranges, period);
}
