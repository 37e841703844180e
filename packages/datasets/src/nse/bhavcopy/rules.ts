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

/** Literals that the exchange prints where an instrument has no ISIN yet. */
export const ISIN_PLACEHOLDERS: readonly string[] = ['DUMMY', 'INE'];
const placeholders = ISIN_PLACEHOLDERS.map((text) => `'${text}'`).join(', ');

/** Rupees by which a turnover may miss price times volume: both sides are rounded to a paisa. */
const TURNOVER_TOLERANCE = '0.01';

export const missing = (column: string): Rule => ({
  rule: column === 'symbol' || column === 'series' ? 'key_missing' : 'value_missing',
  column,
  breaks: `${column} IS NULL`,
});

/** A turnover beside the product of a price and the volume; floating-point is exact enough to compare, and never stored. */
const turnoverAgainst = (price: string) => `CAST(${price} AS DOUBLE) * CAST(volume AS DOUBLE)`;

/**
 * A row that breaks one of these goes to quarantine under the first it breaks. Two more need more than a row's own
 * columns and follow in code: `isin_check_digit` and `duplicate_key`.
 */
export const hardRules: readonly Rule[] = [
  missing('symbol'),
  missing('series'),
  { rule: 'segment', column: 'segment', breaks: `segment <> 'CM'` },
  ...['open', 'high', 'low', 'close', 'prev_close', 'volume', 'turnover'].map(missing),
  { rule: 'price_range', column: 'low', breaks: 'volume > 0 AND (low > high OR low > open OR low <= 0)' },
  { rule: 'price_range', column: 'high', breaks: 'volume > 0 AND high < open' },
  {
    rule: 'price_range',
    column: 'close',
    breaks: `volume > 0 AND series <> ${SAME_DAY_SERIES} AND (close < low OR close > high)`,
  },
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
  { rule: 'close_outside_range', column: 'close', breaks: 'volume > 0 AND (close < low OR close > high)' },
  { rule: 'last_outside_range', column: 'last', breaks: 'volume > 0 AND (last < low OR last > high)' },
  { rule: 'isin_placeholder', column: 'isin', breaks: `isin IN (${placeholders})` },
];
