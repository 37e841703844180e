import type { SqlAnswer } from '@champion/contract';

type Column = SqlAnswer['columns'][number];

/** Without Nullable(...) and LowCardinality(...). */
function plainType(type: string): string {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1];
  return inner === undefined ? type : plainType(inner);
}

export function isNumeric(type: string): boolean {
  return /^(U?Int\d+|Float\d+|Decimal)/.test(plainType(type));
}

export function isTemporal(type: string): boolean {
  return /^Date/.test(plainType(type));
}

/** A value as it is: text and numbers untouched, the rest as JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const CHARACTER = 7.3;
/** Rows that are looked at to find how wide a column is. */
const SAMPLE = 200;

/** Pixels that a column takes: its widest value among the first rows, within reason. */
export function widthOf(column: Column, rows: SqlAnswer['rows'], at: number): number {
  let longest = column.name.length + 1;
  for (const row of rows.slice(0, SAMPLE)) longest = Math.max(longest, cellText(row[at] ?? 'null').length);
  return Math.round(Math.min(340, Math.max(48, longest * CHARACTER + 6)));
}

/** RFC 4180, with a line of names; null is an empty field, an empty text is quoted. */
export function toCsv(columns: readonly Column[], rows: SqlAnswer['rows']): string {
  const field = (value: unknown) => {
    if (value === null || value === undefined) return '';
    const text = cellText(value);
    return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(({ name }) => field(name)).join(',')];
  for (const row of rows) lines.push(columns.map((_, at) => field(row[at])).join(','));
  return `${lines.join('\r\n')}\r\n`;
}
