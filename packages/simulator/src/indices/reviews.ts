import { type BusinessDate, businessDate, dateForms } from '@champion/core';

/**
 * A half-yearly review of all indices: year × 2 for the one that takes effect at the end of March, year × 2 + 1 for the
 * one at the end of September.
 */
export type Review = number;

const EFFECTIVE = ['03-31', '09-30'] as const;
const CUT_OFF = ['01-31', '07-31'] as const;

/** The review whose lists stand on a date. */
export function reviewOf(date: BusinessDate): Review {
  const year = Number(dateForms.year(date));
  const day = date.slice(5);
  return day >= EFFECTIVE[1] ? year * 2 + 1 : day >= EFFECTIVE[0] ? year * 2 : year * 2 - 1;
}

const dayOf = (review: Review, days: readonly [string, string]): BusinessDate =>
  businessDate(`${Math.floor(review / 2)}-${review % 2 === 0 ? days[0] : days[1]}`);

/** First day on which a review's lists stand. */
export function effectiveDay(review: Review): BusinessDate {
  return dayOf(review, EFFECTIVE);
}

/** The day whose prices decide. */
export function cutOffDay(review: Review): BusinessDate {
  return dayOf(review, CUT_OFF);
}
