import type { QuarantinedRow } from '@champion/core';
import pl from 'nodejs-polars';
import { sql } from '../../csv/index.ts';
import type { PrintedRow } from './list.ts';

/** What UInt64 and Decimal(18,4) hold without rounding. */
const COUNT = /^\d{1,18}$/;
const PRICE = /^\d{1,14}(\.\d{1,4})?$/;
/** 1,20,58,807: the last three digits, and twos before them. */
const GROUPED = /^\d{1,2}(,\d{2})*,\d{3}(\.\d+)?$/;

/** Numbers as plain digits, null where nothing was printed; a row with one that is none is quarantined. */
export function readNumbers(rows: readonly PrintedRow[]): {
  readonly rows: readonly PrintedRow[];
  readonly malformed: readonly QuarantinedRow[];
} {
  const kept: PrintedRow[] = [];
  const malformed: QuarantinedRow[] = [];
  for (const row of rows) {
    const quantity = plainNumber(row.quantity, COUNT);
    const price = plainNumber(row.price, PRICE);
    if (quantity === undefined || price === undefined) {
      const column = quantity === undefined ? 'quantity' : 'price';
      malformed.push({ line: row.line, rule: 'number_format', column, value: row[column] });
    } else {
      kept.push({ ...row, quantity, price });
    }
  }
  return { rows: kept, malformed };
}

/** Null for an empty cell, undefined for text that is not a number of that shape. */
function plainNumber(printed: string | null, shape: RegExp): string | null | undefined {
  const text = printed?.trim() ?? '';
  if (text === '') return null;
  const digits = GROUPED.test(text) ? text.replaceAll(',', '') : text;
  return shape.test(digits) ? digits : undefined;
}

/** Rows as a typed frame: the date, the texts as printed, quantity (shares) and price (rupees), and `source_line`. */
export function bronzeFrame(rows: readonly PrintedRow[]): pl.DataFrame {
  const texts = (
    ['date', 'symbol', 'security_name', 'client_name', 'side', 'quantity', 'price', 'remarks'] as const
  ).map((name) =>
    pl.Series(
      name,
      rows.map((row) => row[name]),
      pl.String,
    ),
  );
  const lines = pl.Series(
    'source_line',
    rows.map(({ line }) => line),
    pl.UInt32,
  );
  return sql(
    `SELECT * REPLACE (CAST("date" AS DATE) AS "date", CAST(quantity AS BIGINT UNSIGNED) AS quantity,
       CAST(price AS DECIMAL(18,4)) AS price) FROM rows`,
    { rows: pl.DataFrame([...texts, lines]) },
  );
}
