import { type BusinessDate, formatDecimal, TradingCalendar } from '@champion/core';
import { type Bar, barsBySymbol } from '../market/day.ts';
import { normal } from '../market/random.ts';
import { checkSeed } from '../market/seed.ts';
import { dayNumber } from '../market/session-line.ts';
import { siteDate } from '../market/stamps.ts';
import { universe } from '../market/universe.ts';

export interface DeliveryOptions {
  /** Any whole number; another seed is another market. */
  readonly seed: number;
  /** A session of the calendar. */
  readonly date: BusinessDate;
  /** Defaults to the exchange's known sessions. */
  readonly calendar?: TradingCalendar;
}

/** First session that the archives still have. */
export const DELIVERY_FROM = '2020-01-01' as BusinessDate;

const HEADER =
  'SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, LAST_PRICE, CLOSE_PRICE, AVG_PRICE, TTL_TRD_QNTY, TURNOVER_LACS, NO_OF_TRADES, DELIV_QTY, DELIV_PER';

/** Series that the bhavcopy has and this file never: treasury bills, state loans, the block window. */
const LEFT_OUT: ReadonlySet<string> = new Set(['TB', 'SG', 'BL']);
/** In the real files bonds (N, Y, Z, A, B with a digit or letter) are there on 2024-04-01 and gone on 2024-05-17. */
const BONDS_UNTIL = '2024-04-30';
/** Trade-for-trade series: all of it is delivered, and the file says nothing. */
const UNSAID: ReadonlySet<string> = new Set(['BE', 'BZ']);

const TOPIC = 400;
/** Median share delivered, by series, as the real files have it. */
const DELIVERED: Readonly<Record<string, number>> = { EQ: 0.52, SM: 0.76, ST: 1.1, GB: 0.84, GS: 1.15, T0: 1.3 };
const DELIVERED_OTHERS = 0.88;

const calendarOfRecord = new TradingCalendar();

const rupees = (paise: number): string => formatDecimal(BigInt(paise), 2);

function isListed({ instrument }: Bar, date: BusinessDate): boolean {
  if (LEFT_OUT.has(instrument.series)) return false;
  return instrument.kind !== 'bond' || instrument.series === 'GS' || date <= BONDS_UNTIL;
}

/** Quantity delivered, in whole lots, and its percentage of the volume. */
function delivery(seed: number, day: number, { instrument, volume }: Bar): string {
  const { series, key, lot } = instrument;
  if (UNSAID.has(series)) return '-, -';
  const share = (DELIVERED[series] ?? DELIVERED_OTHERS) + normal(seed, TOPIC, key, day) * 0.14;
  const lots = Math.round((volume / lot) * Math.min(1, Math.max(0.02, share)));
  const quantity = Math.max(1, lots) * lot;
  return `${quantity}, ${formatDecimal(BigInt(Math.round((quantity * 10_000) / volume)), 2)}`;
}

function row(seed: number, day: number, date: string, bar: Bar): string {
  const { symbol, series } = bar.instrument;
  const last = bar.last === undefined ? '' : rupees(bar.last);
  const range = `${rupees(bar.previousClose)}, ${rupees(bar.open)}, ${rupees(bar.high)}, ${rupees(bar.low)}`;
  const closing = `${last}, ${rupees(bar.close)}, ${rupees(Math.round(bar.turnover / bar.volume))}`;
  // Paise to hundredths of a lakh of rupees.
  const activity = `${bar.volume}, ${rupees(Math.round(bar.turnover / 100_000))}, ${bar.trades}`;
  return `${symbol}, ${series}, ${date}, ${range}, ${closing}, ${activity}, ${delivery(seed, day, bar)}`;
}

/**
 * sec_bhavdata_full of a simulated session: the bhavcopy's figures with average price and delivery, in the exchange's
 * exact spelling.
 * @throws ChampionError INVALID_INPUT when the date is not a session, or the seed not a whole number
 */
export function deliveryCsv({ seed, date, calendar = calendarOfRecord }: DeliveryOptions): string {
  checkSeed(seed);
  const day = dayNumber(date);
  const spelled = siteDate(date);
  const bars = barsBySymbol(universe(seed), date, calendar).filter((bar) => isListed(bar, date));
  return `${[HEADER, ...bars.map((bar) => row(seed, day, spelled, bar))].join('\n')}\n`;
}
