import { ChampionError } from '@champion/core';

/** Where the fields stand that the edits touch, in whichever of the exchange's spellings the header has them. */
interface Columns {
  readonly symbol: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly last: number;
}

const SPELLINGS: Readonly<Record<keyof Columns, readonly string[]>> = {
  symbol: ['TckrSymb', 'SYMBOL'],
  high: ['HghPric', 'HIGH', 'HIGH_PRICE'],
  low: ['LwPric', 'LOW', 'LOW_PRICE'],
  close: ['ClsPric', 'CLOSE', 'CLOSE_PRICE'],
  last: ['LastPric', 'LAST', 'LAST_PRICE'],
};

interface Table {
  readonly header: string;
  readonly columns: Columns;
  readonly rows: readonly string[];
}

const FEWEST_ROWS = 8;

function read(csv: string): Table {
  const [header = '', ...rows] = csv.trimEnd().split('\n');
  const names = header.split(',').map((name) => name.trim());
  const find = (column: keyof Columns): number => names.findIndex((name) => SPELLINGS[column].includes(name));
  const columns: Columns = {
    symbol: find('symbol'),
    high: find('high'),
    low: find('low'),
    close: find('close'),
    last: find('last'),
  };
  if (Object.values(columns).includes(-1) || rows.length < FEWEST_ROWS) {
    throw new ChampionError('this file cannot be edited: it is not a bhavcopy with some rows', {
      code: 'CORRUPT',
      context: { header, rows: rows.length },
    });
  }
  return { header, columns, rows };
}

const write = (header: string, rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;

function withFields(row: string, changes: Readonly<Record<number, string>>): string {
  return row
    .split(',')
    .map((field, index) => changes[index] ?? field)
    .join(',');
}

/**
 * Breaks five rows, each against another hard rule: a price that is no number, a low above the high, a key that comes
 * twice (one row more), no symbol, and fields missing at the end. All other rows stay as they are.
 */
export function corruptRows(csv: string): string {
  const { header, columns, rows } = read(csv);
  const breakings: readonly ((row: string) => string[])[] = [
    (row) => [withFields(row, { [columns.close]: 'N/A' })],
    (row) => [withFields(row, { [columns.low]: '999999.95' })],
    (row) => [row, row],
    (row) => [withFields(row, { [columns.symbol]: '' })],
    (row) => [row.split(',').slice(0, columns.last).join(',')],
  ];
  const at = breakings.map((_, n) => Math.floor((rows.length * (n + 1)) / (breakings.length + 1)));
  const spoiled = rows.flatMap((row, index) => breakings[at.indexOf(index)]?.(row) ?? [row]);
  return write(header, spoiled);
}

const REVISED_ROWS = 3;

/**
 * A corrected file of the same session: three last prices are set to the close, and the middle row is gone. Every row
 * left still keeps the hard rules.
 */
export function reviseRows(csv: string): string {
  const { header, columns, rows } = read(csv);
  let toRevise = REVISED_ROWS;
  const revised = rows.map((row) => {
    const fields = row.split(',');
    const close = fields[columns.close];
    if (toRevise === 0 || close === undefined || fields[columns.last] === close) return row;
    toRevise--;
    return withFields(row, { [columns.last]: close });
  });
  return write(header, revised.toSpliced(Math.floor(rows.length / 2), 1));
}
