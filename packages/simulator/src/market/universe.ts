import { companies, funds } from './companies.ts';
import { companyBonds, governmentDebt } from './debt.ts';
import type { Instrument, InstrumentDraft } from './instrument.ts';
import { hash } from './random.ts';
import { withFormerNames } from './renames.ts';
import { secondLines } from './special-lines.ts';

/** Every instrument that is ever listed under a seed, in the two orders in which the exchange's files list them. */
export interface Universe {
  readonly seed: number;
  readonly all: readonly Instrument[];
  /** By symbol, then series, in code-unit order. */
  readonly bySymbol: readonly Instrument[];
  /** The UDiFF files' own order, which is no order a reader could name. */
  readonly scattered: readonly Instrument[];
}

/** Prime, and above the number of instruments: position → number is then one to one. */
const NUMBERS = 32_003;

function build(seed: number): Universe {
  const shares = companies(seed);
  const drafts: InstrumentDraft[] = withFormerNames(seed, [
    ...shares,
    ...funds(seed),
    ...companyBonds(seed),
    ...governmentDebt(seed),
    ...secondLines(shares, seed),
  ]);
  const offset = hash(seed, 4, 0) % NUMBERS;
  const main = new Map<string, Instrument>();
  const all: Instrument[] = drafts.map(({ underlyingSymbol, ...draft }, key) => {
    const underlying = underlyingSymbol === undefined ? undefined : main.get(underlyingSymbol);
    const instrument: Instrument = {
      ...draft,
      key,
      id: 1 + ((key * 10_007 + offset) % NUMBERS),
      ...(underlying ? { underlying } : {}),
    };
    if (instrument.kind === 'share') main.set(instrument.symbol, instrument);
    return instrument;
  });
  const place = new Map(all.map((instrument) => [instrument, hash(seed, 5, instrument.key)]));
  return {
    seed,
    all,
    bySymbol: all.toSorted((a, b) => compare(a.symbol, b.symbol) || compare(a.series, b.series)),
    scattered: all.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0) || a.key - b.key),
  };
}

/** Code-unit order. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const KEPT = 4;
const known = new Map<number, Universe>();

/** The universe of a seed. Building takes some tens of milliseconds, so the last few are kept. */
export function universe(seed: number): Universe {
  const found = known.get(seed) ?? build(seed);
  known.delete(seed);
  known.set(seed, found);
  for (const oldest of known.keys()) {
    if (known.size <= KEPT) break;
    known.delete(oldest);
  }
  return found;
}
