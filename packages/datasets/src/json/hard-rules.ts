import type { QuarantinedRow } from '@champion/core';
import pl from 'nodejs-polars';
import { quote, sql } from '../csv/index.ts';

/** A rule on rows as an SQL predicate over their columns. */
export interface RowRule {
  readonly rule: string;
  /** The column that is shown with the row. */
  readonly column: string;
  /** True for a row that breaks the rule; null counts as false. */
  readonly breaks: string;
}

export interface Judged {
  readonly kept: pl.DataFrame;
  readonly quarantined: readonly QuarantinedRow[];
}

/**
 * Takes out the rows that break a rule, each under the first it breaks, then those whose key stood on an earlier row.
 * @param rows with a `source_line` column
 * @param key columns that make a row one row
 */
export function judge(rows: pl.DataFrame, rules: readonly RowRule[], key: readonly string[]): Judged {
  const broken = brokenRows(rows, rules);
  const sound = without(rows, broken);
  const repeated = duplicates(sound, key);
  return { kept: without(sound, repeated), quarantined: [...broken, ...repeated] };
}

function brokenRows(rows: pl.DataFrame, rules: readonly RowRule[]): QuarantinedRow[] {
  const cases = rules.map(({ breaks }, i) => `WHEN ${breaks} THEN ${i}`).join(' ');
  const found = sql(
    `SELECT * FROM (SELECT *, CASE ${cases} ELSE NULL END AS broken FROM rows) AS t WHERE broken IS NOT NULL`,
    { rows },
  );
  return readable(found).map((row) => {
    const { rule = '', column = '' } = rules[Number(row.broken)] ?? {};
    return { line: Number(row.source_line), rule, column, value: row[column] ?? null };
  });
}

function duplicates(rows: pl.DataFrame, key: readonly string[]): QuarantinedRow[] {
  const first = new Map<string, string>();
  const found: QuarantinedRow[] = [];
  const columns = [...key, 'source_line'].map((name) => `CAST(${quote(name)} AS VARCHAR) AS ${quote(name)}`);
  const records = sql(`SELECT ${columns.join(', ')} FROM rows`, { rows }).toRecords() as Record<string, string>[];
  records.sort((a, b) => Number(a.source_line) - Number(b.source_line));
  for (const row of records) {
    const name = key.map((column) => row[column]).join(' ');
    const line = row.source_line ?? '';
    const before = first.get(name);
    if (before === undefined) first.set(name, line);
    else {
      const value = `${name} as in row ${before}`;
      found.push({ line: Number(line), rule: 'duplicate_key', column: key.join(','), value });
    }
  }
  return found;
}

function without(rows: pl.DataFrame, quarantined: readonly QuarantinedRow[]): pl.DataFrame {
  if (quarantined.length === 0) return rows;
  const line = pl.Series(
    'line',
    quarantined.map((row) => row.line),
    pl.UInt32,
  );
  return sql('SELECT rows.* FROM rows LEFT ANTI JOIN lines ON rows.source_line = lines.line', {
    rows,
    lines: pl.DataFrame([line]),
  });
}

/** Rows as text; decimals cannot be read into JavaScript otherwise. */
export function readable(rows: pl.DataFrame): Record<string, string | null>[] {
  if (rows.height === 0) return [];
  const columns = rows.columns.map((column) => `CAST(${quote(column)} AS VARCHAR) AS ${quote(column)}`);
  return sql(`SELECT ${columns.join(', ')} FROM rows`, { rows }).toRecords() as Record<string, string | null>[];
}
