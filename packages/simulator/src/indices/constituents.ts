import { type BusinessDate, TradingCalendar } from '@champion/core';
import { asOf } from '../market/instrument.ts';
import { hash } from '../market/random.ts';
import { checkSeed } from '../market/seed.ts';
import { dateOfDay, dayNumber } from '../market/session-line.ts';
import { siteDate } from '../market/stamps.ts';
import { isDerivativeShare } from '../options/contracts.ts';
import { indexNamed } from './catalogue.ts';
import { type IndexQuote, indexMarket, type MemberQuote, type Quote } from './index-market.ts';
import { companyName, industryOf } from './industry.ts';

/**
 * The two shapes of the site's answer: a is {name, advance, timestamp, data}, b is {data, marketStatus, timestamp} with
 * nulls, seen a week later.
 */
export const CONSTITUENT_SHAPES = ['a', 'b'] as const;
export type ConstituentShape = (typeof CONSTITUENT_SHAPES)[number];

/** a was seen on 2026-05-20, b on 2026-05-27. */
const SHAPE_B_FROM = '2026-05-25';

export interface ConstituentsOptions {
  /** Any whole number; another seed is another market. */
  readonly seed: number;
  /** A session from 2005-01-03 on. */
  readonly date: BusinessDate;
  /** As the site spells it: "NIFTY 50". */
  readonly index: string;
  /** Defaults to the one that the site used on that date. */
  readonly shape?: ConstituentShape;
  /** Defaults to the exchange's known sessions. */
  readonly calendar?: TradingCalendar;
}

const calendarOfRecord = new TradingCalendar();
const CHARTS = 'https://nsearchives.nseindia.com';
const SETTLED = '16:00:00';
const CORPORATE_DEBT = 520;

/** The site's percentages have two digits. */
const percent = (part: number, whole: number): number => Number(((part / whole) * 100).toFixed(2));

const chartsOf = (slug: string, today = slug): Record<string, string> => ({
  chartTodayPath: `${CHARTS}/today/${today}.svg`,
  chart30dPath: `${CHARTS}/30d/${slug}.svg`,
  chart365dPath: `${CHARTS}/365d/${slug}.svg`,
});

function moves(quote: Quote) {
  const { close, yearHigh, yearLow, yearAgo, monthAgo } = quote;
  return {
    nearWKH: ((yearHigh - close) / yearHigh) * 100,
    nearWKL: ((yearLow - close) / yearLow) * 100,
    perChange365d: percent(close - yearAgo.close, yearAgo.close),
    perChange30d: percent(close - monthAgo.close, monthAgo.close),
    date365dAgo: siteDate(yearAgo.date),
    date30dAgo: siteDate(monthAgo.date),
  };
}

const rupees = (paise: number): number => Number((paise / 100).toFixed(2));

function meta(seed: number, date: BusinessDate, { member, bar }: MemberQuote) {
  const { symbol, isin, listed, key } = bar.instrument;
  return {
    symbol,
    companyName: companyName(bar.instrument, 'Limited'),
    industry: industryOf(member.instrument).basic,
    activeSeries: ['EQ'],
    debtSeries: [],
    isFNOSec: isDerivativeShare(symbol),
    isCASec: false,
    isSLBSec: true,
    isDebtSec: hash(seed, CORPORATE_DEBT, key) % 5 === 0,
    isSuspended: false,
    tempSuspendedSeries: [],
    isETFSec: false,
    isDelisted: false,
    isin,
    slb_isin: isin,
    listingDate: dateOfDay(listed),
    isMunicipalBond: false,
    isHybridSymbol: false,
    segment: 'EQUITY',
    quotepreopenstatus: {
      equityTime: `${siteDate(date)} ${SETTLED}`,
      preOpenTime: `${siteDate(date)} 09:07:39`,
      QuotePreOpenFlag: false,
    },
  };
}

function shapeA(seed: number, quote: IndexQuote): unknown {
  const { index, date, members } = quote;
  const stamp = `${siteDate(date)} ${SETTLED}`;
  return {
    name: index.name,
    advance: {
      declines: String(quote.declines),
      advances: String(quote.advances),
      unchanged: String(quote.unchanged),
    },
    timestamp: stamp,
    data: [
      {
        priority: 1,
        symbol: index.name,
        identifier: index.name,
        open: quote.open,
        dayHigh: quote.high,
        dayLow: quote.low,
        lastPrice: quote.close,
        previousClose: quote.previousClose,
        // Not rounded, as the site has it: 11.19999999999709.
        change: quote.close - quote.previousClose,
        pChange: percent(quote.close - quote.previousClose, quote.previousClose),
        // In lakhs here, in rupees for its members.
        ffmc: Number((quote.floatingValue / 1e5).toFixed(2)),
        yearHigh: quote.yearHigh,
        yearLow: quote.yearLow,
        totalTradedVolume: quote.volume,
        stockIndClosePrice: 0,
        totalTradedValue: Number(quote.turnover.toFixed(2)),
        lastUpdateTime: stamp,
        ...moves(quote),
        ...chartsOf(index.symbol.replaceAll(' ', '-')),
      },
      ...byChange(members).map((member) => ({
        priority: 0,
        symbol: member.bar.instrument.symbol,
        identifier: `${member.bar.instrument.symbol}EQN`,
        series: 'EQ',
        ...prices(member),
        totalTradedVolume: member.bar.volume,
        stockIndClosePrice: 0,
        totalTradedValue: rupees(member.bar.turnover),
        yearHigh: member.yearHigh,
        ffmc: Number((member.close * member.member.floating).toFixed(2)),
        yearLow: member.yearLow,
        ...moves(member),
        ...chartsOf(`${member.bar.instrument.symbol}-EQ`, `${member.bar.instrument.symbol}EQN`),
        meta: meta(seed, date, member),
      })),
    ],
  };
}

