import { plainStyle, type Style } from './style.ts';
import { type Column, renderTable } from './table.ts';
import { printable, truncate } from './text.ts';

/** A query's answer as the warehouse gives it: numbers beyond a double's precision, decimals among them, are text. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

export const formats = ['table', 'json', 'jsonl', 'csv'] as const;
export type Format = (typeof formats)[number];

/** Longest cell of a table: one wide value must not push the others off the screen. The other formats keep it whole. */
const WIDEST_CELL = 100;
const NUMBER = /^(Nullable\(|LowCardinality\()*(U?Int|Float|BFloat|Decimal)/;

/** An answer in one of the formats, as pieces to be written in turn. */
export function* renderRows(answer: Answer, format: Format, style: Style = plainStyle): Generator<string> {
  if (format === 'table') yield tableOf(answer, style);
  else if (format === 'csv') yield* csvOf(answer);
  else yield* jsonOf(answer, format);
}

function tableOf({ columns, rows }: Answer, style: Style): string {
  const heads = columns.map(
    ({ name, type }): Column => ({ header: printable(name), align: NUMBER.test(type) ? 'right' : 'left' }),
  );
  const cell = (value: unknown) => (value === null ? style.dim('∅') : truncate(printable(textOf(value)), WIDEST_CELL));
  return renderTable(
    heads,
    rows.map((row) => row.map(cell)),
    style,
  );
}

/** RFC 4180 with \n. NULL is an empty field, an empty text is `""`. */
function* csvOf({ columns, rows }: Answer): Generator<string> {
  yield `${columns.map(({ name }) => quoted(name)).join(',')}\n`;
  for (const row of rows) yield `${row.map((value) => (value === null ? '' : quoted(textOf(value)))).join(',')}\n`;
}

function quoted(text: string): string {
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One object per row, on one line each. */
function* jsonOf({ columns, rows }: Answer, format: 'json' | 'jsonl'): Generator<string> {
  const lines = format === 'jsonl';
  const object = (row: readonly unknown[]) =>
    JSON.stringify(Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])));
  if (!lines) yield '[';
  for (const [i, row] of rows.entries()) {
    yield lines ? `${object(row)}\n` : `${i === 0 ? '' : ','}\n  ${object(row)}`;
  }
  if (!lines) yield rows.length === 0 ? ']\n' : '\n]\n';
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
