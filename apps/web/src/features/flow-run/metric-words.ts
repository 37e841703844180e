import type { RunMetric } from '@champion/contract';
import { bytes, count, percent } from '../../lib/numbers.ts';
import { duration } from '../../lib/time.ts';

/** A number as its unit is written. */
export function metricValue(unit: RunMetric['unit'], value: number): string {
  if (unit === 'seconds') return duration(value);
  if (unit === 'bytes') return bytes(value);
  if (unit === 'ratio') return percent(value, 2);
  if (unit === 'rows' || Number.isInteger(value) || Math.abs(value) >= 100) return count(Math.round(value));
  return value.toPrecision(4);
}

/** "1.10 – 1.40 s": the unit once where both ends have the same. */
export function metricRange(unit: RunMetric['unit'], low: number, high: number): string {
  const [from, to] = [metricValue(unit, low), metricValue(unit, high)];
  if (from === to) return from;
  const [, number = from, word = ''] = /^(\S+) (\D+)$/.exec(from) ?? [];
  return word !== '' && to.endsWith(` ${word}`) ? `${number} – ${to}` : `${from} – ${to}`;
}

/** "rows_loaded" → "rows loaded"; a task or flow keeps its name. */
export function metricName({ kind, name }: Pick<RunMetric, 'kind' | 'name'>): string {
  return kind === 'run' || kind === 'result' ? name.replaceAll('_', ' ') : name;
}

export const VERDICTS: Readonly<Record<RunMetric['verdict'], string>> = {
  usual: 'as usual',
  above: 'more than usual',
  below: 'less than usual',
  unknown: 'nothing to go by',
};

/** "scrape_bhavcopy 1.23 s, usually 1.10 – 1.40 s", and out of it "…, more than usual: 1.10 – 1.40 s". */
export function metricSentence(metric: RunMetric): string {
  const { unit, value, usual, verdict } = metric;
  const name = metricName(metric);
  const own = value === null ? 'not there yet' : metricValue(unit, value);
  if (usual === null) return `${name} ${own}`;
  const words = verdict === 'above' || verdict === 'below' ? `${VERDICTS[verdict]}:` : 'usually';
  return `${name} ${own}, ${words} ${metricRange(unit, usual.low, usual.high)}`;
}
