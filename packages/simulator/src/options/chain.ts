import { type BusinessDate, businessDateAt, ChampionError, TradingCalendar } from '@champion/core';
import { indexNamed } from '../indices/catalogue.ts';
import { ratios } from '../indices/close-file.ts';
import { FIRST_INDEX_DAY, type IndexMarket, indexMarket } from '../indices/index-market.ts';
import { type Moment, momentAt } from '../market/hours.ts';
import type { Instrument } from '../market/instrument.ts';
import { priceAt, type Range } from '../market/intraday.ts';
import { hash } from '../market/random.ts';
import { checkSeed } from '../market/seed.ts';
import { dayNumber } from '../market/session-line.ts';
import { numericDate, siteDate, siteStamp } from '../market/stamps.ts';
import {
  expiriesOn,
  findUnderlying,
  indexKeyOf,
  lotOf,
  stepOf,
  strikesOf,
  UNDERLYINGS,
  type Underlying,
} from './contracts.ts';
import { type ChainContext, type Leg, legOf } from './legs.ts';

/** v3 is one expiry, as the site answers now; v2 all expiries, as it did until December 2025. */
export const CHAIN_SHAPES = ['v2', 'v3'] as const;
export type ChainShape = (typeof CHAIN_SHAPES)[number];

export interface ContractInfoOptions {
  /** Any whole number; another seed is another market. */
  readonly seed: number;
  /** When the site is asked. Before the opening it shows the last session's close, like on a day without one. */
  readonly at: Date;
  /** "NIFTY", "RELIANCE", "M&M". */
  readonly symbol: string;
  /** Defaults to the exchange's known sessions. */
  readonly calendar?: TradingCalendar;
}

export interface OptionChainOptions extends ContractInfoOptions {
  /** For v3, which answers `{}` when the symbol has no such expiry; defaults to the nearest. v2 has them all. */
  readonly expiry?: BusinessDate;
  /** Default v3. */
  readonly shape?: ChainShape;
}

const calendarOfRecord = new TradingCalendar();
const TOPIC = { second: 510 };
/** What the site answers when it knows no such contract. */
const NOTHING = '{}';
/** Index chains change every minute, those of shares every three. */
const EVERY_MINUTES = { index: 1, share: 3 } as const;

interface Chain {
  readonly market: IndexMarket;
  readonly underlying: Underlying;
  readonly context: ChainContext;
  readonly expiries: readonly BusinessDate[];
}

/** The session whose chain is shown at an instant. */
export function chainMoment(seed: number, underlying: Underlying, at: Date, calendar: TradingCalendar): Moment {
  const key = UNDERLYINGS.indexOf(underlying);
  const today = dayNumber(businessDateAt(at));
  return momentAt(
    at,
    calendar,
    EVERY_MINUTES[underlying.kind],
    (minute) => hash(seed, TOPIC.second, key, today * 512 + minute) % 60,
  );
}

function chainOf({ seed, at, symbol, calendar = calendarOfRecord }: ContractInfoOptions): Chain | undefined {
  checkSeed(seed);
  const underlying = findUnderlying(symbol);
  if (!underlying) return undefined;
  const moment = chainMoment(seed, underlying, at, calendar);
  const market = indexMarket(seed, calendar);
  const previousDate = calendar.previousSession(moment.date);
  const before = calendar.previousSession(previousDate);
  if (before < FIRST_INDEX_DAY) {
    throw new ChampionError(`the simulated options begin after ${FIRST_INDEX_DAY}`, {
      code: 'INVALID_INPUT',
      hint: 'Ask for a later day.',
      context: { symbol, date: moment.date },
    });
  }
  const { range, previousClose, closeBefore, volatility, key } = facts(
    market,
    underlying,
    moment.date,
    previousDate,
    before,
  );
  const grid = (value: number): number => Number((Math.round(value * 20) / 20).toFixed(2));
  const now = grid(priceAt(seed, key, range, moment));
  return {
    market,
    underlying,
    expiries: expiriesOn(underlying, moment.date, calendar),
    context: {
      seed,
      underlying,
      key,
      moment,
      previousDate,
      // At the close it is the close itself, also where that moves in single paise.
      spot: { now: moment.progress >= 1 ? range.close : now, previousClose, closeBefore },
      volatility,
      lot: lotOf(underlying, moment.date, previousClose),
      step: stepOf(underlying, previousClose),
    },
  };
}

