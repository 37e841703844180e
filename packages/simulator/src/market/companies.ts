import { completeIsin } from '@champion/core';
import type { InstrumentDraft } from './instrument.ts';
import {
  BOND_ISSUERS,
  FUND_HOUSES,
  FUND_KINDS,
  LARGE_COMPANIES,
  NAME_LENGTH,
  PLACES,
  SYMBOL_LENGTH,
  TRADES,
} from './names.ts';
import { hash, normal, uniform } from './random.ts';
import { dayOfYear } from './session-line.ts';

/** [year, instruments listed by then], ascending: how a segment of the market grew. */
type Growth = readonly (readonly [number, number])[];

// Chosen so that a session has about 1,500 rows in 2011-2016, 2,050 in 2021, 2,800 in mid-2024 and 3,500 in late 2026.
const MAIN_BOARD: Growth = [
  [1994.8, 250],
  [1996, 600],
  [2000, 850],
  [2005, 950],
  [2008, 1250],
  [2011, 1400],
  [2016, 1520],
  [2021, 1690],
  [2024.5, 2030],
  [2026.7, 2390],
  [2030, 2650],
];
const FUNDS: Growth = [
  [2002, 1],
  [2010, 20],
  [2016, 55],
  [2021, 95],
  [2024.5, 208],
  [2026.7, 330],
  [2030, 400],
];
const SME: Growth = [
  [2012.7, 1],
  [2016, 14],
  [2021, 110],
  [2024.5, 372],
  [2026.7, 500],
  [2030, 620],
];
const SME_TRADE_FOR_TRADE: Growth = [
  [2020, 1],
  [2024.4, 36],
  [2026.7, 90],
  [2030, 120],
];

const LOTS = [100, 150, 200, 300, 400, 500, 600, 800, 1000, 1200, 1600, 2000] as const;
const SME_LOT_RUPEES = 120_000;

// Topics of random numbers; each use has its own, so that they are independent.
const TOPIC = { series: 100, base: 101, volatility: 102, turnover: 103, presence: 104, listing: 105, drift: 106 };

function listingDay(growth: Growth, rank: number): number {
  let before = growth[0];
  for (const point of growth) {
    if (before && rank < point[1]) {
      const span = point[1] - before[1];
      const part = span > 0 ? (rank - before[1]) / span : 0;
      return dayOfYear(before[0] + Math.max(0, part) * (point[0] - before[0]));
    }
    before = point;
  }
  return Number.POSITIVE_INFINITY;
}

const last = (growth: Growth): number => growth[growth.length - 1]?.[1] ?? 0;

/** ISIN of a company's security. The issuer's four characters are a permutation, so that no two companies share one. */
export function companyIsin(seed: number, company: number, kind: string, serial: string): string {
  const code = (company * 7919 + (hash(seed, 1, 0) % 26_000)) % 26_000;
  const issuer = `${String(code % 1000).padStart(3, '0')}${String.fromCharCode(65 + Math.floor(code / 1000))}`;
  return completeIsin(`INE${issuer}${kind}${serial}`);
}

interface Named {
  readonly symbol: string;
  readonly name: string;
  readonly fullName?: string;
}

/** Invented companies in a fixed, scattered order; no symbol twice. */
function* inventedCompanies(taken: Set<string>): Generator<Named> {
  const count = PLACES.length * TRADES.length;
  for (let i = 0; i < count; i++) {
    // 1009 is prime to the number of pairs, so each pair comes once.
    const pair = (i * 1009) % count;
    const place = PLACES[Math.floor(pair / TRADES.length)];
    const trade = TRADES[pair % TRADES.length];
    if (place === undefined || trade === undefined) continue;
    // One in sixty joins its halves by a sign, as M&M and BAJAJ-AUTO do.
    const sign = i % 120 === 37 ? '&' : i % 120 === 91 ? '-' : '';
    const symbol = `${place.slice(0, SYMBOL_LENGTH - trade[0].length - sign.length)}${sign}${trade[0]}`;
    if (taken.has(symbol)) continue;
    taken.add(symbol);
    const fullName = `${place}${sign === '&' ? ' & CO' : ''} ${trade[1]} LIMITED`;
    yield { symbol, name: fullName.slice(0, NAME_LENGTH), fullName };
  }
}

function mainBoardSeries(seed: number, rank: number): string {
  if (rank < LARGE_COMPANIES.length + BOND_ISSUERS.length) return 'EQ';
  const draw = uniform(seed, TOPIC.series, rank);
  if (draw > 0.989) return 'BZ';
  const surveillance = rank < 1520 ? 0.085 : rank < 1690 ? 0.25 : 0.32;
  return draw < surveillance ? 'BE' : 'EQ';
}

