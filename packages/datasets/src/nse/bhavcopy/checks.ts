import { type Anomaly, plural, type QuarantinedRow } from '@champion/core';
import pl from 'nodejs-polars';
import { quote, sql } from '../../csv/index.ts';
import type { Rule } from './rules.ts';

/** Rows with `symbol`, `series` and `source_line`, sorted by them. */
export type Rows = pl.DataFrame;

/** Rows that break one of the rules, each under the first it breaks. */
export function brokenRows(rows: Rows, rules: readonly Rule[]): QuarantinedRow[] {
  const cases = rules.map(({ breaks }, i) => `WHEN ${breaks} THEN ${i}`).join(' ');
  const broken = sql(
    `SELECT * FROM (SELECT *, CASE ${cases} ELSE NULL END AS broken FROM rows) AS t WHERE broken IS NOT NULL`,
    {
      rows,
    },
  );
  return readable(broken).map((row) => {
    const rule = rules[Number(row.broken)];
    return {
      line: Number(row.source_line),
      rule: rule?.rule ?? '',
      column: rule?.column ?? '',
      value: rule ? (row[rule.column] ?? null) : null,
    };
  });
}

/** The first row of a key stays, each further one names it. */
export function duplicates(rows: Rows): QuarantinedRow[] {
  // Asked first, since it is far cheaper than reading all keys and the answer is almost always no.
  const repeated = sql('SELECT symbol FROM rows GROUP BY symbol, series HAVING COUNT(*) > 1', { rows });
  if (repeated.height === 0) return [];
  const symbols = texts(rows, 'symbol');
  const series = texts(rows, 'series');
  const found: QuarantinedRow[] = [];
  let first = 0;
  for (let i = 1; i < symbols.length; i++) {
    if (symbols[i] !== symbols[first] || series[i] !== series[first]) {
      first = i;
      continue;
    }
    const value = `${symbols[i]}:${series[i]} as on line ${lineOf(rows, first)}`;
    found.push({ line: lineOf(rows, i), rule: 'duplicate_key', column: 'symbol,series', value });
  }
  return found;
}

export function softBreaks(rows: Rows, rules: readonly Rule[]): Anomaly[] {
  const counts = rules.map(({ breaks }, i) => `SUM(CASE WHEN ${breaks} THEN 1 ELSE 0 END) AS r${i}`).join(', ');
  const [count = {}] = sql(`SELECT ${counts} FROM rows`, { rows }).toRecords();
  return rules.flatMap(({ rule, column, breaks }, i) => {
    const rowsBroken = Number(count[`r${i}`] ?? 0);
    if (rowsBroken === 0) return [];
    const [example = {}] = readable(sql(`SELECT * FROM rows WHERE ${breaks} LIMIT 1`, { rows }));
    const said = `${example.symbol} ${example.series} with ${column} ${example[column]}`;
    return [{ rule, count: rowsBroken, message: `${plural(rowsBroken, 'row')}, for example ${said}` }];
  });
}

/** The rows that were not quarantined. */
export function without(rows: Rows, quarantined: readonly QuarantinedRow[]): Rows {
  if (quarantined.length === 0) return rows;
  const lines = pl.DataFrame({
    line: pl.Series(
      'line',
      quarantined.map(({ line }) => line),
      pl.UInt32,
    ),
  });
  return sql(
    'SELECT rows.* FROM rows LEFT ANTI JOIN lines ON rows.source_line = lines.line ORDER BY symbol, series, source_line',
    {
      rows,
      lines,
    },
  );
}

export function texts(rows: Rows, column: string): (string | null)[] {
  return rows.getColumn(column).toArray() as (string | null)[];
}

/** The line in the published file, 1-based, of the row at an index. */
export function lineOf(rows: Rows, index: number): number {
  return Number(rows.getColumn('source_line').getIndex(index));
}

/** Rows as text; decimals cannot be read into JavaScript otherwise. For the few rows that are shown, not for a file. */
export function readable(rows: Rows): Record<string, string | null>[] {
  if (rows.height === 0) return [];
  return sql(
    `SELECT ${rows.columns.map((column) => `CAST(${quote(column)} AS VARCHAR) AS ${quote(column)}`)} FROM rows`,
    {
      rows,
    },
  ).toRecords() as Record<string, string | null>[];
}
