import type { SqlAnswer } from '@champion/contract';
import { isNumeric, isTemporal } from './cells.ts';

type Answer = Pick<SqlAnswer, 'columns' | 'rows'>;

/** Columns that can be drawn upwards. */
export function numericColumns({ columns }: Answer): string[] {
  return columns.filter(({ type }) => isNumeric(type)).map(({ name }) => name);
}

/** What to draw unless told otherwise: over the first date, else the first text, else the rows' numbers. */
export function suggestAxes(answer: Answer): {
  readonly x: string | undefined;
  readonly y: readonly string[];
  readonly kind: 'line' | 'bars';
} {
  const temporal = answer.columns.find(({ type }) => isTemporal(type));
  const words = answer.columns.find(({ type }) => !isNumeric(type));
  // A line between things that have no order says something that is not so.
  const kind = temporal === undefined && words !== undefined ? 'bars' : 'line';
  return { x: (temporal ?? words)?.name, y: numericColumns(answer).slice(0, 1), kind };
}

export interface Chart {
  /** Ascending places; times are seconds since 1970. */
  readonly x: readonly number[];
  readonly time: boolean;
  readonly labels: readonly string[];
  readonly values: readonly (readonly (number | null)[])[];
}

/** Points that a chart draws; more are left out. */
export const MOST_POINTS = 20_000;

/** The drawn columns over another one, ascending where that is a time. Digits beyond a double's are not seen. */
export function chartOf({ columns, rows }: Answer, x: string | undefined, y: readonly string[]): Chart {
  const at = columns.findIndex(({ name }) => name === x);
  const time = at >= 0 && isTemporal(columns[at]?.type ?? '');
  const places = y.map((name) => columns.findIndex((column) => column.name === name));
  const points = rows.slice(0, MOST_POINTS).map((row, index) => {
    const label = at < 0 ? String(index + 1) : String(row[at] ?? '');
    const moment = Date.parse(label.length > 10 ? `${label.replace(' ', 'T')}Z` : `${label}T00:00:00Z`) / 1000;
    return { place: time ? moment : index, label, values: places.map((place) => toNumber(row[place])) };
  });
  const known = points.filter(({ place }) => Number.isFinite(place));
  if (time) known.sort((a, b) => a.place - b.place);
  return {
    x: known.map(({ place }) => place),
    time,
    labels: known.map(({ label }) => label),
    values: y.map((_, index) => known.map(({ values }) => values[index] ?? null)),
  };
}

function toNumber(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
