import type { BusinessDate, TradingCalendar } from '@champion/core';
import { type DayTape, dayTape } from '../market/day.ts';
import type { Instrument } from '../market/instrument.ts';
import { Memo } from '../market/memo.ts';
import { LARGE_COMPANIES } from '../market/names.ts';
import { hash, uniform } from '../market/random.ts';
import { dayNumber } from '../market/session-line.ts';
import { type Universe, universe } from '../market/universe.ts';
import { blockDeals } from './block.ts';
import { bulkDeals } from './bulk.ts';
import type { Deal, ShortSale } from './deal.ts';

/** Since when deals are disclosed; block deals come with the block window's own series, in 2017. */
const DISCLOSED_FROM = '2004-02-01';
const BULK_SERIES: ReadonlySet<string> = new Set(['EQ', 'BE', 'SM', 'ST']);
const TOPIC = { short: 540, quantity: 541, part: 542 };
const SHORTED = 0.09;
const KEPT_SESSIONS = 400;

/** What was disclosed of one session. */
export interface DayDeals {
  readonly date: BusinessDate;
  readonly bulk: readonly Deal[];
  readonly block: readonly Deal[];
  readonly short: readonly ShortSale[];
}

function shortSales(seed: number, day: number, shares: readonly Instrument[], tape: DayTape): ShortSale[] {
  return shares
    .flatMap((share) => (uniform(seed, TOPIC.short, share.key, day) < SHORTED ? (tape.bar(share) ?? []) : []))
    .map(({ instrument: { symbol, name, key }, volume }) => {
      const quantity = 1 + Math.floor(uniform(seed, TOPIC.quantity, key, day) ** 4 * 20_000);
      return { symbol, name, quantity: Math.min(quantity, volume) };
    })
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** The disclosed deals of one market, session by session. The last few hundred are kept. */
export class DealsBook {
  readonly #universe: Universe;
  readonly #calendar: TradingCalendar;
  readonly #days = new Memo<BusinessDate, DayDeals>(KEPT_SESSIONS);
  readonly #bulk: readonly Instrument[];
  readonly #block: readonly Instrument[];
  readonly #short: readonly Instrument[];

  constructor(seed: number, calendar: TradingCalendar) {
    this.#universe = universe(seed);
    this.#calendar = calendar;
    const shares = this.#universe.all.filter(({ kind }) => kind === 'share');
    this.#bulk = shares.filter(({ key, series }) => key >= LARGE_COMPANIES.length && BULK_SERIES.has(series));
    this.#block = this.#universe.all.filter(({ kind }) => kind === 'block');
    this.#short = shares.filter(({ key, series }) => key < 400 && series === 'EQ');
  }

  /** @throws ChampionError INVALID_INPUT when the date is not a session */
  day(date: BusinessDate): DayDeals {
    return this.#days.get(date, () => {
      const { seed } = this.#universe;
      const tape = dayTape(this.#universe, date, this.#calendar);
      const day = dayNumber(date);
      if (date < DISCLOSED_FROM) return { date, bulk: [], block: [], short: [] };
      return {
        date,
        bulk: bulkDeals(seed, day, this.#bulk, tape),
        block: blockDeals(seed, day, this.#block, tape),
        short: shortSales(seed, day, this.#short, tape),
      };
    });
  }

  /** What is out before the lists are final: about half of the instruments. */
  partial(date: BusinessDate): DayDeals {
    const { seed } = this.#universe;
    const { bulk, block, short } = this.day(date);
    const isOut = ({ symbol }: { readonly symbol: string }): boolean => {
      const letters = [...symbol].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0);
      return hash(seed, TOPIC.part, letters, dayNumber(date)) % 2 === 0;
    };
    return { date, bulk: bulk.filter(isOut), block: block.filter(isOut), short: short.filter(isOut) };
  }
}
