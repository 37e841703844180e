import type { RowRule } from '../../json/index.ts';

/** The end of an identifier: "OPTIDXNIFTY26-05-2026CE20000.00"; of another shape it says nothing of the side. */
const ends = (side: 'CE' | 'PE') => `identifier ~ '-[0-9]{4}${side}[0-9.]+$'`;

/** A leg that breaks one of these goes to quarantine; parsing's own come before, `duplicate_key` after. */
export const hardRules: readonly RowRule[] = [
  ...['strike', 'expiry', 'identifier'].map((column): RowRule => {
    return { rule: 'key_missing', column, breaks: `${column} IS NULL` };
  }),
  ...['open_interest', 'volume'].map((column): RowRule => {
    return { rule: 'value_missing', column, breaks: `${column} IS NULL` };
  }),
  { rule: 'strike_mismatch', column: 'strike', breaks: 'row_strike IS NULL OR strike <> row_strike OR strike = 0' },
  { rule: 'expiry_mismatch', column: 'expiry', breaks: 'row_expiry IS NULL OR expiry <> row_expiry' },
  { rule: 'expiry_mismatch', column: 'expiry', breaks: 'asked_expiry IS NOT NULL AND expiry <> asked_expiry' },
  {
    rule: 'side_mismatch',
    column: 'identifier',
    breaks: `(option_type = 'CE' AND ${ends('PE')}) OR (option_type = 'PE' AND ${ends('CE')})`,
  },
  { rule: 'expiry_past', column: 'expiry', breaks: 'expiry < trade_date' },
];

/** Reported, with an example; no leg is dropped for them. */
export const softRules: readonly RowRule[] = [
  { rule: 'crossed_quote', column: 'ask', breaks: 'bid > ask' },
  { rule: 'underlying_differs', column: 'underlying_value', breaks: 'leg_underlying <> underlying_value' },
];
