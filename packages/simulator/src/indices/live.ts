import { addDays, type BusinessDate, businessDateAt, TradingCalendar } from '@champion/core';
import { hoursOf, type Moment, momentAt } from '../market/hours.ts';
import { priceAt } from '../market/intraday.ts';
import { checkSeed } from '../market/seed.ts';
import { dayNumber } from '../market/session-line.ts';
import { siteDate, siteStamp } from '../market/stamps.ts';
import { indexKeyOf } from '../options/contracts.ts';
import { INDICES, type IndexDefinition, indexNamed } from './catalogue.ts';
import { ratios, volatilityIndex } from './close-file.ts';
import { type IndexMarket, type IndexQuote, indexMarket } from './index-market.ts';

export interface LiveOptions {
  /** Any whole number; another seed is another market. */
  readonly seed: number;
  /** When the site is asked. */
  readonly at: Date;
  /** Defaults to the exchange's known sessions. */
  readonly calendar?: TradingCalendar;
}

// The answers below follow what public tools read and quote of them; no whole one was seen.
const CHARTS = 'https://nsearchives.nseindia.com';
const calendarOfRecord = new TradingCalendar();

const two = (value: number): number => Number(value.toFixed(2));
const percent = (value: number, base: number): number => two((value / base - 1) * 100);

function lastOf({ seed }: IndexMarket, quote: IndexQuote, moment: Moment): number {
  return two(Math.round(priceAt(seed, indexKeyOf(quote.index.name), quote, moment) * 20) / 20);
}

function indexRow(market: IndexMarket, index: IndexDefinition, moment: Moment): Record<string, unknown> {
  const { calendar } = market;
  const { date } = moment;
  const quote = market.quote(index, date);
  const last = lastOf(market, quote, moment);
  const { pe, pb, dy } = ratios(quote);
  const dayBefore = calendar.previousSession(date);
  const weekAgo = calendar.previousSession(addDays(date, -6));
  const slug = index.symbol.replaceAll(' ', '-');
  return {
    key: index.group,
    index: index.name,
    indexSymbol: index.symbol,
    last,
    variation: two(last - quote.previousClose),
    percentChange: percent(last, quote.previousClose),
    open: quote.open,
    high: quote.high,
    low: quote.low,
    previousClose: quote.previousClose,
    yearHigh: quote.yearHigh,
    yearLow: quote.yearLow,
    indicativeClose: 0,
    pe: pe.toFixed(2),
    pb: pb.toFixed(2),
    dy: dy.toFixed(2),
    declines: String(quote.declines),
    advances: String(quote.advances),
    unchanged: String(quote.unchanged),
    perChange365d: percent(last, quote.yearAgo.close),
    perChange30d: percent(last, quote.monthAgo.close),
    date365dAgo: siteDate(quote.yearAgo.date),
    date30dAgo: siteDate(quote.monthAgo.date),
    previousDay: siteDate(dayBefore),
    oneWeekAgo: siteDate(weekAgo),
    oneMonthAgoVal: quote.monthAgo.close,
    oneWeekAgoVal: market.level(index, weekAgo),
    oneYearAgoVal: quote.yearAgo.close,
    previousDayVal: quote.previousClose,
    chart365dPath: `${CHARTS}/365d/${slug}.svg`,
    chart30dPath: `${CHARTS}/30d/${slug}.svg`,
    chartTodayPath: `${CHARTS}/today/${slug}.svg`,
  };
}

function volatilityRow({ seed, calendar }: IndexMarket, { date }: Moment): Record<string, unknown> {
  const [open, high, low, last] = volatilityIndex(seed, dayNumber(date)).map(two);
  const previousClose = two(volatilityIndex(seed, dayNumber(calendar.previousSession(date)))[3]);
  return {
    key: 'INDICES ELIGIBLE IN DERIVATIVES',
    index: 'INDIA VIX',
    indexSymbol: 'INDIA VIX',
    last,
    variation: two((last ?? 0) - previousClose),
    percentChange: percent(last ?? 0, previousClose),
    open,
    high,
    low,
    previousClose,
    yearHigh: 23.19,
    yearLow: 9.15,
    indicativeClose: 0,
    pe: '',
    pb: '',
    dy: '',
  };
}

