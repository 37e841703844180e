import { addDays, type BusinessDate, businessDate, ChampionError, type TradingCalendar } from '@champion/core';
import { type Bar, type DayTape, dayTape } from '../market/day.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Range } from '../market/intraday.ts';
import { Memo } from '../market/memo.ts';
import { Prices } from '../market/prices.ts';
import { hash, normal } from '../market/random.ts';
import { dateOfDay, dayNumber } from '../market/session-line.ts';
import { type Universe, universe } from '../market/universe.ts';
import { INDICES, type IndexDefinition } from './catalogue.ts';
import { industryOf } from './industry.ts';
import { cutOffDay, effectiveDay, type Review, reviewOf } from './reviews.ts';

/** Before, too few companies are listed to fill five hundred places. */
export const FIRST_INDEX_DAY = businessDate('2005-01-03');
/** The day on which each index stands at the level that its definition names. */
const ANCHOR = businessDate('2024-04-01');

const TOPIC = { float: 400, size: 401 };
/** The first on the list of companies are the giants. */
const GIANTS = 30;
const LISTED_FOR_DAYS = 180;
/** Highs and lows of a year are looked for on every fourteenth day, always the same ones. */
const YEAR_STEP = 14;
const YEAR = 365;

/** A company in an index. */
export interface Member {
  readonly instrument: Instrument;
  /** Shares in public hands. */
  readonly floating: number;
}

/** A session of something that has a price. Rupees or index points. */
export interface Quote extends Range {
  readonly previousClose: number;
  readonly yearHigh: number;
  readonly yearLow: number;
  /** Close of the last session 365 and 30 days ago or before, and that session. */
  readonly yearAgo: Past;
  readonly monthAgo: Past;
}

export interface Past {
  readonly date: BusinessDate;
  readonly close: number;
}

export interface MemberQuote extends Quote {
  readonly member: Member;
  readonly bar: Bar;
}

/** An index's session, with its members' in order of size. */
export interface IndexQuote extends Quote {
  readonly index: IndexDefinition;
  readonly date: BusinessDate;
  readonly members: readonly MemberQuote[];
  readonly volume: number;
  /** Rupees. */
  readonly turnover: number;
  /** Rupees. */
  readonly floatingValue: number;
  readonly advances: number;
  readonly declines: number;
  readonly unchanged: number;
}

/** Index points move in steps of 0.05. */
function points(value: number): number {
  return Number((Math.round(value * 20) / 20).toFixed(2));
}

/** The indices of one seed and one calendar: who is in them and where they stand. All of it follows from the bhavcopy's prices. */
export class IndexMarket {
  readonly seed: number;
  readonly calendar: TradingCalendar;
  readonly universe: Universe;
  readonly #prices: Prices;
  readonly #rankings = new Memo<Review, readonly Member[]>(60);
  readonly #members = new Memo<string, readonly Member[]>(120);
  readonly #divisors = new Memo<string, number>(900);
  readonly #closes = new Memo<number, Map<Instrument, number>>(120);
  readonly #tapes = new Memo<BusinessDate, DayTape>(8);
  readonly #quotes = new Memo<string, IndexQuote>(3 * INDICES.length);

  constructor(seed: number, calendar: TradingCalendar) {
    this.seed = seed;
    this.calendar = calendar;
    this.universe = universe(seed);
    this.#prices = new Prices(seed);
  }

  /** The members that stand on a date, the largest first by the review that chose them. */
  members(index: IndexDefinition, date: BusinessDate): readonly Member[] {
    return this.#membersOf(index, reviewOf(date));
  }

