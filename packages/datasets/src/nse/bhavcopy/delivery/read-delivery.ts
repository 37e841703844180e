import {
  type BusinessDate,
  ChampionError,
  type Parsed,
  parseExchangeDate,
  parseIsoDate,
  type QuarantinedRow,
  type SourceFile,
} from '@champion/core';
import pl from 'nodejs-polars';
import {
  openCsv,
  type RowLayout,
  readHeader,
  refuseOtherDates,
  type ScannedRows,
  scanRows,
  typedFrame,
} from '../../../csv/index.ts';
import { unpadded } from './unpadded.ts';

/** The exchange's archives are complete from here on. */
export const FIRST_DELIVERY = '2020-01-01';

const layout: RowLayout = {
  columns: {
    SYMBOL: 'text',
    SERIES: 'text',
    DATE1: 'date',
    PREV_CLOSE: 'price',
    OPEN_PRICE: 'price',
    HIGH_PRICE: 'price',
    LOW_PRICE: 'price',
    LAST_PRICE: 'price',
    CLOSE_PRICE: 'price',
    AVG_PRICE: 'price',
    TTL_TRD_QNTY: 'count',
    TURNOVER_LACS: 'turnover',
    NO_OF_TRADES: 'count',
    DELIV_QTY: 'count',
    DELIV_PER: 'price',
  },
  fields: 15,
  readDate: parseExchangeDate,
  // For BE and BZ, where all of it is delivered by rule and nothing is said.
  absent: '-',
};

/** As the exchange prints it, but for the spaces. */
const HEADER = Object.keys(layout.columns).join(',');

/** A delivery file, read: the rows as published, or why they are not used. */
interface ReadDelivery {
  readonly bronze: pl.DataFrame;
  readonly quarantined: Parsed<pl.DataFrame>['quarantined'];
}

/**
 * Reads sec_bhavdata_full into bronze: the columns as published, typed, plus `source_line` and `rows_in_file` (data rows,
 * malformed ones included). The bars do not hang on it, so a file that cannot be trusted as a whole is no error: its
 * bronze is one row, `refused` (the anomaly's rule) and `reason`.
 */
export async function readDelivery(file: SourceFile, date: BusinessDate): Promise<ReadDelivery> {
  let rows: ScannedRows;
  try {
    rows = await scanned(file);
  } catch (error) {
    return refused('delivery_unreadable', error);
  }
  try {
    refuseOtherDates(rows.dates.get('DATE1') ?? [], date, file.fileName);
  } catch (error) {
    return refused('delivery_other_session', error);
  }
  const rowsInFile = rows.lineNumbers.length + rows.malformed.length;
  const count = pl.Series('rows_in_file', Array(rows.lineNumbers.length).fill(rowsInFile), pl.UInt32);
  return {
    bronze: typedFrame(rows, layout).withColumns(count),
    quarantined: rows.malformed.map((row): QuarantinedRow => ({ ...row, input: 'delivery' })),
  };
}

async function scanned(file: SourceFile): Promise<ScannedRows> {
  const csv = unpadded(await openCsv(file));
  const { header, dataStart } = readHeader(csv);
  if (header !== HEADER) throw unreadable(file, 'does not begin with the header of sec_bhavdata_full');
  const rows = scanRows(csv, dataStart, layout);
  if (rows.lineNumbers.length === 0) throw unreadable(file, 'has no readable row');
  return rows;
}

function unreadable({ fileName }: SourceFile, why: string): ChampionError {
  return new ChampionError(`${fileName} ${why}`, { code: 'CORRUPT', context: { file: fileName } });
}

/** @throws the error itself unless it says that the file is corrupt */
function refused(rule: string, error: unknown): ReadDelivery {
  if (!(error instanceof ChampionError) || error.code !== 'CORRUPT') throw error;
  const text = (name: string, value: string) => pl.Series(name, [value], pl.String);
  return { bronze: pl.DataFrame([text('refused', rule), text('reason', error.message)]), quarantined: [] };
}

const NAME = /^sec_bhavdata_full_(\d{2})(\d{2})(\d{4})\.csv(\.repacked)?(\.zip)?$/i;

/** The day for which a file of that name was published; undefined for other names. */
export function dateOfDeliveryName(fileName: string): BusinessDate | undefined {
  const name = NAME.exec(fileName);
  return name ? parseIsoDate(`${name[3]}-${name[2]}-${name[1]}`) : undefined;
}
