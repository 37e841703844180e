import type { ChainRow } from './named.ts';

export interface Pain {
  readonly strike: number;
  /** What writers of calls and of puts would pay, in rupees per lot unit, if the underlying expired at this strike. */
  readonly calls: number;
  readonly puts: number;
}

/** The writers' loss at each strike: for drawing; the least of their sums is max pain, which the warehouse tells exactly. */
export function pains(chain: readonly ChainRow[]): Pain[] {
  const legs = chain.map(({ strike, call_oi, put_oi }) => ({
    strike: Number(strike),
    calls: Number(call_oi ?? 0),
    puts: Number(put_oi ?? 0),
  }));
  return legs.map(({ strike }) => {
    let calls = 0;
    let puts = 0;
    for (const leg of legs) {
      calls += Math.max(strike - leg.strike, 0) * leg.calls;
      puts += Math.max(leg.strike - strike, 0) * leg.puts;
    }
    return { strike, calls, puts };
  });
}

/** The strikes around the money: `each` on both sides of the underlying; all of them where it is not known. */
export function around(chain: readonly ChainRow[], underlying: number | null, each: number): readonly ChainRow[] {
  if (underlying === null || chain.length <= 2 * each) return chain;
  const above = chain.findIndex(({ strike }) => Number(strike) >= underlying);
  const middle = above < 0 ? chain.length : above;
  const from = Math.max(0, Math.min(middle - each, chain.length - 2 * each));
  return chain.slice(from, from + 2 * each);
}
