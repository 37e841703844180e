import { completeIsin } from '@champion/core';
import { companyIsin } from './companies.ts';
import type { InstrumentDraft } from './instrument.ts';
import { LARGE_COMPANIES, PLACES } from './names.ts';
import { hash, normal, uniform } from './random.ts';
import { dayOfYear } from './session-line.ts';

const TOPIC = { base: 140, turnover: 141 };

interface Line {
  readonly series: string;
  readonly count: number;
  readonly from: number;
  readonly name: string;
  readonly base: number;
  readonly presence: number;
  /** ISIN of the n-th. */
  isin(seed: number, n: number): string;
}

const LINES: readonly Line[] = [
  {
    series: 'IV',
    count: 6,
    from: 2017.4,
    name: 'INFRA TRUST',
    base: 100,
    presence: 0.85,
    isin: (seed, n) => companyIsin(seed, 21_000 + n, '23', '01'),
  },
  {
    series: 'RR',
    count: 4,
    from: 2019.3,
    name: 'OFFICE PARKS REIT',
    base: 250,
    presence: 1,
    isin: (seed, n) => companyIsin(seed, 21_100 + n, '25', '01'),
  },
  {
    series: 'MF',
    count: 10,
    from: 2010,
    name: 'FIXED TERM PLAN',
    base: 11,
    presence: 0.4,
    isin: (seed, n) => completeIsin(`INF${900 + (hash(seed, 3, 0) % 90)}L01${String(10 + n)}`),
  },
  {
    series: 'E1',
    count: 6,
    from: 2016,
    name: 'PARTLY PAID',
    base: 180,
    presence: 0.9,
    isin: (seed, n) => completeIsin(`IN9${companyIsin(seed, 100 + n, '01', '01').slice(3, 11)}`),
  },
  {
    series: 'P1',
    count: 3,
    from: 2013,
    name: 'PREFERENCE',
    base: 10,
    presence: 0.7,
    isin: (seed, n) => companyIsin(seed, 200 + n, '04', '01'),
  },
  {
    series: 'W1',
    count: 2,
    from: 2018,
    name: 'WARRANTS',
    base: 40,
    presence: 0.6,
    isin: (seed, n) => companyIsin(seed, 210 + n, '13', '01'),
  },
];

/** Trusts, term plans, partly paid shares, preference shares and warrants. */
function smallSeries(seed: number): InstrumentDraft[] {
  return LINES.flatMap((line, kind) =>
    Array.from({ length: line.count }, (_, n): InstrumentDraft => {
      const key = kind * 100 + n;
      const place = PLACES[(kind * 13 + n * 7) % PLACES.length] ?? 'ZENITH';
      return {
        kind: 'share',
        symbol: `${place.slice(0, 6)}${line.name.replace(/[^A-Z]/g, '').slice(0, 3)}${line.series === 'RR' ? 'R' : ''}`,
        series: line.series,
        name: `${place} ${line.name}`,
        isin: line.isin(seed, n),
        listed: dayOfYear(line.from + n * 0.8),
        matured: Number.POSITIVE_INFINITY,
        lot: 1,
        base: line.base * Math.exp(normal(seed, TOPIC.base, key) * 0.3),
        volatility: 0.008,
        drift: 0.02,
        turnover: Math.exp((line.series === 'MF' ? 11 : 16) + normal(seed, TOPIC.turnover, key)),
        presence: line.presence,
      };
    }),
  );
}

/**
 * Lines that share symbol and ISIN with a company's EQ line: same-day settlement (T0, from its launch on 2024-03-28) and
 * the block window (BL).
 */
export function secondLines(shares: readonly InstrumentDraft[], seed: number): InstrumentDraft[] {
  const liquid = shares.filter((draft) => draft.series === 'EQ' && draft.kind === 'share').slice(0, 70);
  const line = (share: InstrumentDraft, n: number, kind: 'settled-today' | 'block'): InstrumentDraft => ({
    ...share,
    kind,
    series: kind === 'block' ? 'BL' : 'T0',
    listed: Math.max(share.listed, kind === 'block' ? dayOfYear(2017.9) : 19_810),
    presence: kind === 'block' ? 0.02 + uniform(seed, TOPIC.base, n) * 0.02 : 0.12,
    turnover: kind === 'block' ? 1.5e9 : 20_000,
    underlyingSymbol: share.symbol,
  });
  return [
    ...smallSeries(seed),
    ...liquid
      .slice(0, 25)
      .filter((share) => share.symbol !== 'UMESLTD-RE')
      .map((share, n) => line(share, n, 'settled-today')),
    ...liquid.slice(0, LARGE_COMPANIES.length + 30).map((share, n) => line(share, n, 'block')),
  ];
}
