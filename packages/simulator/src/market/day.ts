import { type BusinessDate, ChampionError, type TradingCalendar } from '@champion/core';
import { asOf, type Instrument } from './instrument.ts';
import { Prices, tick, toTick } from './prices.ts';
import { hash, normal, uniform } from './random.ts';
import { dayNumber, positionOf, sessionLine } from './session-line.ts';
import { compare, type Universe } from './universe.ts';

/** One instrument's session. Prices and turnover in whole paise. */
export interface Bar {
  /** Under the symbol and name that it bore on the day. */
  readonly instrument: Instrument;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Undefined for the two or three bonds a day whose last price the exchange leaves out. */
  readonly last: number | undefined;
  readonly previousClose: number;
  readonly settlement: number;
  readonly volume: number;
  readonly turnover: number;
  readonly trades: number;
}

const TOPIC = {
  trades: 300,
  turnover: 301,
  tempo: 302,
  size: 303,
  open: 304,
  last: 305,
  up: 306,
  down: 307,
  vwap: 308,
};
const OMITTED = 309;
const SETTLEMENT = 310;
const BLOCK_DAY = 311;
/** On two of three days nobody uses the block window. */
const BLOCK_DAYS = 0.35;
/** From 2024-07-08 the settlement price is a figure of its own; before, it is the close. */
const OWN_SETTLEMENT_FROM = 19_912;
/** Rupees and shares in a session of one instrument; keeps every figure in paise below 2^53. */
const MOST_TURNOVER = 4e10;
const MOST_VOLUME = 6e8;

/** Does the instrument trade on this session? */
function trades(seed: number, instrument: Instrument, day: number): boolean {
  if (day < instrument.listed || day >= instrument.matured) return false;
  if (instrument.kind === 'block' && uniform(seed, BLOCK_DAY, 0, day) >= BLOCK_DAYS) return false;
  return instrument.presence >= 1 || uniform(seed, TOPIC.trades, instrument.key, day) < instrument.presence;
}

/** The last session before `days[position]` on which it traded; the eve of its listing if there is none. */
function previousDay(seed: number, instrument: Instrument, days: readonly number[], position: number): number {
  for (let i = position - 1; i >= 0; i--) {
    const day = days[i] ?? 0;
    if (day < instrument.listed) break;
    if (trades(seed, instrument, day)) return day;
  }
  return instrument.listed - 1;
}

function bar(seed: number, prices: Prices, instrument: Instrument, day: number, previousClose: number): Bar {
  const { key, lot } = instrument;
  const close = prices.close(instrument, day);
  const tempo = Math.exp(normal(seed, TOPIC.tempo, key, day) * 0.7);
  const rupees = Math.min(MOST_TURNOVER, instrument.turnover * tempo);
  const lots = Math.max(1, Math.round(Math.min((rupees * 100) / close, MOST_VOLUME) / lot));
  // Deals grow with the market's size, but slower.
  const dealRupees = instrument.kind === 'block' ? 2e8 : 3000 * (rupees / 1e5) ** 0.25;
  const dealCount = rupees / dealRupees / Math.exp(normal(seed, TOPIC.size, key, day) * 0.3);
  const count = Math.min(lots, Math.max(1, Math.round(dealCount)));
  const volume = lots * lot;
  const grid = (paise: number): number => toTick(instrument, paise, day);
  const spread = instrument.volatility * close;
  const settled = instrument.kind === 'settled-today';
  // A T+0 line closes at its EQ line's close, but its few deals are made elsewhere and earlier.
  const centre = settled ? grid(close * (1 + normal(seed, TOPIC.open, key, day) * 0.008)) : close;
  let [open, high, low, last] = [centre, centre, centre, centre];
  if (count > 1) {
    open = grid(previousClose + (close - previousClose) * uniform(seed, TOPIC.open, key, day));
    if (Math.abs(open - centre) > 3 * spread) open = centre;
    last = grid(centre + normal(seed, TOPIC.last, key, day) * spread * 0.12);
    const top = Math.max(open, centre, last);
    const bottom = Math.min(open, centre, last);
    high = Math.max(top, grid(top + spread * 1.3 * uniform(seed, TOPIC.up, key, day)));
    low = Math.min(bottom, grid(bottom - spread * 1.3 * uniform(seed, TOPIC.down, key, day)));
  }
  const between = 0.2 + 0.6 * uniform(seed, TOPIC.vwap, key, day);
  const turnover = low * volume + Math.floor(between * (high - low) * volume);
  return {
    instrument: asOf(instrument, day),
    open,
    high,
    low,
    close,
    last,
    previousClose,
    settlement: settlement(seed, instrument, day, close),
    volume,
    turnover,
    trades: count,
  };
}

