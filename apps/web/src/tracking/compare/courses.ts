import type { Point } from '../api/types.ts';

/** A point of one of several runs. */
export interface RunPoint extends Point {
  readonly runId: string;
}

/**
 * One metric of several runs on a common axis of steps: at each step each run's newest value, nothing where it has none.
 * @param runIds whose lines, in this order
 */
export function courses(
  points: readonly RunPoint[],
  runIds: readonly string[],
): { readonly x: readonly number[]; readonly lines: readonly (readonly (number | null)[])[] } {
  const x = [...new Set(points.map(({ step }) => step))].sort((a, b) => a - b);
  const places = new Map(x.map((step, place) => [step, place]));
  const lines = runIds.map((): (number | null)[] => x.map(() => null));
  for (const { runId, step, value } of points.toSorted((a, b) => a.timestamp - b.timestamp)) {
    const line = lines[runIds.indexOf(runId)];
    const place = places.get(step);
    if (line !== undefined && place !== undefined) line[place] = Number.isFinite(value) ? value : null;
  }
  return { x, lines };
}