function share(seed: number, company: number, named: Named, listed: number, series: string): InstrumentDraft {
  const large = company < LARGE_COMPANIES.length;
  const troubled = series === 'BE' || series === 'BZ';
  const level = large ? 6.8 : troubled ? 4 : 5.25;
  const quiet = !large && uniform(seed, TOPIC.presence, company) < 0.04;
  const liquidity = large ? 22.2 : troubled ? 14.2 : 17.6;
  return {
    kind: 'share',
    symbol: named.symbol,
    series,
    name: named.name,
    ...(named.fullName === undefined ? {} : { fullName: named.fullName }),
    isin: companyIsin(seed, company, '01', '01'),
    listed,
    matured: Number.POSITIVE_INFINITY,
    lot: 1,
    base: Math.exp(level + normal(seed, TOPIC.base, company) * (large ? 0.6 : 1.35)),
    volatility: 0.012 + uniform(seed, TOPIC.volatility, company) * (large ? 0.006 : 0.02),
    drift: 0.05 + normal(seed, TOPIC.drift, company) * 0.02,
    turnover: Math.exp(liquidity + normal(seed, TOPIC.turnover, company) * (large ? 0.7 : 2)),
    presence: quiet ? 0.9 : troubled ? 0.97 : 1,
  };
}

function smeShare(seed: number, company: number, named: Named, listed: number, series: string): InstrumentDraft {
  const draft = share(seed, company, named, listed, series);
  const base = Math.exp(4.5 + normal(seed, TOPIC.base, company));
  const lot = LOTS.find((size) => size >= SME_LOT_RUPEES / base / 1.6) ?? 2000;
  return {
    ...draft,
    base,
    lot,
    turnover: Math.exp(14.8 + normal(seed, TOPIC.turnover, company) * 1.3),
    presence: 0.45 + uniform(seed, TOPIC.presence, company) * 0.55,
  };
}

/** Companies of the main board (EQ, BE, BZ) and of the SME platform (SM, ST), in order of listing within each. */
export function companies(seed: number): InstrumentDraft[] {
  const drafts: InstrumentDraft[] = [];
  const taken = new Set<string>();
  const known: Named[] = [
    ...LARGE_COMPANIES.map(([symbol, name]) => ({ symbol, name })),
    ...BOND_ISSUERS.map(([symbol, name]) => ({ symbol, name })),
  ];
  for (const { symbol } of known) taken.add(symbol);
  const invented = inventedCompanies(taken);
  let company = 0;
  const board = (growth: Growth, build: (named: Named, rank: number, listed: number) => InstrumentDraft): void => {
    for (let rank = 0; rank < last(growth); rank++) {
      const named = known.shift() ?? invented.next().value;
      if (!named) return;
      drafts.push(build(named, rank, listingDay(growth, rank)));
      company++;
    }
  };
  board(MAIN_BOARD, (named, rank, listed) => share(seed, company, named, listed, mainBoardSeries(seed, rank)));
  board(SME, (named, _rank, listed) => smeShare(seed, company, named, listed, 'SM'));
  board(SME_TRADE_FOR_TRADE, (named, _rank, listed) => smeShare(seed, company, named, listed, 'ST'));
  return drafts;
}

/** Exchange-traded funds: series EQ, ISINs of fund houses. */
export function funds(seed: number): InstrumentDraft[] {
  const drafts: InstrumentDraft[] = [];
  for (let rank = 0; rank < last(FUNDS); rank++) {
    const house = rank % FUND_HOUSES.length;
    const kind = FUND_KINDS[Math.floor(rank / FUND_HOUSES.length)] ?? 'OTHER';
    const name = FUND_HOUSES[house] ?? 'OTHER';
    const serial = `${String.fromCharCode(65 + Math.floor(rank / 26))}${String.fromCharCode(65 + (rank % 26))}`;
    drafts.push({
      kind: 'fund',
      symbol: `${name}${kind}`.slice(0, SYMBOL_LENGTH),
      series: 'EQ',
      name: `${name}AMC - ${name}${kind}`.slice(0, NAME_LENGTH),
      isin: completeIsin(`INF${String(200 + house * 37 + (hash(seed, 2, 0) % 40)).padStart(3, '0')}K01${serial}`),
      listed: listingDay(FUNDS, rank),
      matured: Number.POSITIVE_INFINITY,
      lot: 1,
      base: Math.exp(4 + normal(seed, TOPIC.base, 100_000 + rank) * 0.9),
      volatility: 0.006 + uniform(seed, TOPIC.volatility, 100_000 + rank) * 0.005,
      drift: 0.08,
      turnover: Math.exp(15 + normal(seed, TOPIC.turnover, 100_000 + rank) * 2.2),
      presence: uniform(seed, TOPIC.presence, 100_000 + rank) < 0.15 ? 0.85 : 1,
    });
  }
  return drafts;
}
