import type { BusinessDate } from '@champion/core';
import type { Findings } from './findings.ts';
import type { Listing, NameChange, SymbolChange } from './lists.ts';
import { type Company, isEmpty, type Segment, sameName, symbolChains } from './symbol-chains.ts';

/**
 * listed: EQUITY_L has it. former: ended by a change. announced: begins with a change after the list's day. unlisted: the
 * last that is known of a security that EQUITY_L does not have.
 */
type Status = 'listed' | 'former' | 'announced' | 'unlisted';

/** A symbol and name together, and the days on which both were valid: from `from` until the day before `to`. */
export interface Period {
  readonly symbol: string;
  readonly name: string | null;
  readonly from: BusinessDate | null;
  readonly to: BusinessDate | null;
  readonly status: Status;
  /** The symbol that the company has now, or the last that is known. */
  readonly current: string;
  readonly listing: Listing | undefined;
}

export interface Lists {
  readonly listings: readonly Listing[];
  readonly symbolChanges: readonly SymbolChange[];
  readonly nameChanges: readonly NameChange[];
}

/** All periods that the lists tell of, by symbol, the oldest first. Each listing is of exactly one. */
export function periodsOf(lists: Lists, asOf: BusinessDate, findings: Findings): Period[] {
  const companies = symbolChains(lists.listings, distinctSymbolChanges(lists.symbolChanges), asOf, findings);
  const named = new NamedCompanies(companies);
  for (const change of distinctNameChanges(lists.nameChanges)) named.add(change);
  return [...named.changes]
    .flatMap(([company, changes]) => periodsOfCompany(company, changes, asOf, findings))
    .sort(
      (a, b) => compare(a.symbol, b.symbol) || compare(a.from ?? '', b.from ?? '') || compare(a.to ?? '~', b.to ?? '~'),
    );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The lists repeat rows, and have changes of a symbol into itself. */
function distinctSymbolChanges(changes: readonly SymbolChange[]): SymbolChange[] {
  const known = new Map(changes.map((change) => [`${change.from},${change.to},${change.date}`, change]));
  return [...known.values()].filter(({ from, to }) => from !== to);
}

function distinctNameChanges(changes: readonly NameChange[]): NameChange[] {
  const known = new Map(
    changes.map((change) => [[change.symbol, change.date, change.from, change.to].join('\n'), change]),
  );
  return [...known.values()].filter(({ from, to }) => from !== to);
}

/** Companies with the changes of their names. */
class NamedCompanies {
  readonly changes = new Map<Company, NameChange[]>();
  readonly #bySymbol = new Map<string, { readonly company: Company; readonly segment: Segment }[]>();

  constructor(companies: readonly Company[]) {
    for (const company of companies) this.#know(company);
  }

  /** The list gives the symbol of the time or the present one: whoever bore it then, else whoever bore it last. */
  add(change: NameChange): void {
    const { symbol, date } = change;
    const borne = this.#bySymbol.get(symbol) ?? [];
    const then = borne.find(
      ({ segment: { from, to } }) => (from === null || from <= date) && (to === null || date <= to),
    );
    const company = then?.company ?? borne.at(-1)?.company;
    if (company) this.changes.get(company)?.push(change);
    else this.#know({ segments: [{ symbol, from: null, to: null, company: null }] }).push(change);
  }

  #know(company: Company): NameChange[] {
    const changes: NameChange[] = [];
    this.changes.set(company, changes);
    for (const segment of company.segments) {
      const known = this.#bySymbol.get(segment.symbol);
      if (known) known.push({ company, segment });
      else this.#bySymbol.set(segment.symbol, [{ company, segment }]);
    }
    return changes;
  }
}

interface Piece {
  readonly segment: Segment;
  readonly from: BusinessDate | null;
  readonly to: BusinessDate | null;
}

function periodsOfCompany(
  company: Company,
  unordered: readonly NameChange[],
  asOf: BusinessDate,
  findings: Findings,
): Period[] {
  const changes = [...unordered].sort((a, b) => compare(a.date, b.date));
  noteBreaks(changes, company, findings);
  const pieces = company.segments.filter((segment) => !isEmpty(segment)).flatMap((segment) => cut(segment, changes));
  const { listing } = company;
  const ofListing = pieces.filter(({ segment }) => segment === listing?.segment);
  const listed = ofListing.find(({ to }) => to === null || to > asOf) ?? ofListing.at(-1);
  const listedAt = listed ? pieces.indexOf(listed) : pieces.length;
  const current = listing?.row.symbol ?? company.segments.at(-1)?.symbol ?? '';
  return pieces.map((piece, i): Period => {
    const later = listed ? 'announced' : 'unlisted';
    const status = piece === listed ? 'listed' : i < listedAt && piece.to !== null ? 'former' : later;
    const name = status === 'listed' ? listing?.row.name : nameOf(piece, company, changes);
    const { symbol } = piece.segment;
    return { symbol, name: name ?? null, from: piece.from, to: piece.to, status, current, listing: listing?.row };
  });
}

/** A symbol's days in pieces of one name each. */
function cut(segment: Segment, changes: readonly NameChange[]): Piece[] {
  const pieces: Piece[] = [];
  let { from } = segment;
  for (const { date } of changes) {
    const inside = (from === null || date > from) && (segment.to === null || date < segment.to);
    if (!inside) continue;
    pieces.push({ segment, from, to: date });
    from = date;
  }
  return [...pieces, { segment, from, to: segment.to }];
}

/**
 * The name of a piece: what the next change of name says it was before; else what the company was called from then on, as
 * far as a change of symbol or the listing tells; else the name that it got last.
 */
function nameOf({ segment, from, to }: Piece, company: Company, changes: readonly NameChange[]): string | undefined {
  const next = to === null ? undefined : changes.find(({ date }) => date >= to);
  if (next) return next.from;
  const last = changes.at(-1);
  const changed = last !== undefined && from !== null && last.date >= from ? last.to : undefined;
  const after = company.segments.slice(company.segments.indexOf(segment));
  const told = after.find(({ company: name }) => name !== null)?.company;
  return changed ?? told ?? company.listing?.row.name ?? last?.to;
}

function noteBreaks(changes: readonly NameChange[], { listing }: Company, findings: Findings): void {
  changes.forEach(({ symbol, to, date }, i) => {
    const next = changes[i + 1]?.from ?? listing?.row.name;
    if (next === undefined || sameName(to, next)) return;
    findings.note('name_break', `${symbol} became ${to} on ${date}, then was ${next}`);
  });
}
