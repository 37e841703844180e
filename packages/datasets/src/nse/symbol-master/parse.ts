import { ChampionError, type Parsed, type ParseInput, parseExchangeDate, type SourceFile } from '@champion/core';
import type pl from 'nodejs-polars';
import {
  openCsv,
  type RowLayout,
  readHeader,
  requireFile,
  type ScannedRows,
  scanRows,
  typedFrame,
} from '../../csv/index.ts';

interface ListLayout extends RowLayout {
  /** False where the first line is data. */
  readonly header: boolean;
  readonly mayBeEmpty: boolean;
}

function layout(
  columns: RowLayout['columns'],
  { header, mayBeEmpty } = { header: true, mayBeEmpty: true },
): ListLayout {
  return { columns, fields: Object.keys(columns).length, readDate: parseExchangeDate, header, mayBeEmpty };
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The three lists by input name. Column names are the header's without the spaces around them. */
const layouts = {
  'equity-list': layout(
    {
      SYMBOL: 'text',
      'NAME OF COMPANY': 'text',
      SERIES: 'text',
      'DATE OF LISTING': 'date',
      'PAID UP VALUE': 'price',
      'MARKET LOT': 'id',
      'ISIN NUMBER': 'text',
      'FACE VALUE': 'price',
    },
    { header: true, mayBeEmpty: false },
  ),
  // Published without a header: these names are ours.
  'symbol-change': layout(
    { COMPANY: 'text', OLD_SYMBOL: 'text', NEW_SYMBOL: 'text', CHANGE_DATE: 'date' },
    { header: false, mayBeEmpty: true },
  ),
  'name-change': layout({ NCH_SYMBOL: 'text', NCH_PREV_NAME: 'text', NCH_NEW_NAME: 'text', NCH_DT: 'date' }),
} satisfies Record<string, ListLayout>;

/**
 * Reads the list of listed companies, and the lists of changes where they are given, into bronze: the columns as
 * published, typed, plus `source_line`.
 * @throws ChampionError CORRUPT for an unknown header or a list without a readable row
 */
export async function parseSymbolMaster({ files }: ParseInput): Promise<Parsed<pl.DataFrame>> {
  requireFile(files, 'equity-list');
  const bronze: Record<string, pl.DataFrame> = {};
  const quarantined: Parsed<pl.DataFrame>['quarantined'][number][] = [];
  let rowsInFile = 0;
  for (const [input, list] of Object.entries(layouts)) {
    const file = files[input];
    if (!file) continue;
    const rows = await readList(file, list);
    if (rows.lineNumbers.length > 0) bronze[input] = typedFrame(rows, list);
    if (input === 'equity-list') rowsInFile = rows.lineNumbers.length + rows.malformed.length;
    quarantined.push(...rows.malformed.map((row) => ({ ...row, input })));
  }
  return { bronze, format: 'csv', rowsInFile, quarantined };
}

async function readList(file: SourceFile, list: ListLayout): Promise<ScannedRows> {
  const csv = await openCsv(file);
  const { header, dataStart } = readHeader(csv);
  const names = header.split(',').map((name) => name.trim());
  const expected = Object.keys(list.columns);
  if (list.header && names.join() !== expected.join()) {
    throw corrupt(file, `does not begin with the header ${expected.join(', ')}`, { header: header.slice(0, 200) });
  }
  const start = list.header ? dataStart : csv.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  const rows = scanRows(csv, start, list, list.header ? 2 : 1);
  const empty = rows.malformed.length === 0;
  if (rows.lineNumbers.length > 0 || (empty && list.mayBeEmpty)) return rows;
  throw corrupt(file, 'has no readable row', { malformed: rows.malformed.length, first: rows.malformed[0] });
}

function corrupt(file: SourceFile, what: string, context: Record<string, unknown>): ChampionError {
  return new ChampionError(`${file.fileName} ${what}`, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded; the raw file is kept. If the exchange changed the format, teach it to parse.ts of the symbol master.',
    context: { file: file.fileName, ...context },
  });
}
