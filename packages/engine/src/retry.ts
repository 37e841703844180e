import { type Retry, retryOf } from '@champion/core';

/** Longest pause between attempts that backoff grows to. */
const BACKOFF_CAP_MS = 60_000;
/** Longest pause a server may ask for (Retry-After): the exchange's own blocks last about ten minutes. */
const ASKED_CAP_MS = 15 * 60_000;

/**
 * How long to wait before the next attempt, in milliseconds, or undefined when there should be none.
 * @param failures failed attempts so far, this one included
 */
export function retryDelay(error: unknown, failures: number, retries: number, baseMs: number): number | undefined {
  const decision: Retry = retryOf(error);
  if (decision === 'never' || failures > retries) return undefined;
  if (decision !== 'backoff') return Math.min(Math.max(0, decision.after), ASKED_CAP_MS);
  const full = Math.min(baseMs * 2 ** (failures - 1), BACKOFF_CAP_MS);
  // Spread over the upper half, so that runs that failed together don't come back together.
  return Math.round(full * (0.5 + Math.random() / 2));
}
