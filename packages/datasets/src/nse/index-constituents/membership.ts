import type { Anomaly } from '@champion/core';

/** A member of an index as far as it can be recognised again. */
export interface Member {
  readonly symbol: string;
  readonly isin: string | null;
}

export interface MembershipChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The same company under another symbol: [before, now]. */
  readonly renamed: readonly (readonly [string, string])[];
}

/** What changed between two snapshots. A symbol that is new but whose ISIN was there is a renaming. */
export function membershipChanges(before: readonly Member[], now: readonly Member[]): MembershipChanges {
  const gone = missingFrom(before, now);
  const come = missingFrom(now, before);
  const renamed = come.flatMap(({ symbol, isin }): [string, string][] => {
    const former = isin === null ? undefined : gone.find((member) => member.isin === isin);
    return former ? [[former.symbol, symbol]] : [];
  });
  const formerly = new Set(renamed.map(([former]) => former));
  const nowadays = new Set(renamed.map(([, symbol]) => symbol));
  return {
    added: come.flatMap(({ symbol }) => (nowadays.has(symbol) ? [] : [symbol])),
    removed: gone.flatMap(({ symbol }) => (formerly.has(symbol) ? [] : [symbol])),
    renamed,
  };
}

function missingFrom(members: readonly Member[], others: readonly Member[]): Member[] {
  const there = new Set(others.map(({ symbol }) => symbol));
  return members.filter(({ symbol }) => !there.has(symbol)).toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** Symbols that a message names; all of them are in the view index_changes. */
const NAMED = 20;

export function membershipAnomalies(index: string, since: string, changes: MembershipChanges): Anomaly[] {
  const { added, removed, renamed } = changes;
  const anomaly = (rule: string, verb: string, symbols: readonly string[]): Anomaly[] => {
    if (symbols.length === 0) return [];
    const said = symbols.slice(0, NAMED).join(', ') + (symbols.length > NAMED ? ', …' : '');
    return [{ rule, count: symbols.length, message: `${verb} ${index} since ${since}: ${said}` }];
  };
  return [
    ...anomaly('member_added', 'joined', added),
    ...anomaly('member_removed', 'left', removed),
    ...anomaly(
      'member_renamed',
      'renamed in',
      renamed.map(([before, now]) => `${before} to ${now}`),
    ),
  ];
}
