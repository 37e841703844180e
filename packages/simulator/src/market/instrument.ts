/** How an instrument's price and activity come about. */
type InstrumentKind = 'share' | 'fund' | 'gold' | 'bill' | 'bond' | 'settled-today' | 'block';

/** What an instrument was called until a change. */
export interface FormerName {
  readonly symbol: string;
  readonly name: string;
  readonly fullName: string;
  /** First day (days since 1970) under the next symbol and name. */
  readonly until: number;
}

/** One tradable thing: a (symbol, series) that lists on a day and, if it has a term, matures on another. */
export interface Instrument {
  /** Its coordinate in all random numbers: position in the universe. */
  readonly key: number;
  readonly kind: InstrumentKind;
  readonly symbol: string;
  readonly series: string;
  /** Cut as in the bhavcopy. */
  readonly name: string;
  /** Uncut, where that differs. */
  readonly fullName?: string;
  /** Earlier symbols and names, the oldest first; symbol and name themselves are today's. */
  readonly former?: readonly FormerName[];
  readonly isin: string;
  /** The exchange's number for it. */
  readonly id: number;
  /** First day (days since 1970) on which it can trade. */
  readonly listed: number;
  /** First day on which it no longer can; Infinity for what has no term. */
  readonly matured: number;
  readonly lot: number;
  /** Rupees, at the start of 2015. */
  readonly base: number;
  /** Standard deviation of a day's relative change. */
  readonly volatility: number;
  /** Relative growth a year. */
  readonly drift: number;
  /** Rupees that change hands on an ordinary day. */
  readonly turnover: number;
  /** Chance to trade in a session. */
  readonly presence: number;
  /** The share behind a T+0 or block-window line. */
  readonly underlying?: Instrument;
}

/** What a builder says of an instrument; the universe gives it its key and number. */
export type InstrumentDraft = Omit<Instrument, 'key' | 'id' | 'underlying'> & { readonly underlyingSymbol?: string };

/** The instrument under the symbol and the name that it bore on a day. */
export function asOf<T extends Pick<Instrument, 'symbol' | 'name' | 'former'>>(instrument: T, day: number): T {
  const then = instrument.former?.find(({ until }) => day < until);
  return then ? { ...instrument, symbol: then.symbol, name: then.name, fullName: then.fullName } : instrument;
}
