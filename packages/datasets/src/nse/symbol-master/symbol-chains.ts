import type { BusinessDate } from '@champion/core';
import type { Findings } from './findings.ts';
import type { Listing, SymbolChange } from './lists.ts';

/** A symbol of a company and the days on which it had it: from `from` until the day before `to`. */
export interface Segment {
  readonly symbol: string;
  /** Null where its beginning is not known. */
  from: BusinessDate | null;
  /** Null while it is not known to have ended. */
  to: BusinessDate | null;
  /** What the list of changes calls the company under this symbol. */
  readonly company: string | null;
}

/** A company's symbols, the oldest first. */
export interface Company {
  readonly segments: Segment[];
  /** What EQUITY_L says of it, and of which of its symbols. */
  listing?: { readonly row: Listing; readonly segment: Segment };
}

/**
 * Follows symbols through their changes (A→B→C is one company) and finds to which listing they lead. No two periods of
 * one symbol overlap: a change that would make them is left out and noted.
 */
export function symbolChains(
  listings: readonly Listing[],
  changes: readonly SymbolChange[],
  asOf: BusinessDate,
  findings: Findings,
): Company[] {
  const chains = new Chains(findings);
  for (const change of inOrder(withoutStillListed(listings, changes, asOf, findings))) chains.follow(change);
  for (const listing of listings) chains.list(listing, asOf);
  return chains.companies;
}

/** A symbol that was given up on the day it was taken: of two changes on one day, the one between. */
export function isEmpty({ from, to }: Segment): boolean {
  return from !== null && from === to;
}

/** Names as people compare them. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * The list of companies is right about its own day: a symbol that it has cannot have been given up before, unless by
 * someone else, before the company was listed or after whom it was taken up again.
 */
function withoutStillListed(
  listings: readonly Listing[],
  changes: readonly SymbolChange[],
  asOf: BusinessDate,
  findings: Findings,
): SymbolChange[] {
  const listed = new Map(listings.map((listing) => [listing.symbol, listing.listed]));
  const takenUp = new Map<string, BusinessDate>();
  for (const { to, date } of changes) {
    const known = takenUp.get(to);
    if (known === undefined || date > known) takenUp.set(to, date);
  }
  return changes.filter(({ from, to, date }) => {
    const since = listed.get(from);
    const again = takenUp.get(from);
    const contradicted = since !== undefined && since < date && date <= asOf && !(again !== undefined && again >= date);
    if (contradicted) findings.note('still_listed', `${from} → ${to} on ${date}`);
    return !contradicted;
  });
}

