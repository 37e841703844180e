/** What a label says of a value that is not among those it may take. */
export const OTHER = 'other';

/**
 * Keeps a label to values that are known beforehand: each further value would be a time series for good.
 * @returns the value, or "other"
 */
export function known(values: Iterable<string>): (value: string) => string {
  const allowed = new Set(values);
  return (value) => (allowed.has(value) ? value : OTHER);
}