  /** Close of an index on a day, in points; on a day without a session, where its members' prices would have it. */
  level(index: IndexDefinition, date: BusinessDate): number {
    const review = reviewOf(date);
    return points(this.#value(index, review, date) / this.#divisor(index, review));
  }

  /** A share's session. */
  bar(instrument: Instrument, date: BusinessDate): Bar {
    const tape = this.#tapes.get(date, () => dayTape(this.universe, date, this.calendar));
    const bar = tape.bar(instrument);
    if (bar) return bar;
    throw new ChampionError(`${instrument.symbol} does not trade on ${date}`, {
      code: 'INVALID_INPUT',
      hint: 'Ask for a session after its listing.',
      context: { symbol: instrument.symbol, date },
    });
  }

  /**
   * An index's session.
   * @throws ChampionError INVALID_INPUT when the date is not a session, or before 2005-01-03
   */
  quote(index: IndexDefinition, date: BusinessDate): IndexQuote {
    if (date < FIRST_INDEX_DAY) {
      throw new ChampionError(`the simulated indices begin on ${FIRST_INDEX_DAY}`, {
        code: 'INVALID_INPUT',
        hint: 'Ask for a later session.',
        context: { index: index.name, date },
      });
    }
    return this.#quotes.get(`${index.name} ${date}`, () => this.#makeQuote(index, date));
  }

  #makeQuote(index: IndexDefinition, date: BusinessDate): IndexQuote {
    const members = this.members(index, date).map((member) => this.#memberQuote(member, date));
    const divisor = this.#divisor(index, reviewOf(date));
    const sum = (paise: (bar: Bar) => number): number =>
      members.reduce((total, { bar, member }) => total + paise(bar) * member.floating, 0);
    const open = points(sum((bar) => bar.open) / divisor);
    const close = this.level(index, date);
    // Members do not reach their highs and lows together: the index goes part of the way.
    const top = Math.max(open, close);
    const bottom = Math.min(open, close);
    const high = points(top + Math.max(0, sum((bar) => bar.high) / divisor - top) * 0.35);
    const low = points(bottom - Math.max(0, bottom - sum((bar) => bar.low) / divisor) * 0.35);
    const moved = members.map((quote) => Math.sign(quote.close - quote.previousClose));
    const previousClose = this.level(index, this.calendar.previousSession(date));
    const year = this.#yearDays(date).map((day) => this.level(index, dateOfDay(day)));
    return {
      index,
      date,
      members,
      open,
      high,
      low,
      close,
      previousClose,
      yearHigh: Math.max(high, previousClose, ...year),
      yearLow: Math.min(low, previousClose, ...year),
      yearAgo: this.#past(date, 365, (day) => this.level(index, day)),
      monthAgo: this.#past(date, 30, (day) => this.level(index, day)),
      volume: members.reduce((total, { bar }) => total + bar.volume, 0),
      turnover: members.reduce((total, { bar }) => total + bar.turnover, 0) / 100,
      floatingValue: sum((bar) => bar.close) / 100,
      advances: moved.filter((sign) => sign > 0).length,
      declines: moved.filter((sign) => sign < 0).length,
      unchanged: moved.filter((sign) => sign === 0).length,
    };
  }

  #memberQuote(member: Member, date: BusinessDate): MemberQuote {
    const { instrument } = member;
    const bar = this.bar(instrument, date);
    const closeOn = (day: BusinessDate): number => this.#close(instrument, dayNumber(day)) / 100;
    const year = this.#yearDays(date).map((day) => this.#close(instrument, day) / 100);
    const [high, low, previousClose] = [bar.high / 100, bar.low / 100, bar.previousClose / 100];
    return {
      member,
      bar,
      open: bar.open / 100,
      high,
      low,
      close: bar.close / 100,
      previousClose,
      yearHigh: Math.max(high, previousClose, ...year),
      yearLow: Math.min(low, previousClose, ...year),
      yearAgo: this.#past(date, 365, closeOn),
      monthAgo: this.#past(date, 30, closeOn),
    };
  }