class Chains {
  readonly companies: Company[] = [];
  readonly #findings: Findings;
  /** Who bears a symbol after the changes so far. */
  readonly #bearer = new Map<string, { readonly company: Company; readonly segment: Segment }>();
  /** When a symbol was last given up. */
  readonly #freed = new Map<string, BusinessDate>();
  readonly #bySymbol = new Map<string, { company: Company; readonly segment: Segment }[]>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  follow({ from, to, date, company: name }: SymbolChange): void {
    const bearer = this.#bearer.get(from);
    const freed = this.#freed.get(from) ?? null;
    const taken = this.#bearer.get(to);
    // On one day a company may change twice, but no symbol goes two ways or comes from two sides.
    const clash = bearer ? bearer.segment.from === date && bearer.segment.company !== name : freed === date;
    if (clash || taken?.segment.from === date) {
      this.#findings.note('contradictory_change', `${from} → ${to} on ${date}`);
      return;
    }
    if (!bearer && freed !== null) this.#findings.note('symbol_reused', `${from}, given up on ${freed}`);
    if (taken) {
      // Its bearer gave it up unheard, at the latest now.
      this.#findings.note('symbol_reused', `${to}, taken over on ${date}`);
      this.#end(taken.segment, date);
    }
    const { company, segment } =
      bearer ?? this.#begin({ segments: [] }, { symbol: from, from: freed, to: null, company: null });
    this.#end(segment, date);
    this.#begin(company, { symbol: to, from: date, to: null, company: name });
  }

  /** Finds the company that a listing is of, or makes one. */
  list(row: Listing, asOf: BusinessDate): void {
    const { symbol, listed } = row;
    const borne = (this.#bySymbol.get(symbol) ?? []).filter(
      ({ segment }) => !isEmpty(segment) && (segment.to === null || (segment.to > asOf && segment.to > listed)),
    );
    const found = borne.find(({ segment: { from } }) => from === null || from <= asOf) ?? borne[0];
    if (!found || this.#isOfAnother(found.segment, row)) {
      const freed = this.#freed.get(symbol);
      const from = freed !== undefined && freed > listed ? freed : listed;
      const made = this.#begin({ segments: [] }, { symbol, from, to: null, company: null });
      made.company.listing = { row, segment: made.segment };
      return;
    }
    const { segment } = found;
    const company = found.company.listing ? this.#split(found.company, segment) : found.company;
    company.listing = { row, segment };
    this.#setBeginning(company, listed);
    if (segment.from !== null && listed > segment.from) {
      this.#findings.note('listed_later', `${symbol} since ${segment.from}, listed ${listed}`);
    }
  }

  /**
   * A company that was listed after the symbol had come to a company of another name is not that one, which then must
   * have given the symbol up.
   */
  #isOfAnother(segment: Segment, { symbol, name, listed }: Listing): boolean {
    if (segment.from === null || segment.company === null || listed <= segment.from || segment.to !== null)
      return false;
    if (sameName(segment.company, name)) return false;
    this.#findings.note('symbol_reused', `${symbol}, newly listed on ${listed}`);
    this.#end(segment, listed);
    return true;
  }

  /** Two listed symbols in one chain are two companies: the change between them cannot have been. */
  #split(company: Company, at: Segment): Company {
    this.#findings.note('contradictory_change', `${company.listing?.row.symbol} and ${at.symbol} are both listed`);
    const { segments, listing } = company;
    const index = segments.indexOf(at);
    const later = listing !== undefined && segments.indexOf(listing.segment) < index;
    const half: Company = { segments: later ? segments.splice(index) : segments.splice(0, index + 1) };
    this.companies.push(half);
    for (const segment of half.segments) {
      const entry = this.#bySymbol.get(segment.symbol)?.find((one) => one.segment === segment);
      if (entry) entry.company = half;
    }
    return half;
  }

  /** A company had its first symbol since it was listed, if that was before it changed. */
  #setBeginning({ segments: [first] }: Company, listed: BusinessDate): void {
    if (!first || (first.to !== null && listed >= first.to)) return;
    if (first.from === null || (listed > first.from && first.company === null)) first.from = listed;
  }

  #begin(company: Company, segment: Segment): { company: Company; segment: Segment } {
    if (company.segments.length === 0) this.companies.push(company);
    company.segments.push(segment);
    const entry = { company, segment };
    this.#bearer.set(segment.symbol, entry);
    const known = this.#bySymbol.get(segment.symbol);
    if (known) known.push(entry);
    else this.#bySymbol.set(segment.symbol, [entry]);
    return entry;
  }

  #end(segment: Segment, date: BusinessDate): void {
    segment.to = date;
    this.#bearer.delete(segment.symbol);
    this.#freed.set(segment.symbol, date);
  }
}

/**
 * By date. Of one day, a company's own changes go one after another (A→B, then B→C); where another company takes a symbol
 * over, it is given up first.
 */
function inOrder(changes: readonly SymbolChange[]): SymbolChange[] {
  const byDate = new Map<BusinessDate, SymbolChange[]>();
  for (const change of changes) {
    const day = byDate.get(change.date);
    if (day) day.push(change);
    else byDate.set(change.date, [change]);
  }
  return [...byDate.keys()].sort().flatMap((date) => orderOfDay(byDate.get(date) ?? []));
}

function orderOfDay(changes: readonly SymbolChange[]): readonly SymbolChange[] {
  if (changes.length === 1) return changes;
  const into = new Map(changes.map((change) => [change.to, change]));
  const outOf = new Map(changes.map((change) => [change.from, change]));
  const before = (change: SymbolChange): SymbolChange[] => {
    const feeding = into.get(change.from);
    const freeing = outOf.get(change.to);
    return [
      ...(feeding && feeding.company === change.company ? [feeding] : []),
      ...(freeing && freeing.company !== change.company ? [freeing] : []),
    ];
  };
  const ordered: SymbolChange[] = [];
  const seen = new Set<SymbolChange>();
  for (const change of changes) {
    // Not recursive: a made-up file may chain thousands of changes of one day.
    const stack = seen.has(change) ? [] : [change];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      seen.add(top);
      const next = before(top).find((other) => !seen.has(other));
      if (next) stack.push(next);
      else {
        ordered.push(top);
        stack.pop();
      }
    }
  }
  return ordered;
}
