import { type BusinessDate, ChampionError, parseIsoDate } from '@champion/core';
import type { ColumnType, SessionLayout } from '../../csv/index.ts';

/** The published columns. The ratios of an index whose members lose money may be negative. */
const columns = {
  'Index Name': 'text',
  'Index Date': 'date',
  'Open Index Value': 'price',
  'High Index Value': 'price',
  'Low Index Value': 'price',
  'Closing Index Value': 'price',
  'Points Change': 'signed',
  'Change(%)': 'signed',
  Volume: 'count',
  'Turnover (Rs. Cr.)': 'turnover',
  'P/E': 'signed',
  'P/B': 'signed',
  'Div Yield': 'price',
} as const satisfies Record<string, ColumnType>;

const names = Object.keys(columns);

/** 03-07-2024 → 2024-07-03. */
function readDate(text: string): BusinessDate | undefined {
  const parts = /^(\d{2})-(\d{2})-(\d{4})$/.exec(text);
  return parts ? parseIsoDate(`${parts[3]}-${parts[2]}-${parts[1]}`) : undefined;
}

const layout: SessionLayout = {
  columns,
  dateColumn: 'Index Date',
  fields: names.length,
  readDate,
  absent: '-',
  barePoint: true,
};

/** The layout of a header line. Throws CORRUPT on any other header: the exchange changed its format, or it is another file. */
export function layoutOf(header: string, fileName: string): SessionLayout {
  if (header === names.join(',')) return layout;
  throw new ChampionError(`${fileName} does not begin with the header of the indices' closing file`, {
    code: 'CORRUPT',
    hint: 'If the exchange changed the format, change format.ts of the indices-close dataset; the raw file is kept.',
    context: { file: fileName, header: header.slice(0, 200) },
  });
}

/** The session that a file's published name speaks of; undefined for other names. */
export function dateOfFileName(fileName: string): BusinessDate | undefined {
  const parts = /^ind_close_all_(\d{2})(\d{2})(\d{4})\.csv$/i.exec(fileName);
  return parts ? parseIsoDate(`${parts[3]}-${parts[2]}-${parts[1]}`) : undefined;
}
