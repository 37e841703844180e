import { ChampionError, parseExchangeDate } from '@champion/core';
import type pl from 'nodejs-polars';
import { type ColumnType, type RowLayout, readHeader, scanRows, typedFrame } from '../../csv/index.ts';
import type { DealType } from './kinds.ts';
import type { Cell, DealsList, PrintedRow } from './list.ts';
import { isQuoted, saysNoRecords } from './undated.ts';

/** Columns by their heading, written as `headingKey` does. */
const HEADINGS: Readonly<Record<string, Cell>> = {
  date: 'date',
  symbol: 'symbol',
  securityname: 'security_name',
  clientname: 'client_name',
  'buy/sell': 'side',
  quantitytraded: 'quantity',
  quantity: 'quantity',
  'tradeprice/wght.avg.price': 'price',
  remarks: 'remarks',
};

const DEALS = 'date,symbol,security_name,client_name,side,quantity,price';
const HEADERS: Readonly<Record<DealType, readonly string[]>> = {
  BULK: [DEALS, `${DEALS},remarks`],
  BLOCK: [DEALS, `${DEALS},remarks`],
  SHORT: ['date,symbol,security_name,quantity', 'date,symbol,security_name,quantity,remarks'],
};

/**
 * Reads the API's csv answer or an archives' file. Cells stay text here: the API groups its digits (1,20,58,807).
 * @throws ChampionError CORRUPT when the header is not one of a list of this type
 */
export function readCsv(csv: Buffer, fileName: string, dealType: DealType): DealsList {
  const { header, dataStart } = readHeader(csv);
  const columns = columnsOf(header, fileName, dealType);
  const format = isQuoted(header) ? 'api_csv' : 'archive_csv';
  if (saysNoRecords(csv, dataStart)) return { format, rows: [], malformed: [], saysNone: true };
  const layout: RowLayout = {
    columns: Object.fromEntries(columns.map((name): [Cell, ColumnType] => [name, name === 'date' ? 'date' : 'text'])),
    fields: columns.length,
    readDate: (text) => parseExchangeDate(unquote(text)),
  };
  const scanned = scanRows(csv, dataStart, layout);
  const { malformed } = scanned;
  if (scanned.lineNumbers.length === 0) return { format, rows: [], malformed, saysNone: false };
  const frame = typedFrame(scanned, layout);
  const texts = (name: Cell): readonly (string | null)[] => (columns.includes(name) ? textsOf(frame, name) : []);
  const [symbols, securities, clients, sides] = [
    texts('symbol'),
    texts('security_name'),
    texts('client_name'),
    texts('side'),
  ];
  const [quantities, prices, remarks] = [texts('quantity'), texts('price'), texts('remarks')];
  const dates = scanned.dates.get('date') ?? [];
  const rows = scanned.lineNumbers.map(
    (line, i): PrintedRow => ({
      line,
      date: (dates[i] ?? null) as PrintedRow['date'],
      symbol: symbols[i] ?? null,
      security_name: securities[i] ?? null,
      client_name: clients[i] ?? null,
      side: sides[i] ?? null,
      quantity: quantities[i] ?? null,
      price: prices[i] ?? null,
      remarks: remarks[i] ?? null,
    }),
  );
  return { format, rows, malformed, saysNone: false };
}

function columnsOf(header: string, fileName: string, dealType: DealType): readonly Cell[] {
  const columns = header.split(',').map((heading) => HEADINGS[headingKey(heading)]);
  if (HEADERS[dealType].includes(columns.join(','))) return columns.filter((name) => name !== undefined);
  throw new ChampionError(`${fileName} does not begin with the header of ${dealType.toLowerCase()} deals`, {
    code: 'CORRUPT',
    hint: 'If the exchange changed the format, add its headings to read-csv.ts of the deals; the raw file is kept.',
    context: { file: fileName, header: header.slice(0, 200) },
  });
}

/** Headings differ between the API and the archives in quotes and spaces alone. */
function headingKey(heading: string): string {
  return unquote(heading).replaceAll(' ', '').toLowerCase();
}

function unquote(text: string): string {
  return text.replace(/^"(.*)"$/, '$1').trim();
}

function textsOf(frame: pl.DataFrame, name: Cell): (string | null)[] {
  return frame.getColumn(name).toArray() as (string | null)[];
}
