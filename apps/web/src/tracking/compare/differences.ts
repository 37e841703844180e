import type { Point, Run } from '../api/types.ts';

/** One key of the compared runs: what each has there, in the order of the runs. */
export interface ComparedRow<T> {
  readonly key: string;
  readonly values: readonly (T | undefined)[];
  /** Not the same in all of them. */
  readonly differs: boolean;
}

export function comparedTexts(runs: readonly Run[], of: (run: Run) => Readonly<Record<string, string>>) {
  return compared<string>(runs.map(of), (a, b) => a === b);
}

export function comparedMetrics(runs: readonly Run[]): ComparedRow<Point>[] {
  // NaN is the same as NaN here: nothing to see.
  return compared<Point>(
    runs.map(({ metrics }) => metrics),
    (a, b) => Object.is(a.value, b.value),
  );
}

function compared<T>(records: readonly Readonly<Record<string, T>>[], same: (a: T, b: T) => boolean): ComparedRow<T>[] {
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))].sort((a, b) => a.localeCompare(b));
  return keys.map((key) => {
    const values = records.map((record) => record[key]);
    const [first] = values;
    const differs = values.some((value) =>
      value === undefined || first === undefined ? value !== first : !same(value, first),
    );
    return { key, values, differs };
  });
}

/** How far a number is from another one, as "+3.2 %"; nothing where that says nothing. */
export function changeText(value: number, base: number): string | undefined {
  const share = (value - base) / Math.abs(base);
  if (!Number.isFinite(share) || share === 0) return undefined;
  const percent = Math.abs(share * 100);
  const sign = share > 0 ? '+' : '−';
  if (percent >= 999.5) return `> ${sign}999 %`;
  return percent < 0.05 ? `< ${sign}0.1 %` : `${sign}${percent.toFixed(percent < 99.95 ? 1 : 0)} %`;
}
