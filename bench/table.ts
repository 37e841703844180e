import { median } from '@champion/core';

export interface Row {
  readonly figure: string;
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** What the project wants the median to reach. */
  readonly reach?: string;
}

export function spread(values: readonly number[]): Pick<Row, 'median' | 'min' | 'max'> {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: median(values) ?? Number.NaN, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** Prints a Markdown table, as it goes into notes and docs. */
export function printTable(rows: readonly Row[]): void {
  console.log('| Figure | Median | Min | Max | Unit | Reach |\n|---|--:|--:|--:|---|---|');
  for (const { figure, median, min, max, unit, reach } of rows) {
    console.log(`| ${figure} | ${short(median)} | ${short(min)} | ${short(max)} | ${unit} | ${reach ?? ''} |`);
  }
}

export function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);
}
