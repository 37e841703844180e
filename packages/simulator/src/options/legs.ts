import type { BusinessDate } from '@champion/core';
import type { Moment } from '../market/hours.ts';
import { hash, normal, uniform } from '../market/random.ts';
import { dayNumber } from '../market/session-line.ts';
import { numericDate } from '../market/stamps.ts';
import type { Underlying } from './contracts.ts';
import { distance, optionPrice, type Side, smile, toTick, yearsLeft } from './pricing.ts';

/** Where the underlying stands, and stood at the two closes before. */
interface Spot {
  readonly now: number;
  readonly previousClose: number;
  readonly closeBefore: number;
}

/** What all options of one chain have in common. */
export interface ChainContext {
  readonly seed: number;
  readonly underlying: Underlying;
  /** Its coordinate in random numbers. */
  readonly key: number;
  readonly moment: Moment;
  readonly previousDate: BusinessDate;
  readonly spot: Spot;
  /** Annual, at the money. */
  readonly volatility: number;
  readonly lot: number;
  readonly step: number;
}

/** One option of a chain, under neutral names; each shape of the answer has its own. */
export interface Leg {
  readonly side: Side;
  readonly strike: number;
  readonly expiry: BusinessDate;
  readonly identifier: string;
  readonly openInterest: number;
  readonly interestChange: number;
  readonly interestChangePercent: number;
  readonly volume: number;
  /** Percent; 0 where the option is not quoted on both sides or does not trade. */
  readonly impliedVolatility: number;
  readonly last: number;
  readonly change: number;
  readonly changePercent: number;
  readonly totalBid: number;
  readonly totalAsk: number;
  readonly bid: number;
  readonly bidQuantity: number;
  readonly ask: number;
  readonly askQuantity: number;
}

const TOPIC = { absent: 500, interest: 501, day: 502, volume: 503, quote: 504, stale: 505, unquoted: 506, split: 507 };

/** One in so many contracts still counts lots of an older size, hence fractions. */
const FRACTIONS = 45;

/** In its last week an option's holders stay where they are, however narrow the odds become. */
const SETTLED_DAYS = 8;
/** Deep in the money, what trades mostly trades without a volatility that the exchange could tell. */
const UNTOLD = 0.5;

/** One number for (strike, expiry, side): their coordinate in random numbers. */
function contractKey(context: ChainContext, side: Side, strike: number, expiry: BusinessDate): number {
  return hash(context.key, side === 'CE' ? 1 : 2, Math.round(strike * 100), dayNumber(expiry));
}

/** Contracts open at the close of a day. */
function interestAt(
  context: ChainContext,
  side: Side,
  strike: number,
  expiry: BusinessDate,
  day: number,
  spot: number,
) {
  const { seed, underlying, volatility, step } = context;
  const contract = contractKey(context, side, strike, expiry);
  const daysLeft = Math.max(1, dayNumber(expiry) - day);
  const d = distance(spot, strike, yearsLeft(Math.max(SETTLED_DAYS, daysLeft), 1), volatility);
  // Calls gather above the money and puts below it; round strikes gather most.
  const centre = side === 'CE' ? 1 : -1;
  const crowd = Math.exp(-((d - centre) ** 2) / 6);
  const round = strike % (step * 10) === 0 ? 2.2 : strike % (step * 2) === 0 ? 1.2 : 0.6;
  const nearness = (1 / (1 + daysLeft / 12)) * Math.exp(-daysLeft / 150);
  const taste = Math.exp(normal(seed, TOPIC.interest, contract) * 0.5 + normal(seed, TOPIC.day, contract, day) * 0.12);
  const contracts = Math.floor(underlying.interest * crowd * round * nearness * taste);
  const split = hash(seed, TOPIC.split, contract) % FRACTIONS;
  return contracts > 0 && split < 2 ? contracts + (split + 1) / 3 : contracts;
}

/** Percent of a whole, 0 when there is none. */
const share = (part: number, whole: number): number => (whole === 0 ? 0 : (part / whole) * 100);