interface Facts {
  readonly range: Range;
  readonly previousClose: number;
  readonly closeBefore: number;
  readonly volatility: number;
  readonly key: number;
}

function facts(
  market: IndexMarket,
  underlying: Underlying,
  date: BusinessDate,
  previous: BusinessDate,
  before: BusinessDate,
): Facts {
  if (underlying.index !== undefined) {
    const index = indexNamed(underlying.index);
    const quote = market.quote(index, date);
    return {
      range: quote,
      previousClose: quote.previousClose,
      closeBefore: market.level(index, before),
      volatility: underlying.volatility ?? 0.15,
      key: indexKeyOf(index.name),
    };
  }
  const share = shareOf(market, underlying.symbol);
  const bar = market.bar(share, date);
  return {
    range: { open: bar.open / 100, high: bar.high / 100, low: bar.low / 100, close: bar.close / 100 },
    previousClose: bar.previousClose / 100,
    closeBefore: market.bar(share, previous).previousClose / 100,
    volatility: share.volatility * Math.sqrt(252),
    key: share.key,
  };
}

function shareOf(market: IndexMarket, symbol: string): Instrument {
  const found = market.universe.all.find((each) => each.symbol === symbol && each.series === 'EQ');
  if (found) return found;
  throw new ChampionError(`the simulated exchange has no share ${symbol}`, { code: 'INVALID_INPUT' });
}

interface Row {
  readonly strike: number;
  readonly expiry: BusinessDate;
  readonly CE: Leg | undefined;
  readonly PE: Leg | undefined;
}

function rowsOf({ underlying, context }: Chain, expiry: BusinessDate): Row[] {
  return strikesFor(underlying, context, expiry).flatMap((strike): Row[] => {
    const CE = legOf(context, 'CE', strike, expiry);
    const PE = legOf(context, 'PE', strike, expiry);
    return CE || PE ? [{ strike, expiry, CE, PE }] : [];
  });
}

function strikesFor(underlying: Underlying, { moment, spot }: ChainContext, expiry: BusinessDate): number[] {
  return strikesOf(underlying, spot.previousClose, dayNumber(expiry) - dayNumber(moment.date));
}

function totals(rows: readonly Row[], side: 'CE' | 'PE'): { totOI: number; totVol: number } {
  const sum = (of: (leg: Leg) => number): number => rows.reduce((all, row) => all + (row[side] ? of(row[side]) : 0), 0);
  return { totOI: Math.round(sum((leg) => leg.openInterest)), totVol: sum((leg) => leg.volume) };
}

/** The fields that both shapes spell alike. */
function common(leg: Leg | undefined) {
  return {
    openInterest: leg?.openInterest ?? 0,
    changeinOpenInterest: leg?.interestChange ?? 0,
    pchangeinOpenInterest: leg?.interestChangePercent ?? 0,
    totalTradedVolume: leg?.volume ?? 0,
    impliedVolatility: leg?.impliedVolatility ?? 0,
    lastPrice: leg?.last ?? 0,
    change: leg?.change ?? 0,
  };
}

/** A leg that is not listed arrives all the same, as zeros and nulls. */
function legV3(leg: Leg | undefined, { underlying, spot }: ChainContext) {
  return {
    strikePrice: leg?.strike ?? 0,
    expiryDate: leg ? numericDate(leg.expiry) : null,
    underlying: leg ? underlying.symbol : null,
    identifier: leg?.identifier ?? null,
    ...common(leg),
    totalBuyQuantity: leg?.totalBid ?? 0,
    totalSellQuantity: leg?.totalAsk ?? 0,
    buyPrice1: leg?.bid ?? 0,
    buyQuantity1: leg?.bidQuantity ?? 0,
    sellPrice1: leg?.ask ?? 0,
    sellQuantity1: leg?.askQuantity ?? 0,
    underlyingValue: leg ? spot.now : 0,
    optionType: null,
    pchange: leg?.changePercent ?? 0,
  };
}

function chainV3(chain: Chain, expiry: BusinessDate): unknown {
  const { context } = chain;
  const rows = rowsOf(chain, expiry);
  return {
    records: {
      timestamp: siteStamp(context.moment.date, context.moment.at),
      underlyingValue: context.spot.now,
      data: rows.map(({ strike, CE, PE }) => ({
        expiryDates: siteDate(expiry),
        CE: legV3(CE, context),
        PE: legV3(PE, context),
        strikePrice: strike,
      })),
      CE: totals(rows, 'CE'),
      PE: totals(rows, 'PE'),
    },
  };
}

