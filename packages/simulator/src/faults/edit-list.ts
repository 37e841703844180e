/**
 * Edits of the exchange's other lists: deals, listed companies, changes, constituents. What they have in common is a
 * column with a symbol, and one that no rule lets be anything.
 */

const SYMBOLS = ['SYMBOL', 'Symbol', 'NCH_SYMBOL', 'Index Name'];
const VALUES = ['Quantity Traded', 'Quantity', 'DATE OF LISTING', 'NCH_DT', 'ISIN Code', 'Closing Index Value'];
const BHAVCOPY = /^(TradDt|SYMBOL, ?SERIES)/;

const QUOTED_COMMA = '\u0000';
/** Fields with their quotes, so that an untouched line comes out as it went in. */
const fieldsOf = (line: string): string[] =>
  line
    .replace(/"[^"]*"/g, (quoted) => quoted.replaceAll(',', QUOTED_COMMA))
    .split(',')
    .map((field) => field.replaceAll(QUOTED_COMMA, ','));

const nameOf = (field: string): string =>
  field
    .replace(/^\u{feff}/u, '')
    .replaceAll('"', '')
    .trim();

interface List {
  readonly lines: readonly string[];
  /** Where the rows begin: 0 when there is no header. */
  readonly first: number;
  readonly end: string;
  readonly symbol: number;
  readonly value: number;
}

function read(csv: string): List {
  const end = csv.endsWith('\n') ? '\n' : '';
  const lines = (end === '' ? csv : csv.slice(0, -1)).split('\n');
  const names = fieldsOf(lines[0] ?? '').map(nameOf);
  const symbol = names.findIndex((name) => SYMBOLS.includes(name));
  const value = names.findIndex((name) => VALUES.includes(name));
  // symbolchange.csv has no header: company, old symbol, new symbol, date.
  return symbol === -1 ? { lines, first: 0, end, symbol: 1, value: 3 } : { lines, first: 1, end, symbol, value };
}

/** Whether the text is such a list, and no bhavcopy. */
export function isList(csv: string): boolean {
  return !BHAVCOPY.test(csv);
}

function withField(line: string, at: number, text: string): string {
  const fields = fieldsOf(line);
  fields[at] = fields[at]?.startsWith('"') ? `"${text}"` : text;
  return fields.join(',');
}

/** Breaks up to three rows: a value that is none (`N/A`), no symbol, and the last two fields missing. */
export function corruptList(csv: string): string {
  const { lines, first, end, symbol, value } = read(csv);
  const breakings: readonly ((line: string) => string)[] = [
    (line) => withField(line, value, 'N/A'),
    (line) => withField(line, symbol, ''),
    (line) => fieldsOf(line).slice(0, -2).join(','),
  ];
  const rows = lines.length - first;
  const at = breakings.map((_, n) => first + Math.floor((rows * (n + 1)) / (breakings.length + 1)));
  return lines.map((line, index) => breakings[at.indexOf(index)]?.(line) ?? line).join('\n') + end;
}

/** A corrected list: the middle row is gone. */
export function reviseList(csv: string): string {
  const { lines, first, end } = read(csv);
  return lines.toSpliced(first + Math.floor((lines.length - first) / 2), lines.length > first ? 1 : 0).join('\n') + end;
}
