import { STAND_IN } from '../../isin.ts';
import type { RowRule } from '../../json/index.ts';

/**
 * A row that breaks one of these goes to quarantine. Those of parsing come before (`row_shape`, `number_format`, and
 * the list's own), `isin_check_digit` and `duplicate_key` after.
 */
export const hardRules: readonly RowRule[] = [
  { rule: 'key_missing', column: 'symbol', breaks: 'symbol IS NULL' },
  // Names of indices have spaces, symbols have none.
  { rule: 'symbol_shape', column: 'symbol', breaks: `symbol LIKE '% %'` },
  { rule: 'price_range', column: 'low', breaks: 'low > high' },
];

/** Reported, with an example; no row is dropped for them. */
export const softRules: readonly RowRule[] = [
  { rule: 'last_outside_range', column: 'last', breaks: 'volume > 0 AND (last < low OR last > high)' },
  { rule: 'isin_placeholder', column: 'isin', breaks: STAND_IN },
];
