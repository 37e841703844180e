import { type BusinessDate, ChampionError, parseExchangeDate, parseIsoDate } from '@champion/core';
import type { ColumnType, SessionLayout } from '../../csv/index.ts';

/**
 * The bhavcopy's formats. UDiFF began on 2024-01-01 beside the legacy file and replaced it on 2024-07-08; its header
 * changed on 2024-06-21. The legacy file gained TOTALTRADES and ISIN on 2011-06-22.
 */
type BhavcopyFormat = 'udiff_a' | 'udiff_b' | 'legacy';

export interface FormatLayout extends SessionLayout {
  readonly format: BhavcopyFormat;
}

const udiffColumns = {
  TradDt: 'date',
  BizDt: 'date',
  Sgmt: 'text',
  Src: 'text',
  FinInstrmTp: 'text',
  FinInstrmId: 'id',
  ISIN: 'text',
  TckrSymb: 'text',
  SctySrs: 'text',
  XpryDt: 'text',
  FininstrmActlXpryDt: 'text',
  StrkPric: 'price',
  OptnTp: 'text',
  FinInstrmNm: 'text',
  OpnPric: 'price',
  HghPric: 'price',
  LwPric: 'price',
  ClsPric: 'price',
  LastPric: 'price',
  PrvsClsgPric: 'price',
  UndrlygPric: 'price',
  SttlmPric: 'price',
  OpnIntrst: 'text',
  ChngInOpnIntrst: 'text',
  TtlTradgVol: 'count',
  TtlTrfVal: 'turnover',
  TtlNbOfTxsExctd: 'count',
  SsnId: 'text',
  NewBrdLotQty: 'id',
  Rmks: 'text',
} as const satisfies Record<string, ColumnType>;

const legacyColumns = {
  SYMBOL: 'text',
  SERIES: 'text',
  OPEN: 'price',
  HIGH: 'price',
  LOW: 'price',
  CLOSE: 'price',
  LAST: 'price',
  PREVCLOSE: 'price',
  TOTTRDQTY: 'count',
  TOTTRDVAL: 'turnover',
  TIMESTAMP: 'date',
} as const satisfies Record<string, ColumnType>;

const reservedA = { Rsvd01: 'text', Rsvd02: 'text', Rsvd03: 'text', Rsvd04: 'text' } as const;
const reservedB = { Rsvd1: 'text', Rsvd2: 'text', Rsvd3: 'text', Rsvd4: 'text' } as const;

function layout(
  format: BhavcopyFormat,
  columns: Record<string, ColumnType>,
  header: 'bare' | 'trailing comma',
  rows: 'bare' | 'trailing comma',
): readonly [header: string, layout: FormatLayout] {
  const names = Object.keys(columns);
  return [
    names.join(',') + (header === 'bare' ? '' : ','),
    {
      format,
      columns,
      fields: names.length + (rows === 'bare' ? 0 : 1),
      dateColumn: format === 'legacy' ? 'TIMESTAMP' : 'TradDt',
      readDate: format === 'legacy' ? parseExchangeDate : parseIsoDate,
    },
  ];
}

const layouts: ReadonlyMap<string, FormatLayout> = new Map([
  layout('udiff_a', { ...udiffColumns, ...reservedA }, 'trailing comma', 'bare'),
  layout('udiff_b', { ...udiffColumns, ...reservedB }, 'bare', 'bare'),
  layout('legacy', { ...legacyColumns, TOTALTRADES: 'count', ISIN: 'text' }, 'trailing comma', 'trailing comma'),
  layout('legacy', legacyColumns, 'trailing comma', 'trailing comma'),
  layout('legacy', legacyColumns, 'bare', 'bare'),
]);

/** The layout of a header line. Throws CORRUPT on any other header: the exchange changed its format, or it is another file. */
export function layoutOf(header: string, fileName: string): FormatLayout {
  const found = layouts.get(header);
  if (found) return found;
  throw new ChampionError(`${fileName} does not begin with a bhavcopy header`, {
    code: 'CORRUPT',
    hint: 'If the exchange changed the format, add its header to formats.ts of the bhavcopy dataset; the raw file is kept.',
    context: { file: fileName, header: header.slice(0, 200) },
  });
}

const FIRST_UDIFF = '2024-01-01';
const LAST_LEGACY = '2024-07-05';

/** Which file to ask for on a date, best first: UDiFF wherever it exists, legacy before it and as its fallback beside it. */
export function formatsOn(date: BusinessDate): readonly ('udiff' | 'legacy')[] {
  if (date < FIRST_UDIFF) return ['legacy'];
  return date <= LAST_LEGACY ? ['udiff', 'legacy'] : ['udiff'];
}

const UDIFF_NAME = /^BhavCopy_NSE_CM_0_0_0_(\d{4})(\d{2})(\d{2})_F_0000\.csv(\.repacked)?(\.zip)?$/i;
const LEGACY_NAME = /^cm(\d{1,2}[A-Z]{3}\d{4})bhav\.csv(\.repacked)?(\.zip)?$/i;

/** The session that a file's published name speaks of; undefined for other names. */
export function dateOfFileName(fileName: string): BusinessDate | undefined {
  const udiff = UDIFF_NAME.exec(fileName);
  if (udiff) return parseIsoDate(`${udiff[1]}-${udiff[2]}-${udiff[3]}`);
  const legacy = LEGACY_NAME.exec(fileName)?.[1];
  return legacy ? parseExchangeDate(legacy.replace(/^(\d+)([A-Za-z]{3})(\d{4})$/, '$1-$2-$3')) : undefined;
}
