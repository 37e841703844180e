import type { CoverageOutcome, SliceCoverage } from '@champion/contract';

/** What a session of a dataset looks like: the outcomes, and loaded in the lake alone. */
export type Mark = CoverageOutcome | 'LAKE_ONLY';

export const MARKS: readonly Mark[] = [
  'LOADED',
  'LAKE_ONLY',
  'NO_SESSION',
  'NOT_PUBLISHED_YET',
  'MISSING',
  'BLOCKED',
  'CORRUPT',
  'NEVER_TRIED',
];

export const MARK_LABELS: Readonly<Record<Mark, string>> = {
  LOADED: 'Loaded',
  LAKE_ONLY: 'In the lake only',
  NO_SESSION: 'No session',
  NOT_PUBLISHED_YET: 'Not published yet',
  MISSING: 'Missing',
  BLOCKED: 'Blocked',
  CORRUPT: 'Corrupt',
  NEVER_TRIED: 'Never tried',
};

export const MARK_MEANINGS: Readonly<Record<Mark, string>> = {
  LOADED: 'Its rows are in the lake and in the warehouse.',
  LAKE_ONLY: 'Its rows are in the lake, but not in the warehouse yet.',
  NO_SESSION: 'The exchange had nothing to publish.',
  NOT_PUBLISHED_YET: 'The exchange had not published it when it was asked for.',
  MISSING: 'The exchange does not have it, though its time has passed.',
  BLOCKED: 'The exchange refused to answer.',
  CORRUPT: 'What the exchange served cannot be read, or fails the checks.',
  NEVER_TRIED: 'Nobody has asked for it, or no answer came.',
};

export function markOf({ outcome, in_warehouse }: Pick<SliceCoverage, 'outcome' | 'in_warehouse'>): Mark {
  return outcome === 'LOADED' && !in_warehouse ? 'LAKE_ONLY' : outcome;
}

/** What asks for attention most stands for the whole session. */
const GRAVITY: readonly Mark[] = [
  'CORRUPT',
  'BLOCKED',
  'MISSING',
  'NEVER_TRIED',
  'NOT_PUBLISHED_YET',
  'LAKE_ONLY',
  'LOADED',
  'NO_SESSION',
];

export function gravest(marks: readonly Mark[]): Mark {
  return GRAVITY.find((mark) => marks.includes(mark)) ?? 'NEVER_TRIED';
}

/** It should be there, and is not: a backfill can load it. */
export function isGap(mark: Mark): boolean {
  return mark !== 'LOADED' && mark !== 'NO_SESSION';
}