/** 22-Mar-2024 15:30 */
const minuteStamp = ({ date, at }: Moment): string => siteStamp(date, at).slice(0, -3);

/**
 * The site's list of all indices at an instant.
 * @throws ChampionError INVALID_INPUT for a bad seed, or a time before 2005
 */
export function allIndicesJson({ seed, at, calendar = calendarOfRecord }: LiveOptions): string {
  checkSeed(seed);
  const market = indexMarket(seed, calendar);
  const moment = momentAt(at, calendar);
  const rows = INDICES.map((index) => indexRow(market, index, moment));
  const broad = market.quote(indexNamed('NIFTY 500'), moment.date);
  return JSON.stringify({
    data: [...rows, volatilityRow(market, moment)],
    timestamp: minuteStamp(moment),
    advances: broad.advances,
    declines: broad.declines,
    unchanged: broad.unchanged,
    dates: {
      previousDay: rows[0]?.previousDay,
      oneWeekAgo: rows[0]?.oneWeekAgo,
      oneMonthAgo: siteDate(broad.monthAgo.date),
      oneYearAgo: siteDate(broad.yearAgo.date),
    },
    date365dAgo: siteDate(broad.yearAgo.date),
    date30dAgo: siteDate(broad.monthAgo.date),
  });
}

/** Is the market open at an instant? */
function isOpen(at: Date, calendar: TradingCalendar): boolean {
  const today: BusinessDate = businessDateAt(at);
  if (!calendar.isSession(today)) return false;
  const { open, close } = hoursOf(today, calendar);
  return at >= open && at < close;
}

/**
 * The site's word on which markets are open at an instant.
 * @throws ChampionError INVALID_INPUT for a bad seed, or a time before 2005
 */
export function marketStatusJson({ seed, at, calendar = calendarOfRecord }: LiveOptions): string {
  checkSeed(seed);
  const market = indexMarket(seed, calendar);
  const moment = momentAt(at, calendar);
  const quote = market.quote(indexNamed('NIFTY 50'), moment.date);
  const last = lastOf(market, quote, moment);
  const open = isOpen(at, calendar);
  const status = open ? 'Open' : 'Close';
  const closed = {
    marketStatus: 'Close',
    tradeDate: 'Invalid date',
    index: '',
    last: '',
    variation: '',
    percentChange: '',
  };
  const worth = quote.floatingValue / 0.3;
  return JSON.stringify({
    marketState: [
      {
        market: 'Capital Market',
        marketStatus: status,
        tradeDate: minuteStamp(moment),
        index: quote.index.name,
        last,
        variation: last - quote.previousClose,
        percentChange: percent(last, quote.previousClose),
        marketStatusMessage: open ? 'Normal Market is Open' : 'Market is Closed',
      },
      ...['Currency', 'Commodity', 'Debt', 'currencyfuture'].map((name) => ({
        market: name,
        ...closed,
        marketStatusMessage: 'Market is Closed',
      })),
    ],
    marketcap: {
      timeStamp: siteDate(moment.date),
      marketCapinTRDollars: two(worth / 83.5 / 1e12),
      marketCapinLACCRRupees: worth / 1e12,
      marketCapinCRRupees: two(worth / 1e7),
      underlying: 'Market Cap',
    },
    indicativenifty50: {
      dateTime: minuteStamp(moment),
      indexName: quote.index.closeName,
      closingValue: last,
      finalClosingValue: open ? 0 : quote.close,
      change: two(last - quote.previousClose),
      perChange: percent(last, quote.previousClose),
      status: open ? 'OPEN' : 'CLOSE',
    },
  });
}
