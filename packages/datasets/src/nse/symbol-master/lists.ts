import { type BusinessDate, parseIsoDate, type QuarantinedRow } from '@champion/core';
import type pl from 'nodejs-polars';
import { isBadIsin, isStandIn } from '../../isin.ts';
import { readable } from '../../json/index.ts';

/** A company as EQUITY_L lists it. Amounts are decimal text. */
export interface Listing {
  readonly symbol: string;
  readonly name: string;
  readonly series: string;
  readonly listed: BusinessDate;
  readonly paidUpValue: string | null;
  readonly marketLot: string | null;
  /** Null where none, or a stand-in, is printed. */
  readonly isin: string | null;
  readonly isinPlaceholder: string | null;
  readonly faceValue: string | null;
}

export interface SymbolChange {
  /** What the bearer of the new symbol is called; null where the list leaves it out. */
  readonly company: string | null;
  readonly from: string;
  readonly to: string;
  /** First day of the new symbol. */
  readonly date: BusinessDate;
}

export interface NameChange {
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  /** First day of the new name. */
  readonly date: BusinessDate;
}

export interface Read<Row> {
  readonly rows: readonly Row[];
  readonly quarantined: readonly QuarantinedRow[];
}

/** A row of a list that breaks no rule, or the rule. */
type Judged<Row> = Row | Omit<QuarantinedRow, 'line' | 'input'>;
type Texts = Record<string, string | null>;

/** Outside of these no date of the exchange can lie. */
const FIRST_DATE = '1990-01-01';
const LAST_DATE = '2099-12-31';

export function readListings(bronze: pl.DataFrame): Read<Listing> {
  const lineOf = new Map<string, string>();
  return readRows(bronze, 'equity-list', (row): Judged<Listing> => {
    const symbol = clean(row.SYMBOL);
    const name = clean(row['NAME OF COMPANY']);
    const series = clean(row.SERIES);
    const isin = clean(row['ISIN NUMBER']);
    const listed = dateOf(row, 'DATE OF LISTING');
    if (symbol === null) return { rule: 'key_missing', column: 'SYMBOL', value: null };
    if (name === null) return { rule: 'value_missing', column: 'NAME OF COMPANY', value: null };
    if (series === null) return { rule: 'value_missing', column: 'SERIES', value: null };
    if (typeof listed === 'object') return listed;
    if (isBadIsin(isin)) return { rule: 'isin_check_digit', column: 'ISIN NUMBER', value: isin };
    const before = lineOf.get(symbol);
    if (before !== undefined) {
      return { rule: 'duplicate_key', column: 'SYMBOL', value: `${symbol} as on line ${before}` };
    }
    lineOf.set(symbol, row.source_line ?? '');
    return {
      symbol,
      name,
      series,
      listed,
      paidUpValue: row['PAID UP VALUE'] ?? null,
      marketLot: row['MARKET LOT'] ?? null,
      ...(isin !== null && isStandIn(isin) ? { isin: null, isinPlaceholder: isin } : { isin, isinPlaceholder: null }),
      faceValue: row['FACE VALUE'] ?? null,
    };
  });
}

export function readSymbolChanges(bronze: pl.DataFrame | undefined): Read<SymbolChange> {
  return readRows(bronze, 'symbol-change', (row): Judged<SymbolChange> => {
    const from = clean(row.OLD_SYMBOL);
    const to = clean(row.NEW_SYMBOL);
    const date = dateOf(row, 'CHANGE_DATE');
    if (from === null) return { rule: 'key_missing', column: 'OLD_SYMBOL', value: null };
    if (to === null) return { rule: 'key_missing', column: 'NEW_SYMBOL', value: null };
    if (typeof date === 'object') return date;
    return { company: clean(row.COMPANY), from, to, date };
  });
}

export function readNameChanges(bronze: pl.DataFrame | undefined): Read<NameChange> {
  return readRows(bronze, 'name-change', (row): Judged<NameChange> => {
    const symbol = clean(row.NCH_SYMBOL);
    const from = clean(row.NCH_PREV_NAME);
    const to = clean(row.NCH_NEW_NAME);
    const date = dateOf(row, 'NCH_DT');
    if (symbol === null) return { rule: 'key_missing', column: 'NCH_SYMBOL', value: null };
    if (from === null) return { rule: 'value_missing', column: 'NCH_PREV_NAME', value: null };
    if (to === null) return { rule: 'value_missing', column: 'NCH_NEW_NAME', value: null };
    if (typeof date === 'object') return date;
    return { symbol, from, to, date };
  });
}

function readRows<Row extends object>(
  bronze: pl.DataFrame | undefined,
  input: string,
  judge: (row: Texts) => Judged<Row>,
): Read<Row> {
  const rows: Row[] = [];
  const quarantined: QuarantinedRow[] = [];
  for (const row of bronze ? readable(bronze) : []) {
    const judged = judge(row);
    if ('rule' in judged) quarantined.push({ input, line: Number(row.source_line), ...judged });
    else rows.push(judged);
  }
  return { rows, quarantined };
}

/** Without spaces around it and with single ones inside; null for nothing. */
function clean(text: string | null | undefined): string | null {
  return text?.trim().replace(/\s+/g, ' ') || null;
}

function dateOf(row: Texts, column: string): BusinessDate | Omit<QuarantinedRow, 'line'> {
  const value = row[column] ?? null;
  const date = value === null ? undefined : parseIsoDate(value);
  if (date === undefined) return { rule: 'value_missing', column, value: null };
  return date < FIRST_DATE || date > LAST_DATE ? { rule: 'date_range', column, value } : date;
}
