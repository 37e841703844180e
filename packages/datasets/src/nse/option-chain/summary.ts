import { formatDecimal } from '@champion/core';

/** A leg as the summary needs it; decimals as counts of 0.0001. */
export interface SummaryLeg {
  readonly strike: bigint;
  readonly type: 'CE' | 'PE';
  /** Contracts. */
  readonly openInterest: bigint;
  /** Percent a year; null where unquoted. */
  readonly iv: bigint | null;
}

const SCALE = 4;
const UNIT = 10 ** SCALE;

/** Open interest of puts over that of calls, to 4 places; null when no call is open. */
export function putCallRatio(legs: readonly SummaryLeg[]): number | null {
  const calls = openInterest(legs, 'CE');
  if (calls === 0n) return null;
  return Math.round((Number(openInterest(legs, 'PE')) / Number(calls)) * UNIT) / UNIT;
}

/**
 * The strike at which the holders of all options would be paid least if the underlying expired there, over the union
 * of the strikes of calls and puts; the lowest of equals. Null when nothing is open.
 */
export function maxPain(legs: readonly SummaryLeg[]): string | null {
  const open = legs.filter((leg) => leg.openInterest > 0n);
  if (open.length === 0) return null;
  let least: { readonly strike: bigint; readonly paid: bigint } | undefined;
  for (const strike of strikesOf(legs)) {
    const paid = open.reduce((sum, leg) => sum + value(leg, strike) * leg.openInterest, 0n);
    if (least === undefined || paid < least.paid) least = { strike, paid };
  }
  return least ? formatDecimal(least.strike, SCALE) : null;
}

/** The strike nearest to the underlying, the lower of two; null without either. */
export function atTheMoneyStrike(legs: readonly SummaryLeg[], underlying: bigint | null): bigint | null {
  if (underlying === null) return null;
  const away = (strike: bigint) => (strike > underlying ? strike - underlying : underlying - strike);
  let nearest: bigint | null = null;
  for (const strike of strikesOf(legs)) if (nearest === null || away(strike) < away(nearest)) nearest = strike;
  return nearest;
}

/** Implied volatility at the money, percent: the mean of the quoted ones of its call and its put; null when neither is. */
export function atTheMoneyIv(legs: readonly SummaryLeg[], underlying: bigint | null): number | null {
  const strike = atTheMoneyStrike(legs, underlying);
  const quoted = legs.flatMap((leg) => (leg.strike === strike && leg.iv !== null ? [Number(leg.iv)] : []));
  if (quoted.length === 0) return null;
  return Math.round(quoted.reduce((sum, iv) => sum + iv, 0) / quoted.length) / UNIT;
}

function openInterest(legs: readonly SummaryLeg[], type: SummaryLeg['type']): bigint {
  return legs.reduce((sum, leg) => (leg.type === type ? sum + leg.openInterest : sum), 0n);
}

/** What an option is worth if the underlying expires at a strike. */
function value({ type, strike }: SummaryLeg, expiring: bigint): bigint {
  const gain = type === 'CE' ? expiring - strike : strike - expiring;
  return gain > 0n ? gain : 0n;
}

function strikesOf(legs: readonly SummaryLeg[]): bigint[] {
  return [...new Set(legs.map(({ strike }) => strike))].sort((a, b) => (a < b ? -1 : 1));
}