  #past(date: BusinessDate, days: number, closeOn: (day: BusinessDate) => number): Past {
    const day = this.calendar.previousSession(addDays(date, 1 - days));
    return { date: day, close: closeOn(day) };
  }

  /** The days of the year up to `date` on which its highs and lows are looked for. */
  #yearDays(date: BusinessDate): number[] {
    const last = dayNumber(date) - 1;
    const days: number[] = [];
    for (let day = last - (last % YEAR_STEP); day > last - YEAR; day -= YEAR_STEP) days.push(day);
    return days;
  }

  /** Paise. */
  #close(instrument: Instrument, day: number): number {
    const closes = this.#closes.get(day, () => new Map());
    let close = closes.get(instrument);
    if (close === undefined) {
      close = this.#prices.close(instrument, day);
      closes.set(instrument, close);
    }
    return close;
  }

  #membersOf(index: IndexDefinition, review: Review): readonly Member[] {
    return this.#members.get(`${index.name} ${review}`, () => {
      const ranking = this.#rankings.get(review, () => this.#rank(review));
      const { pick } = index;
      if (pick.by === 'rank') return ranking.slice(pick.from, pick.to);
      const count = pick.counts.findLast(([from]) => review >= from)?.[1] ?? 0;
      return ranking.filter(({ instrument }) => pick.fits(industryOf(instrument))).slice(0, count);
    });
  }

  /** All companies that an index may hold, by the value of their floating shares. */
  #rank(review: Review): Member[] {
    const day = dayNumber(cutOffDay(review));
    return this.universe.all
      .filter(
        ({ kind, series, presence, listed, symbol }) =>
          kind === 'share' &&
          series === 'EQ' &&
          presence >= 1 &&
          listed <= day - LISTED_FOR_DAYS &&
          !symbol.endsWith('-RE'),
      )
      .map((instrument) => {
        const floating = floatingShares(this.seed, instrument);
        return { instrument, floating, value: floating * this.#prices.close(instrument, day) };
      })
      .sort((a, b) => b.value - a.value)
      .map(({ instrument, floating }) => ({ instrument, floating }));
  }

  /** Paise. */
  #value(index: IndexDefinition, review: Review, date: BusinessDate): number {
    const day = dayNumber(date);
    let value = 0;
    for (const { instrument, floating } of this.#membersOf(index, review))
      value += floating * this.#close(instrument, day);
    return value;
  }

  /**
   * What the members' value is divided by. From one review to the next it changes so that old and new members give the
   * same level on the last session before; the chain is held fast at the anchor.
   */
  #divisor(index: IndexDefinition, review: Review): number {
    return this.#divisors.get(`${index.name} ${review}`, () => {
      const anchor = reviewOf(ANCHOR);
      if (review === anchor) return this.#value(index, review, ANCHOR) / index.anchor;
      const neighbour = review > anchor ? review - 1 : review + 1;
      const link = this.calendar.previousSession(effectiveDay(Math.max(review, neighbour)));
      const change = this.#value(index, review, link) / this.#value(index, neighbour, link);
      return this.#divisor(index, neighbour) * change;
    });
  }
}

/** Shares in public hands; the same on every day. */
function floatingShares(seed: number, { key, base, turnover }: Instrument): number {
  const size = normal(seed, TOPIC.size, key);
  // Who trades much is, on the whole, large.
  const rupees = key < GIANTS ? 28.2 + size * 0.6 : 23.8 + 0.5 * (Math.log(turnover) - 17.6) + size * 1.1;
  const float = 0.3 + (hash(seed, TOPIC.float, key) % 12) * 0.05;
  return Math.max(1, Math.round((Math.exp(rupees) / base) * float));
}

const MOST_SEEDS = 4;
const markets = new WeakMap<TradingCalendar, Memo<number, IndexMarket>>();

/** The indices of a seed under a calendar. The last few are kept, with what they remember. */
export function indexMarket(seed: number, calendar: TradingCalendar): IndexMarket {
  const ofCalendar = markets.get(calendar) ?? new Memo<number, IndexMarket>(MOST_SEEDS);
  markets.set(calendar, ofCalendar);
  return ofCalendar.get(seed, () => new IndexMarket(seed, calendar));
}