/** An option at a moment; undefined when the exchange does not list that side of the strike. */
export function legOf(context: ChainContext, side: Side, strike: number, expiry: BusinessDate): Leg | undefined {
  const { seed, underlying, moment, spot, lot, volatility } = context;
  const { progress } = moment;
  const day = dayNumber(moment.date);
  const contract = contractKey(context, side, strike, expiry);
  const daysLeft = dayNumber(expiry) - day;
  const years = yearsLeft(daysLeft, progress);
  const listedAt = distance(spot.previousClose, strike, yearsLeft(daysLeft, 0), volatility);
  const inTheMoney = side === 'CE' ? -listedAt : listedAt;
  if (inTheMoney > 4 && uniform(seed, TOPIC.absent, contract) < 0.35) return undefined;

  const d = distance(spot.now, strike, years, volatility);
  const deviation = smile(volatility, d);
  const fair = optionPrice(side, spot.now, strike, years, deviation);

  const previousDay = dayNumber(context.previousDate);
  const before = interestAt(context, side, strike, expiry, previousDay, spot.closeBefore);
  const after = interestAt(context, side, strike, expiry, day, spot.previousClose);
  // A fraction belongs to the contract: both closes have it, and a change is whole.
  const interestChange = Math.round((after - before) * progress);
  const openInterest = progress >= 1 ? after : before === 0 ? interestChange : before + interestChange;

  const busy = (0.2 + openInterest) * Math.exp(-Math.max(0, side === 'CE' ? -d : d) * 1.6);
  const dayVolume = Math.floor(
    busy * 3 * Math.exp(normal(seed, TOPIC.volume, contract, day) * 0.8) * (daysLeft < 8 ? 4 : 1),
  );
  const volume = Math.floor(dayVolume * progress);
  const last = volume > 0 ? toTick(fair) : 0;
  const yearsBefore = yearsLeft(daysLeft + (day - previousDay), 1);
  const deviationBefore = smile(volatility, distance(spot.previousClose, strike, yearsBefore, volatility));
  const lastBefore = toTick(optionPrice(side, spot.previousClose, strike, yearsBefore, deviationBefore));
  const change = volume > 0 ? Number((last - lastBefore).toFixed(2)) : 0;

  const width = 0.0015 + 0.02 / (1 + volume / 20);
  const untold = inTheMoney > 1 && uniform(seed, TOPIC.stale, contract, day) < UNTOLD;
  const oneSided = volume === 0 && uniform(seed, TOPIC.unquoted, contract, day) < 0.4;
  const lots = (nth: number, most: number): number =>
    lot * (1 + (hash(seed, TOPIC.quote + nth, contract, moment.minute + day) % most));
  const depth = Math.max(3, Math.min(2000, Math.floor(openInterest / 10)));
  const bid = Number(Math.max(0.05, Math.floor((fair * (1 - width)) / 0.05) * 0.05).toFixed(2));
  const ask = oneSided ? 0 : Number(Math.max(bid + 0.05, Math.ceil((fair * (1 + width)) / 0.05) * 0.05).toFixed(2));
  const bidQuantity = lots(0, depth);
  const askQuantity = oneSided ? 0 : lots(1, depth);
  return {
    side,
    strike,
    expiry,
    identifier: `OPT${underlying.kind === 'index' ? 'IDX' : 'STK'}${underlying.symbol}${numericDate(expiry)}${side}${strike.toFixed(2)}`,
    openInterest,
    interestChange,
    interestChangePercent: share(interestChange, before),
    volume,
    impliedVolatility: volume === 0 || oneSided || untold ? 0 : Number((deviation * 100).toFixed(2)),
    last,
    change,
    changePercent: volume > 0 ? share(change, lastBefore) : 0,
    totalBid: bidQuantity + lots(2, depth * 8),
    totalAsk: oneSided ? 0 : askQuantity + lots(3, depth * 8),
    bid,
    bidQuantity,
    ask,
    askQuantity,
  };
}
