import type { RowRule } from '../../json/index.ts';

/**
 * A row that breaks one of these goes to quarantine under the first it breaks; `duplicate_key` follows them. Null counts
 * as keeping a rule: an index without a range has nothing to be outside of.
 */
export const hardRules: readonly RowRule[] = [
  { rule: 'key_missing', column: 'index_name', breaks: 'index_name IS NULL' },
  { rule: 'price_range', column: 'low', breaks: 'low > high' },
];

/**
 * Reported, with an example; no row is dropped for them. The close is made of closing prices, averages or auctions, and
 * the range of the levels during the session: one need not contain the other.
 */
export const softRules: readonly RowRule[] = [
  { rule: 'close_outside_range', column: 'close', breaks: 'close < low OR close > high' },
  { rule: 'open_outside_range', column: 'open', breaks: 'open < low OR open > high' },
];
