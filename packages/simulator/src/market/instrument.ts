/** How an instrument's price and activity come about. */
type InstrumentKind = 'share' | 'fund' | 'gold' | 'bill' | 'bond' | 'settled-today' | 'block';

/** One tradable thing: a (symbol, series) that lists on a day and, if it has a term, matures on another. */
export interface Instrument {
  /** Its coordinate in all random numbers: position in the universe. */
  readonly key: number;
  readonly kind: InstrumentKind;
  readonly symbol: string;
  readonly series: string;
  readonly name: string;
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
