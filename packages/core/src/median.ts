/** The middle value, or the mean of the middle two; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle];
  if (high === undefined || sorted.length % 2 === 1) return high;
  return ((sorted[middle - 1] ?? high) + high) / 2;
}
