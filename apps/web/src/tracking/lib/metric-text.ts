import { count, percent } from '../../lib/numbers.ts';
import { duration } from '../../lib/time.ts';

const figures = new Intl.NumberFormat('en-IN', { maximumSignificantDigits: 6 });

/** A metric's value as people read it; its name tells the unit: seconds, megabytes, a share, else a plain number. */
export function metricText(key: string, value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if ((key.endsWith('_seconds') || key === 'total_duration') && value >= 0) return duration(value);
  if (key.endsWith('_mb')) return `${value < 0.1 ? figures.format(value) : value.toFixed(2)} MB`;
  if (key.endsWith('_rate') && value >= 0 && value <= 1) return percent(value, 2);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return count(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e15) ? value.toExponential(3) : figures.format(value);
}

/** A metric's name above a column: "scrape" of "scrape_duration_seconds", for the values say that they are times. */
export function metricHeader(key: string): string {
  return key.replace(/(?<=.)_duration_seconds$/, '');
}
