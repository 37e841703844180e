import { completeIsin, dateForms, weekday } from '@champion/core';
import { companyIsin } from './companies.ts';
import type { InstrumentDraft } from './instrument.ts';
import { BOND_HOUSES, BOND_ISSUERS, LARGE_COMPANIES, NAME_LENGTH, STATES } from './names.ts';
import { hash, normal, uniform } from './random.ts';
import { dateOfDay, dayOfYear } from './session-line.ts';

const TOPIC = { coupon: 120, turnover: 121, presence: 122, term: 123, listing: 124, base: 125 };
const LAST_BILL_YEAR = 2041;

/** N1..N9, NA..NZ, Y1..Y9, Z1..Z9: the order in which an issuer's bonds take their series. */
const BOND_SERIES: readonly string[] = [
  ...[...'123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((c) => `N${c}`),
  ...[...'123456789'].flatMap((c) => [`Y${c}`, `Z${c}`]),
];

type Common = Pick<InstrumentDraft, 'symbol' | 'series' | 'name' | 'isin' | 'listed' | 'matured'>;

function bond(seed: number, key: number, common: Common, base: number, turnover: number): InstrumentDraft {
  return {
    ...common,
    kind: 'bond',
    name: common.name.slice(0, NAME_LENGTH),
    lot: 1,
    base,
    volatility: 0.004,
    drift: 0,
    turnover: Math.exp(turnover + normal(seed, TOPIC.turnover, key) * 1.5),
    presence: 0.35 + uniform(seed, TOPIC.presence, key) * 0.45,
  };
}

/** Coupon in hundredths of a percent, in steps of 5. */
function coupon(seed: number, key: number, from: number, to: number): number {
  return from + 5 * (hash(seed, TOPIC.coupon, key) % Math.floor((to - from) / 5));
}

const percent = (hundredths: number): string => (hundredths / 100).toFixed(2);

/** Company bonds: series N1.. of the issuer's own symbol, and bonds with a symbol each. */
export function companyBonds(seed: number): InstrumentDraft[] {
  const drafts: InstrumentDraft[] = [];
  BOND_ISSUERS.forEach(([symbol, , count], issuer) => {
    for (let n = 0; n < count; n++) {
      const key = issuer * 100 + n;
      const series = BOND_SERIES[n] ?? 'ZZ';
      // The largest issuer's bonds are always about, and nearly always traded: one symbol, many rows.
      const listed = dayOfYear(issuer === 0 ? 2013 + n * 0.25 : 2010 + n);
      const draft = bond(
        seed,
        key,
        {
          symbol,
          series,
          name: `SEC RE NCD ${percent(coupon(seed, key, 825, 1150))}% SR ${n + 1}`,
          isin: companyIsin(seed, LARGE_COMPANIES.length + issuer, '07', `${10 + n}`),
          listed,
          matured: listed + 365 * (issuer === 0 ? 20 : 10),
        },
        1000 + normal(seed, TOPIC.base, key) * 30,
        11.2,
      );
      drafts.push(issuer === 0 ? { ...draft, presence: 0.93 } : draft);
    }
  });
  const symbols = new Set<string>();
  for (let n = 0; n < 500; n++) {
    const key = 10_000 + n;
    const listed = dayOfYear(2009 + n / 26);
    const matured = listed + 365 * (3 + (hash(seed, TOPIC.term, key) % 8));
    const year = dateForms.year(dateOfDay(matured)).slice(2);
    const house = BOND_HOUSES[n % BOND_HOUSES.length] ?? 'VHF';
    const issue = Math.floor(n / BOND_HOUSES.length);
    let rate = coupon(seed, key, 700, 1100);
    while (symbols.has(`${rate}${house}${year}`)) rate += 1;
    const symbol = `${rate}${house}${year}`;
    symbols.add(symbol);
    drafts.push(
      bond(
        seed,
        key,
        {
          symbol,
          series: BOND_SERIES[hash(seed, TOPIC.listing, key) % BOND_SERIES.length] ?? 'N1',
          name: `SEC RE NCD ${percent(rate)}% SR ${1 + (n % 9)}`,
          isin: companyIsin(
            seed,
            20_000 + (n % BOND_HOUSES.length),
            '07',
            `${String.fromCharCode(65 + (issue % 26))}${Math.floor(issue / 26)}`,
          ),
          listed,
          matured,
        },
        1000 + normal(seed, TOPIC.base, key) * 40,
        11,
      ),
    );
  }
  return drafts;
}

/** Sovereign gold bonds (GB): eight years each, one price for all but a small premium. */
function goldBonds(seed: number): InstrumentDraft[] {
  const drafts: InstrumentDraft[] = [];
  for (let tranche = 0; tranche < 67; tranche++) {
    const listed = dayOfYear(2015.9) + tranche * 45;
    const matured = listed + 8 * 365;
    const due = dateOfDay(matured);
    const serial = String(60 + tranche).padStart(3, '0');
    drafts.push({
      kind: 'gold',
      symbol: `SGB${dateForms.month(due)}${dateForms.year(due).slice(2)}`,
      series: 'GB',
      name: `2.50%GOLDBONDS${dateForms.year(due)}SR-${1 + (tranche % 9)}`.slice(0, NAME_LENGTH),
      isin: completeIsin(`IN00${dateForms.year(dateOfDay(listed))}${serial}`),
      listed,
      matured,
      lot: 1,
      base: 2650 * (1 + normal(seed, TOPIC.base, 20_000 + tranche) * 0.008),
      volatility: 0.007,
      drift: 0.11,
      turnover: Math.exp(13.5 + normal(seed, TOPIC.turnover, 20_000 + tranche) * 1.5),
      presence: 0.86,
    });
  }
  return drafts;
}

/** Government loans: the union's (GS) and the states' (SG). */
function loans(seed: number): InstrumentDraft[] {
  const drafts: InstrumentDraft[] = [];
  const symbols = new Set<string>();
  const add = (n: number, series: 'GS' | 'SG', key: number): void => {
    const listed = dayOfYear(2016.5 + (n % 40) * 0.15);
    const due = 2028 + (hash(seed, TOPIC.term, key) % 30);
    const state = STATES[n % STATES.length] ?? 'MH';
    let rate = coupon(seed, key, 580, 830);
    const spell = (): string => `${rate}${series === 'GS' ? 'GS' : state}${due}`;
    while (symbols.has(spell())) rate += 1;
    symbols.add(spell());
    const name = series === 'GS' ? `GOI LOAN  ${percent(rate)}% ${due}` : `SDL ${state} ${percent(rate)}% ${due}`;
    const issuer = series === 'GS' ? 0 : 1 + (n % 3);
    const body = `IN${issuer}0${dateForms.year(dateOfDay(listed))}${200 + n}`;
    const common = {
      symbol: spell(),
      series,
      name,
      isin: completeIsin(body),
      listed,
      matured: dayOfYear(due + 0.5),
    };
    drafts.push({ ...bond(seed, key, common, 101 + normal(seed, TOPIC.base, key) * 4, 11.5), volatility: 0.002 });
  };
  for (let n = 0; n < 78; n++) add(n, 'GS', 30_000 + n);
  for (let n = 0; n < 28; n++) add(n, 'SG', 31_000 + n);
  return drafts;
}

/** Treasury bills (TB): each Thursday one of 91, 182 and 364 days. Discount paper: the price rises to 100. */
function bills(seed: number): InstrumentDraft[] {
  const drafts: InstrumentDraft[] = [];
  let issued = dayOfYear(2021);
  while (weekday(dateOfDay(issued)) !== 'Thursday') issued++;
  const end = dayOfYear(LAST_BILL_YEAR);
  for (let week = 0; issued < end; week++, issued += 7) {
    for (const [tenor, letter] of [
      [91, 'X'],
      [182, 'Y'],
      [364, 'Z'],
    ] as const) {
      const due = dateOfDay(issued + tenor);
      const [day, month, year] = [dateForms.day(due), dateForms.monthNumber(due), dateForms.year(due).slice(2)];
      const key = 40_000 + week * 3 + (tenor === 91 ? 0 : tenor === 182 ? 1 : 2);
      drafts.push({
        kind: 'bill',
        symbol: `${tenor}D${day}${month}${year}`,
        series: 'TB',
        name: `GOI TBILL ${tenor}D-${day}/${month}/${year}`,
        isin: completeIsin(`IN00${dateForms.year(dateOfDay(issued))}${letter}${String(week % 100).padStart(2, '0')}`),
        listed: issued + 1,
        matured: issued + tenor,
        lot: 100,
        base: 100,
        volatility: 0.0003,
        drift: 0,
        turnover: Math.exp(10.8 + normal(seed, TOPIC.turnover, key) * 1.3),
        presence: 0.31,
      });
    }
  }
  return drafts;
}

/** All government paper. */
export function governmentDebt(seed: number): InstrumentDraft[] {
  return [...goldBonds(seed), ...loans(seed), ...bills(seed)];
}
