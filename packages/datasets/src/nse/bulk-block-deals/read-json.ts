import { ChampionError, parseExchangeDate, type QuarantinedRow } from '@champion/core';
import { type JsonObject, type JsonValue, jsonText, list, numberText, object, parseJson } from '../../json/index.ts';
import type { DealType } from './kinds.ts';
import type { Cell, DealsList, PrintedRow } from './list.ts';

type Fields = Readonly<Partial<Record<Cell, string>>> & { readonly date: string };

/** The API's names. It also sends an "order": midnight in India as an instant in UTC, which is the day before. */
const DEAL_FIELDS: Fields = {
  date: 'BD_DT_DATE',
  symbol: 'BD_SYMBOL',
  security_name: 'BD_SCRIP_NAME',
  client_name: 'BD_CLIENT_NAME',
  side: 'BD_BUY_SELL',
  quantity: 'BD_QTY_TRD',
  price: 'BD_TP_WATP',
  remarks: 'BD_REMARKS',
};
const SHORT_FIELDS: Fields = { date: 'SS_DATE', symbol: 'SS_SYMBOL', security_name: 'SS_NAME', quantity: 'SS_QTY' };

export function looksLikeJson(bytes: Buffer): boolean {
  return /^(?:\u{feff})?\s*[[{]/u.test(bytes.toString('utf8', 0, 64));
}

/**
 * The rows of the API's JSON answer: `{ "data": [...] }`, or the list alone.
 * @throws ChampionError CORRUPT when it is neither; `{}` is a failure, not an empty list
 */
export function jsonRows(bytes: Uint8Array, fileName: string): readonly JsonValue[] {
  const answer = parseJson(bytes, fileName);
  const rows = list(answer) ?? list(object(answer)?.data);
  if (rows) return rows;
  throw new ChampionError(`${fileName} holds no list of deals`, {
    code: 'CORRUPT',
    hint: 'The exchange answers {} when it fails: fetch it again later; the raw file is kept.',
    context: { file: fileName, begins: Buffer.from(bytes).toString('utf8', 0, 120) },
  });
}

/** Reads the API's JSON answer; its numbers keep the digits they were printed with. */
export function readJson(bytes: Uint8Array, fileName: string, dealType: DealType): DealsList {
  const fields = dealType === 'SHORT' ? SHORT_FIELDS : DEAL_FIELDS;
  const rows: PrintedRow[] = [];
  const malformed: QuarantinedRow[] = [];
  jsonRows(bytes, fileName).forEach((row, i) => {
    const read = readRow(row, i + 1, fields);
    if ('rule' in read) malformed.push(read);
    else rows.push(read);
  });
  return { format: 'api_json', rows, malformed, saysNone: false };
}

function readRow(value: JsonValue, line: number, fields: Fields): PrintedRow | QuarantinedRow {
  const row = object(value);
  if (!row) return { line, rule: 'row_shape', column: '', value: jsonText(value) };
  const cells: Partial<Record<Cell, string | null>> = {};
  for (const [cell, name] of Object.entries(fields) as [Cell, string][]) {
    const printed = fieldOf(row, name);
    if (printed === undefined) return { line, rule: 'row_shape', column: name, value: jsonText(row[name] ?? null) };
    cells[cell] = printed;
  }
  const { date: day = null, symbol = null, security_name = null, client_name = null, side = null } = cells;
  const { quantity = null, price = null, remarks = null } = cells;
  const date = day === null || day.trim() === '' ? null : parseExchangeDate(day.trim());
  if (date === undefined) return { line, rule: 'date_format', column: fields.date, value: day };
  return { line, date, symbol, security_name, client_name, side, quantity, price, remarks };
}

/** A string as it was printed, spaces and all, or a number's digits; undefined for anything but text, numbers and null. */
function fieldOf(row: JsonObject, name: string): string | null | undefined {
  const value = Object.hasOwn(row, name) ? (row[name] ?? null) : null;
  if (value === null) return null;
  return numberText(value) ?? (typeof value === 'string' ? value : undefined);
}