function legV2(leg: Leg, { underlying, spot }: ChainContext) {
  return {
    strikePrice: leg.strike,
    expiryDate: siteDate(leg.expiry),
    underlying: underlying.symbol,
    identifier: leg.identifier,
    ...common(leg),
    pChange: leg.changePercent,
    totalBuyQuantity: leg.totalBid,
    totalSellQuantity: leg.totalAsk,
    bidQty: leg.bidQuantity,
    bidprice: leg.bid,
    askQty: leg.askQuantity,
    askPrice: leg.ask,
    underlyingValue: spot.now,
  };
}

function rowV2({ strike, expiry, CE, PE }: Row, context: ChainContext): unknown {
  return {
    strikePrice: strike,
    expiryDate: siteDate(expiry),
    ...(PE ? { PE: legV2(PE, context) } : {}),
    ...(CE ? { CE: legV2(CE, context) } : {}),
  };
}

/** The index's own figures, which the older shape carries along. */
function indexRecord({ market, underlying, context }: Chain): unknown {
  if (underlying.index === undefined) return undefined;
  const index = indexNamed(underlying.index);
  const quote = market.quote(index, context.moment.date);
  const { now, previousClose } = context.spot;
  const { pe, pb, dy } = ratios(quote);
  return {
    key: index.group,
    index: index.name,
    indexSymbol: index.symbol,
    last: now,
    variation: Number((now - previousClose).toFixed(2)),
    percentChange: Number((((now - previousClose) / previousClose) * 100).toFixed(2)),
    open: quote.open,
    high: quote.high,
    low: quote.low,
    previousClose,
    yearHigh: quote.yearHigh,
    yearLow: quote.yearLow,
    indicativeClose: 0,
    pe: pe.toFixed(2),
    pb: pb.toFixed(2),
    dy: dy.toFixed(2),
    declines: String(quote.declines),
    advances: String(quote.advances),
    unchanged: String(quote.unchanged),
  };
}

function chainV2(chain: Chain): unknown {
  const { context, expiries } = chain;
  const rows = expiries.flatMap((expiry) => rowsOf(chain, expiry));
  const nearest = rows.filter(({ expiry }) => expiry === expiries[0]);
  const index = indexRecord(chain);
  return {
    records: {
      expiryDates: expiries.map(siteDate),
      data: rows.toSorted((a, b) => a.strike - b.strike).map((row) => rowV2(row, context)),
      timestamp: siteStamp(context.moment.date, context.moment.at),
      underlyingValue: context.spot.now,
      strikePrices: [...new Set(rows.map(({ strike }) => strike))].sort((a, b) => a - b),
      ...(index === undefined ? {} : { index }),
    },
    filtered: {
      data: nearest.map((row) => rowV2(row, context)),
      CE: totals(nearest, 'CE'),
      PE: totals(nearest, 'PE'),
    },
  };
}

/**
 * The site's option chain at an instant, `{}` for a symbol or an expiry that it does not know. The same options give
 * the same text on every machine.
 * @throws ChampionError INVALID_INPUT for a bad seed, or a time before 2005
 */
export function optionChainJson(options: OptionChainOptions): string {
  const chain = chainOf(options);
  if (!chain) return NOTHING;
  if (options.shape === 'v2') return JSON.stringify(chainV2(chain));
  const expiry = options.expiry ?? chain.expiries[0];
  if (expiry === undefined || !chain.expiries.includes(expiry)) return NOTHING;
  return JSON.stringify(chainV3(chain, expiry));
}

/**
 * The expiries and strikes of a symbol at an instant, `{}` for one that the site does not know.
 * @throws ChampionError INVALID_INPUT for a bad seed, or a time before 2005
 */
export function contractInfoJson(options: ContractInfoOptions): string {
  const chain = chainOf(options);
  if (!chain) return NOTHING;
  const { underlying, context, expiries } = chain;
  const strikes = new Set(expiries.flatMap((expiry) => strikesFor(underlying, context, expiry)));
  return JSON.stringify({
    expiryDates: expiries.map(siteDate),
    strikePrice: [...strikes].sort((a, b) => a - b).map(String),
  });
}