function settlement(seed: number, instrument: Instrument, day: number, close: number): number {
  if (day < OWN_SETTLEMENT_FROM || instrument.kind !== 'share' || instrument.lot > 1) return close;
  const step = (hash(seed, SETTLEMENT, instrument.key, day) % 4) - 1;
  return Math.max(1, close + step * tick(instrument, close, day));
}

/** Leaves out the last price of two or three bonds, those with the smallest draw. */
function omitLastPrices(seed: number, day: number, bars: Bar[]): void {
  const count = 2 + (hash(seed, OMITTED, day) & 1);
  const bonds = bars
    .map((each, index) => ({ each, index, draw: hash(seed, OMITTED, each.instrument.key, day) }))
    .filter(({ each }) => each.instrument.kind === 'bond' && each.instrument.series !== 'GS')
    .sort((a, b) => a.draw - b.draw);
  for (const { each, index } of bonds.slice(0, count)) bars[index] = { ...each, last: undefined };
}

/** Bars of single instruments on one day, for whoever does not need the whole session. */
export interface DayTape {
  /** Undefined when the instrument did not trade. Its last price is always there. */
  bar(instrument: Instrument): Bar | undefined;
}

/** @throws ChampionError INVALID_INPUT when the date is not a session */
export function dayTape({ seed }: Universe, date: BusinessDate, calendar: TradingCalendar): DayTape {
  const { days, position, day } = placeOf(date, calendar);
  const prices = new Prices(seed);
  return {
    bar(instrument) {
      if (!trades(seed, instrument, day)) return undefined;
      // A T+0 line has no close of its own: what it carries is the EQ line's.
      const carrier = instrument.kind === 'settled-today' ? (instrument.underlying ?? instrument) : instrument;
      const previousClose = prices.close(carrier, previousDay(seed, carrier, days, position));
      return bar(seed, prices, instrument, day, previousClose);
    },
  };
}

interface Place {
  readonly days: readonly number[];
  readonly position: number;
  readonly day: number;
}

function placeOf(date: BusinessDate, calendar: TradingCalendar): Place {
  const day = dayNumber(date);
  const days = sessionLine(calendar).upTo(date);
  const position = positionOf(days, day);
  if (days[position] === day) return { days, position, day };
  throw new ChampionError(`${date} is not a session of the exchange`, {
    code: 'INVALID_INPUT',
    hint: 'Ask for a trading day from 1994-11-03 on.',
    context: { date, day: calendar.day(date) },
  });
}

/**
 * All bars of a session, in the given order of instruments. Throws INVALID_INPUT when the date is not a session.
 */
export function sessionBars(
  universe: Universe,
  order: readonly Instrument[],
  date: BusinessDate,
  calendar: TradingCalendar,
): Bar[] {
  const tape = dayTape(universe, date, calendar);
  const bars: Bar[] = [];
  for (const instrument of order) {
    const traded = tape.bar(instrument);
    if (traded) bars.push(traded);
  }
  omitLastPrices(universe.seed, dayNumber(date), bars);
  return bars;
}

/** All bars of a session by the symbols of the day, then series, in code-unit order. */
export function barsBySymbol(universe: Universe, date: BusinessDate, calendar: TradingCalendar): Bar[] {
  // Former symbols stand elsewhere in the alphabet than today's.
  return sessionBars(universe, universe.bySymbol, date, calendar).sort(
    (a, b) => compare(a.instrument.symbol, b.instrument.symbol) || compare(a.instrument.series, b.instrument.series),
  );
}
