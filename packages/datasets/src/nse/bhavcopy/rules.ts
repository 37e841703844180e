import type { BusinessDate } from '@champion/core';
import { STAND_IN } from '../../isin.ts';

/**
 * The bhavcopy's rules as SQL predicates over the unified rows (silver's column names, decimals exact). They are listed
 * and explained in this folder's README.
 */
export interface Rule {
  readonly rule: string;
  /** The column that is shown with the row. */
  readonly column: string;
  /** True for a row that breaks the rule; null counts as false. */
  readonly breaks: string;
}

/**
 * The series of trades settled on the same day (T+0). The exchange prints the EQ series' close for it, so its close may
 * lie outside its own day's range.
 */
const SAME_DAY_SERIES = `'T0'`;

/**
 * Since this session an auction makes the close of many shares. Where it is held on several exchanges their prices are
 * averaged, and where on one alone, its price is the close of all: it may lie outside this exchange's own range.
 */
const AUCTIONED_FROM = '2026-08-03';

/** Rupees by which a turnover may miss price times volume: both sides are rounded to a paisa. */
const TURNOVER_TOLERANCE = '0.01';

export const missing = (column: string): Rule => ({
  rule: column === 'symbol' || column === 'series' ? 'key_missing' : 'value_missing',
  column,
  breaks: `${column} IS NULL`,
});

/** A turnover beside the product of a price and the volume; floating-point is exact enough to compare, and never stored. */
const turnoverAgainst = (price: string) => `CAST(${price} AS DOUBLE) * CAST(volume AS DOUBLE)`;

const CLOSE_OUTSIDE = 'volume > 0 AND (close < low OR close > high)';

/**
 * A row that breaks one of these goes to quarantine under the first it breaks. Two more need more than a row's own
 * columns and follow in code: `isin_check_digit` and `duplicate_key`.
 */
export const hardRulesOn = (date: BusinessDate): readonly Rule[] => [
  missing('symbol'),
  missing('series'),
  // Other exchanges publish their files in the same format.
  { rule: 'exchange', column: 'exchange', breaks: `exchange IS NULL OR exchange <> 'NSE'` },
  { rule: 'segment', column: 'segment', breaks: `segment IS NULL OR segment <> 'CM'` },
  ...['open', 'high', 'low', 'close', 'prev_close', 'volume', 'turnover'].map(missing),
  { rule: 'price_range', column: 'low', breaks: 'volume > 0 AND (low > high OR low > open OR low <= 0)' },
  { rule: 'price_range', column: 'high', breaks: 'volume > 0 AND high < open' },
  { rule: 'price_range', column: 'close', breaks: 'volume > 0 AND close <= 0' },
  ...(date < AUCTIONED_FROM
    ? [{ rule: 'price_range', column: 'close', breaks: `${CLOSE_OUTSIDE} AND series <> ${SAME_DAY_SERIES}` }]
    : []),
  {
    rule: 'turnover_range',
    column: 'turnover',
    breaks:
      `CAST(turnover AS DOUBLE) < ${turnoverAgainst('low')} * 0.999999999999 - ${TURNOVER_TOLERANCE} OR ` +
      `CAST(turnover AS DOUBLE) > ${turnoverAgainst('high')} * 1.000000000001 + ${TURNOVER_TOLERANCE}`,
  },
];

/** Reported, with an example; no row is dropped for them. */
export const softRules: readonly Rule[] = [
  { rule: 'close_outside_range', column: 'close', breaks: CLOSE_OUTSIDE },
  { rule: 'last_outside_range', column: 'last', breaks: 'volume > 0 AND (last < low OR last > high)' },
  { rule: 'trades_mismatch', column: 'trades', breaks: 'trades > volume OR (trades = 0 AND volume > 0)' },
  { rule: 'isin_placeholder', column: 'isin', breaks: STAND_IN },
];
