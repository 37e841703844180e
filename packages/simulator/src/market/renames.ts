import type { FormerName, InstrumentDraft } from './instrument.ts';
import { LARGE_COMPANIES, NAME_LENGTH, PLACES, SYMBOL_LENGTH, TRADES } from './names.ts';
import { hash, uniform } from './random.ts';
import { dayOfYear } from './session-line.ts';

const TOPIC = { rename: 130, day: 131, kind: 132, name: 133, twice: 134 };
/** The first companies are known by their symbols, and others share them (bonds, T0, BL): they keep their names. */
const KEPT_COMPANIES = LARGE_COMPANIES.length + 80;
const RENAMED_SHARE = 0.03;
const BOARD: ReadonlySet<string> = new Set(['EQ', 'BE', 'BZ']);
/** Days between a listing and the first change, and between two changes. */
const QUIET_DAYS = 400;
const LAST_CHANGE = dayOfYear(2028);
const FUND_CHANGES = 3;

/** Gives some companies, funds and bonds the symbols and names that they bore before. */
export function withFormerNames(seed: number, drafts: readonly InstrumentDraft[]): InstrumentDraft[] {
  const taken = new Set(drafts.map(({ symbol }) => symbol));
  let funds = 0;
  let bonds = 0;
  let trusts = 0;
  return drafts.map((draft, key): InstrumentDraft => {
    if (draft.underlyingSymbol !== undefined) return draft;
    if (draft.kind === 'share' && draft.lot === 1 && BOARD.has(draft.series)) {
      return key < KEPT_COMPANIES ? draft : withFormer(draft, companyHistory(seed, key, draft, taken));
    }
    // A fund turned house and kind around; a bond was corrected; a trust changed from its own symbol to itself.
    if (draft.kind === 'fund' && funds < FUND_CHANGES) {
      funds++;
      return withFormer(draft, fundHistory(draft, funds, taken));
    }
    if (draft.kind === 'bond' && /^\d{4}/.test(draft.symbol) && bonds++ === 0) {
      return withFormer(draft, bondHistory(draft, taken));
    }
    if (draft.series === 'IV' && trusts++ === 0) {
      return withFormer(draft, [former(draft.symbol, draft.name, dayOfYear(2020.5))]);
    }
    return draft;
  });
}

function withFormer(draft: InstrumentDraft, history: readonly FormerName[]): InstrumentDraft {
  return history.length === 0 ? draft : { ...draft, former: history };
}

function former(symbol: string, fullName: string, until: number): FormerName {
  return { symbol, name: fullName.slice(0, NAME_LENGTH), fullName, until };
}

function companyHistory(seed: number, key: number, draft: InstrumentDraft, taken: Set<string>): FormerName[] {
  const first = draft.listed + QUIET_DAYS;
  if (first >= LAST_CHANGE || uniform(seed, TOPIC.rename, key) >= RENAMED_SHARE) return [];
  const fullName = draft.fullName ?? draft.name;
  const until = first + Math.floor(uniform(seed, TOPIC.day, key) * (LAST_CHANGE - first));
  // One in three changes its name alone.
  if (uniform(seed, TOPIC.kind, key) < 0.33) {
    return [former(draft.symbol, fullName.replace(/ LIMITED$/, ' COMPANY LIMITED'), until)];
  }
  const before = identity(seed, key, draft, taken);
  if (!before) return [];
  const history = [former(before.symbol, before.fullName, until)];
  const earlier = until - QUIET_DAYS;
  if (earlier > first && uniform(seed, TOPIC.twice, key) < 0.25) {
    const oldest = identity(seed, key, draft, taken);
    if (oldest) history.unshift(former(oldest.symbol, oldest.fullName, earlier));
  }
  return history;
}

/** A symbol and a name in the same trade that no instrument bears, and no other bore. */
function identity(
  seed: number,
  key: number,
  { symbol: today }: InstrumentDraft,
  taken: Set<string>,
): { readonly symbol: string; readonly fullName: string } | undefined {
  const trade = TRADES.find(([suffix]) => today.endsWith(suffix));
  if (!trade) return undefined;
  const start = hash(seed, TOPIC.name, key);
  for (let attempt = 0; attempt < PLACES.length; attempt++) {
    const place = PLACES[(start + attempt) % PLACES.length] ?? '';
    const symbol = `${place.slice(0, SYMBOL_LENGTH - trade[0].length)}${trade[0]}`;
    if (taken.has(symbol)) continue;
    taken.add(symbol);
    return { symbol, fullName: `${place} ${trade[1]} LIMITED` };
  }
  return undefined;
}

function fundHistory(draft: InstrumentDraft, nth: number, taken: Set<string>): FormerName[] {
  const house = draft.name.slice(0, draft.name.indexOf('AMC'));
  const symbol = `${draft.symbol.slice(house.length)}${house}`.slice(0, SYMBOL_LENGTH);
  if (taken.has(symbol)) return [];
  taken.add(symbol);
  return [former(symbol, draft.name, Math.max(draft.listed + QUIET_DAYS, dayOfYear(2019 + nth * 1.5)))];
}

function bondHistory(draft: InstrumentDraft, taken: Set<string>): FormerName[] {
  const symbol = `${Number(draft.symbol.slice(0, 4)) - 1}${draft.symbol.slice(4)}`;
  if (taken.has(symbol)) return [];
  taken.add(symbol);
  return [former(symbol, draft.name, draft.listed + QUIET_DAYS)];
}
