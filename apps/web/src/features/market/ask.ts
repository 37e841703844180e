import type { SqlAnswer } from '@champion/contract';
import { type BusinessDate, ChampionError, parseIsoDate } from '@champion/core';

/** Reads one value of an answer. */
export type Reader<T> = (value: unknown, column: string) => T;

/** Values of a query's placeholders. */
export type Values = Readonly<Record<string, unknown>>;

/** A query as a value: its name, its SQL with {name:Type} placeholders, and how a row of its answer is read. */
export interface NamedQuery<Parameters extends Values, Row> {
  readonly name: string;
  readonly sql: string;
  readonly columns: { readonly [K in keyof Row]: Reader<Row[K]> };
  readonly maxRows: number;
  /** Only for the type. */
  readonly parameters?: Parameters;
}

export function namedQuery<Parameters extends Values>() {
  return <Row extends object>(query: NamedQuery<Parameters, Row>): NamedQuery<Parameters, Row> => query;
}

/** The rows of an answer by column name; whatever is not as it was said to be is an error that names it. */
export function rowsOf<Row extends object>(query: NamedQuery<Values, Row>, answer: SqlAnswer): Row[] {
  const places = new Map(answer.columns.map(({ name }, at) => [name, at]));
  const readers = Object.entries(query.columns) as [string, Reader<unknown>][];
  for (const [name] of readers) {
    if (!places.has(name)) {
      throw new ChampionError(`the query ${query.name} gave no column ${name}`, {
        code: 'INTERNAL',
        hint: 'The warehouse may be of another version than this page: load the page again.',
        context: { columns: answer.columns.map((column) => column.name) },
      });
    }
  }
  return answer.rows.map(
    (values) =>
      Object.fromEntries(
        readers.map(([name, read]) => [name, read(values[places.get(name) ?? -1], `${query.name}.${name}`)]),
      ) as Row,
  );
}

function wrong(column: string, expected: string, value: unknown): ChampionError {
  return new ChampionError(`${column} is not ${expected}`, { code: 'INTERNAL', context: { value: String(value) } });
}

/** Text, and decimals and 64-bit integers with all their digits. */
export const text: Reader<string> = (value, column) => {
  if (typeof value === 'string') return value;
  throw wrong(column, 'text', value);
};

/** A number small enough for a double: counts, or values that are drawn and not shown to the last digit. */
export const number: Reader<number> = (value, column) => {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof read === 'number' && Number.isFinite(read)) return read;
  throw wrong(column, 'a number', value);
};

export const day: Reader<BusinessDate> = (value, column) => {
  const date = typeof value === 'string' ? parseIsoDate(value) : undefined;
  if (date !== undefined) return date;
  throw wrong(column, 'a date', value);
};

export function orNull<T>(read: Reader<T>): Reader<T | null> {
  return (value, column) => (value === null || value === undefined ? null : read(value, column));
}
