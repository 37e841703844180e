import { type BusinessDate, dateForms, formatDecimal, TradingCalendar } from '@champion/core';
import { type Bar, barsBySymbol, sessionBars } from '../market/day.ts';
import { checkSeed } from '../market/seed.ts';
import { universe } from '../market/universe.ts';
import { type BhavcopyFormat, bhavcopyFileName, isNarrowLegacy } from './eras.ts';
import { zipOne } from './zip.ts';

export interface BhavcopyOptions {
  /** Any whole number; another seed is another market. */
  readonly seed: number;
  /** A session of the calendar. */
  readonly date: BusinessDate;
  /** Need not be one that the exchange used on that date. */
  readonly format: BhavcopyFormat;
  /** Defaults to the exchange's known sessions. */
  readonly calendar?: TradingCalendar;
}

const UDIFF =
  'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty,Rmks';
// Version A's header ends in a comma that its rows do not have: 35 names over 34 fields.
const HEADERS = {
  udiff_a: `${UDIFF},Rsvd01,Rsvd02,Rsvd03,Rsvd04,`,
  udiff_b: `${UDIFF},Rsvd1,Rsvd2,Rsvd3,Rsvd4`,
} as const;
const LEGACY = 'SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,';

const calendarOfRecord = new TradingCalendar();

const padded = (paise: number): string => formatDecimal(BigInt(paise), 2);

/** The legacy spelling: 36 and 36.3, where UDiFF has 36.00 and 36.30. */
const unpadded = (paise: number): string => padded(paise).replace(/\.?0+$/, '');

function udiffRow(bar: Bar, date: BusinessDate): string {
  const { id, isin, symbol, series, name, lot } = bar.instrument;
  const last = bar.last === undefined ? '' : padded(bar.last);
  const range = `${padded(bar.open)},${padded(bar.high)},${padded(bar.low)},${padded(bar.close)},${last}`;
  const settled = `${padded(bar.previousClose)},,${padded(bar.settlement)}`;
  const activity = `${bar.volume},${padded(bar.turnover)},${bar.trades}`;
  return `${date},${date},CM,NSE,STK,${id},${isin},${symbol},${series},,,,,${name},${range},${settled},,,${activity},F1,${lot},,,,,`;
}

function legacyRow(bar: Bar, date: string, narrow: boolean): string {
  const { symbol, series, isin } = bar.instrument;
  const last = bar.last === undefined ? '0.0' : unpadded(bar.last);
  const range = `${unpadded(bar.open)},${unpadded(bar.high)},${unpadded(bar.low)},${unpadded(bar.close)},${last}`;
  const activity = `${unpadded(bar.previousClose)},${bar.volume},${unpadded(bar.turnover)}`;
  const tail = narrow ? '' : `${bar.trades},${isin},`;
  return `${symbol},${series},${range},${activity},${date},${tail}`;
}

/**
 * The equity bhavcopy of a simulated session, in the exchange's exact spelling. The same options give the same text on
 * every machine.
 * @throws ChampionError INVALID_INPUT when the date is not a session, or the seed not a whole number
 */
export function bhavcopyCsv({ seed, date, format, calendar = calendarOfRecord }: BhavcopyOptions): string {
  checkSeed(seed);
  const market = universe(seed);
  const lines: string[] = [];
  if (format === 'legacy') {
    const narrow = isNarrowLegacy(date);
    const spelled = dateForms.exchange(date);
    lines.push(narrow ? LEGACY : `${LEGACY}TOTALTRADES,ISIN,`);
    for (const bar of barsBySymbol(market, date, calendar)) lines.push(legacyRow(bar, spelled, narrow));
  } else {
    lines.push(HEADERS[format]);
    for (const bar of sessionBars(market, market.scattered, date, calendar)) lines.push(udiffRow(bar, date));
  }
  return `${lines.join('\n')}\n`;
}

/** The same, zipped as the exchange serves it. The same bytes wherever the same zlib compresses. */
export function bhavcopyZip(options: BhavcopyOptions): Promise<Buffer> {
  return zipOne(bhavcopyFileName(options.date, options.format), bhavcopyCsv(options), options.date);
}