// Only the index's own row of this shape was seen; its members' rows are taken to have the same fields, and their meta.
function shapeB(seed: number, quote: IndexQuote): unknown {
  const { index, date, members } = quote;
  const row = (of: Quote, facts: Record<string, unknown>, slug: string): Record<string, unknown> => ({
    ...Object.fromEntries(
      Object.entries({
        ...prices(of),
        ...moves(of),
        chart30Path: '',
        chart365Path: '',
        ffmc: null,
        lastUpdateTime: `${date} 15:59:54`,
        marketType: null,
        stockIndClosePrice: 0,
        yearHigh: of.yearHigh,
        yearLow: of.yearLow,
        ...facts,
      }).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
    chart30dPath: `${CHARTS}/30d/${slug}.svg`,
    chart365dPath: `${CHARTS}/365d/${slug}.svg`,
  });
  return {
    data: [
      row(
        quote,
        {
          symbol: index.name,
          identifier: index.name,
          priority: 1,
          series: null,
          totalTradedValue: Number(quote.turnover.toFixed(2)),
          totalTradedVolume: quote.volume,
        },
        index.symbol.replaceAll(' ', '-'),
      ),
      ...byChange(members).map((member) => {
        const { symbol } = member.bar.instrument;
        return {
          ...row(
            member,
            {
              symbol,
              identifier: `${symbol}EQN`,
              priority: 0,
              series: 'EQ',
              totalTradedValue: rupees(member.bar.turnover),
              totalTradedVolume: member.bar.volume,
            },
            `${symbol}-EQ`,
          ),
          meta: meta(seed, date, member),
        };
      }),
    ],
    marketStatus: { market: 'CM', marketStatus: 'Close', marketStatusMessage: 'Market is Closed' },
    timestamp: `${siteDate(date)} ${SETTLED}`,
  };
}

function prices(quote: Quote) {
  const change = Number((quote.close - quote.previousClose).toFixed(2));
  return {
    open: quote.open,
    dayHigh: quote.high,
    dayLow: quote.low,
    lastPrice: quote.close,
    previousClose: quote.previousClose,
    change,
    pChange: percent(change, quote.previousClose),
  };
}

/** The site lists the winners of the day first. */
function byChange(members: readonly MemberQuote[]): MemberQuote[] {
  const gain = ({ close, previousClose }: MemberQuote): number => close / previousClose;
  return members.toSorted((a, b) => gain(b) - gain(a));
}

/**
 * What the site answers about an index and its members after a simulated session: the index's own row first, then one
 * row a member, with the quotes of that session's bhavcopy. The same options give the same text on every machine.
 * @throws ChampionError INVALID_INPUT when the date is not a session from 2005-01-03 on, or there is no such index
 */
export function constituentsJson(options: ConstituentsOptions): string {
  const { seed, date, index, calendar = calendarOfRecord } = options;
  checkSeed(seed);
  const quote = indexMarket(seed, calendar).quote(indexNamed(index), date);
  const shape = options.shape ?? (date >= SHAPE_B_FROM ? 'b' : 'a');
  return JSON.stringify(shape === 'a' ? shapeA(seed, quote) : shapeB(seed, quote));
}

/**
 * The index provider's list of an index's members, by name.
 * @throws ChampionError INVALID_INPUT when there is no such index
 */
export function constituentsCsv(options: Omit<ConstituentsOptions, 'shape'>): string {
  const { seed, date, index, calendar = calendarOfRecord } = options;
  checkSeed(seed);
  const rows = indexMarket(seed, calendar)
    .members(indexNamed(index), date)
    .map(({ instrument }) => {
      const then = asOf(instrument, dayNumber(date));
      const { symbol, series, isin } = then;
      return [companyName(then, 'Ltd.'), industryOf(instrument).name, symbol, series, isin].join(',');
    })
    .sort();
  return `${['Company Name,Industry,Symbol,Series,ISIN Code', ...rows].join('\n')}\n`;
}
