/**
 * What became of one (dataset, session). Only LOADED and NO_SESSION are success; each of the others says a different
 * thing about the exchange, so none may stand for another.
 */
export const OUTCOMES = ['LOADED', 'NO_SESSION', 'NOT_PUBLISHED_YET', 'MISSING', 'BLOCKED', 'CORRUPT'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function isSuccess(outcome: Outcome): boolean {
  return outcome === 'LOADED' || outcome === 'NO_SESSION';
}

/** Narrows an error code to the outcome it stands for, if it stands for one. */
export function outcomeOfCode(code: string): Outcome | undefined {
  return OUTCOMES.find((outcome) => outcome === code && !isSuccess(outcome));
}
