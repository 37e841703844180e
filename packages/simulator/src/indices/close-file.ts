import { type BusinessDate, dateForms, TradingCalendar } from '@champion/core';
import { walk } from '../market/random.ts';
import { checkSeed } from '../market/seed.ts';
import { dayNumber } from '../market/session-line.ts';
import { numericDate } from '../market/stamps.ts';
import { INDICES } from './catalogue.ts';
import { type IndexQuote, indexMarket } from './index-market.ts';

export interface IndexCloseOptions {
  /** Any whole number; another seed is another market. */
  readonly seed: number;
  /** A session from 2005-01-03 on. */
  readonly date: BusinessDate;
  /** Defaults to the exchange's known sessions. */
  readonly calendar?: TradingCalendar;
}

// Documented by public tools that read the file, not seen in one: names, DD-MM-YYYY, "-" for what an index does not
// have, and numbers below one without their zero (".34", "-.77") except in the volatility index's row.
const HEADER =
  'Index Name,Index Date,Open Index Value,High Index Value,Low Index Value,Closing Index Value,Points Change,Change(%),Volume,Turnover (Rs. Cr.),P/E,P/B,Div Yield';
const CRORE = 1e7;
const VOLATILITY = 430;
const OVERNIGHT_FROM = dayNumber('2012-01-02' as BusinessDate);

const calendarOfRecord = new TradingCalendar();

/** 36 and 36.3 and .34, as the file spells numbers. */
function bare(value: number): string {
  return String(Number(value.toFixed(2))).replace(/^(-?)0\./, '$1.');
}

/** Price to earnings, price to book and yield of an index; they follow its level, slowly. */
export function ratios({ index, close, monthAgo, yearAgo }: IndexQuote): { pe: number; pb: number; dy: number } {
  const base = 16 + (index.name.length % 9) * 1.4;
  const pe = base * (1 + 0.5 * (close / ((close + monthAgo.close + yearAgo.close) / 3) - 1));
  return { pe, pb: pe / 6.2, dy: 27 / pe };
}

/** India VIX on a day: open, high, low, close. */
export function volatilityIndex(seed: number, day: number): readonly [number, number, number, number] {
  const at = (when: number): number => 14.5 * Math.exp(0.35 * Math.tanh(walk(seed, VOLATILITY, 0, when) * 0.05));
  const [open, close] = [at(day - 1), at(day)];
  return [open, Math.max(open, close) * 1.02, Math.min(open, close) * 0.975, close];
}

/**
 * The daily file of all indices of a simulated session.
 * @throws ChampionError INVALID_INPUT when the date is not a session from 2005-01-03 on
 */
export function indexCloseCsv({ seed, date, calendar = calendarOfRecord }: IndexCloseOptions): string {
  checkSeed(seed);
  const market = indexMarket(seed, calendar);
  const spelled = numericDate(date);
  const rows = INDICES.map((index) => {
    const quote = market.quote(index, date);
    const { open, high, low, close, previousClose, volume, turnover } = quote;
    const change = close - previousClose;
    const { pe, pb, dy } = ratios(quote);
    const values = [
      open,
      high,
      low,
      close,
      change,
      (change / previousClose) * 100,
      volume,
      turnover / CRORE,
      pe,
      pb,
      dy,
    ];
    return [index.closeName, spelled, ...values.map(bare)].join(',');
  });
  const previous = calendar.previousSession(date);
  const [open, high, low, close] = volatilityIndex(seed, dayNumber(date));
  const [, , , before] = volatilityIndex(seed, dayNumber(previous));
  const [today, yesterday] = [Number(close.toFixed(2)), Number(before.toFixed(2))];
  const plain = (value: number): string => String(Number(value.toFixed(2)));
  const change = `${plain(today - yesterday)},${plain((today / yesterday - 1) * 100)}`;
  rows.push(`India VIX,${spelled},${plain(open)},${plain(high)},${plain(low)},${plain(today)},${change},-,-,-,-,-`);
  // An index of lending overnight has a level and no range.
  const lent = (day: BusinessDate): number =>
    Number((1000 * Math.exp((0.062 * (dayNumber(day) - OVERNIGHT_FROM)) / 365)).toFixed(2));
  const gain = lent(date) - lent(previous);
  rows.push(
    `Nifty 1D Rate Index,${spelled},-,-,-,${bare(lent(date))},${bare(gain)},${bare((gain / lent(previous)) * 100)},-,-,-,-,-`,
  );
  return `${[HEADER, ...rows].join('\n')}\n`;
}

/** The path of a session's file. */
export function indexClosePath(date: BusinessDate): string {
  return `/content/indices/ind_close_all_${dateForms.dayFirst(date)}.csv`;
}
