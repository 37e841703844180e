import type { Point } from '../api/types.ts';

export const AXES = ['step', 'time'] as const;
export type Axis = (typeof AXES)[number];

/** A metric's points along an axis, in its order; NaN and infinities are gaps. Time is in seconds since 1970. */
export function along(points: readonly Point[], axis: Axis): { readonly x: number[]; readonly y: (number | null)[] } {
  const at = (point: Point) => (axis === 'step' ? point.step : point.timestamp / 1000);
  const sorted = points.toSorted((a, b) => at(a) - at(b) || a.timestamp - b.timestamp || a.step - b.step);
  return { x: sorted.map(at), y: sorted.map(({ value }) => (Number.isFinite(value) ? value : null)) };
}

/** Steps, unless all points have the same one: then they lie in time alone. */
export function usualAxis(points: readonly Point[]): Axis {
  return new Set(points.map(({ step }) => step)).size > 1 ? 'step' : 'time';
}
