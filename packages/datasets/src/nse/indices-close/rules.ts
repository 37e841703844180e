import type { RowRule } from '../../json/index.ts';

/**
 * A row that breaks one of these goes to quarantine under the first it breaks; `duplicate_key` follows them. Null counts
 * as keeping a rule: an index without a range has nothing to be outside of.
 */
export const hardRules: readonly RowRule[] = [
  { rule: 'key_missing', column: 'index_name', breaks: 'index_name IS NULL' },
  { rule: 'price_range', column: 'low', breaks: 'low > high OR low > open OR low > close' },
  { rule: 'price_range', column: 'high', breaks: 'high < open OR high < close' },
];
