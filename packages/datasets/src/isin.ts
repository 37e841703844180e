import { isValidIsin } from '@champion/core';

/** What stands in an `isin` column for an instrument that has none yet: INE, -, DUMMY, DUM154A01025. An SQL predicate. */
export const STAND_IN = `(isin IN ('INE', '-') OR isin LIKE 'DUM%')`;

/** The `isin` column as far as it is one, in SQL. */
export const ISIN = `CASE WHEN ${STAND_IN} THEN NULL ELSE isin END`;

/** Whether a published ISIN is a stand-in. */
export function isStandIn(isin: string): boolean {
  return isin === 'INE' || isin === '-' || isin.startsWith('DUM');
}

/** Whether it is neither an ISIN, by its check digit, nor a stand-in; nothing at all is right. */
export function isBadIsin(isin: string | null): boolean {
  return isin !== null && !isValidIsin(isin) && !isStandIn(isin);
}
