import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { businessDate } from '@champion/core';
import { describe, expect, it } from 'vitest';
import { bhavcopyCsv } from '../bhavcopy/bhavcopy.ts';
import { unzipOne } from '../bhavcopy/zip.ts';
import { constituentsJson } from '../indices/constituents.ts';
import { contractInfoJson, type OptionChainOptions, optionChainJson } from './chain.ts';
import { UNDERLYINGS } from './contracts.ts';

const SAMPLES = fileURLToPath(new URL('../../../../../shared/nse-samples/', import.meta.url));
const at = new Date('2026-05-20T14:34:50+05:30');
const evening = new Date('2026-05-20T20:00:00+05:30');

type Leg = Record<string, number> & { identifier: string | null; expiryDate: string | null; underlying: string | null };
interface Row {
  strikePrice: number;
  expiryDates: string;
  expiryDate: string;
  CE?: Leg;
  PE?: Leg;
}
interface Records {
  timestamp: string;
  underlyingValue: number;
  expiryDates: string[];
  strikePrices: number[];
  data: Row[];
  CE: { totOI: number; totVol: number };
}

const records = (options: Partial<OptionChainOptions> = {}): Records =>
  JSON.parse(optionChainJson({ seed: 1, at, symbol: 'NIFTY', ...options })).records;
const legsOf = (rows: readonly Row[]): Leg[] =>
  rows.flatMap(({ CE, PE }) => [CE, PE]).filter((leg) => leg !== undefined);
const close = (symbol: string): number =>
  Number(
    bhavcopyCsv({ seed: 1, date: businessDate('2026-05-20'), format: 'udiff_b' })
      .split('\n')
      .find((line) => line.includes(`,${symbol},EQ,`))
      ?.split(',')[17],
  );

describe('contracts', () => {
  it('lists the weeks, months, quarters and half-years that the exchange lists', () => {
    const info = JSON.parse(contractInfoJson({ seed: 1, at: new Date('2026-09-11T18:00:00+05:30'), symbol: 'NIFTY' }));
    expect(info.expiryDates).toHaveLength(18);
    expect(info.expiryDates.slice(4, 9)).toEqual([
      '13-Oct-2026',
      '27-Oct-2026',
      '23-Nov-2026',
      '29-Dec-2026',
      '30-Mar-2027',
    ]);
    expect(info.strikePrice.every((strike: unknown) => typeof strike === 'string')).toBe(true);
    const name = `${SAMPLES}PARTIAL_option-chain-contract-info_NIFTY_2026-09-11.json`;
    if (!existsSync(name)) return console.warn(`${name} is not there: expiries not compared`);
    const real = JSON.parse(readFileSync(name, 'utf8'));
    expect(Object.keys(info)).toEqual(Object.keys(real));
    expect(info.expiryDates).toEqual(real.expiryDates);
    return undefined;
  });

  it('knows indices and shares, also those with signs in their names, and nothing of the rest', () => {
    expect(UNDERLYINGS.length).toBeGreaterThanOrEqual(24);
    for (const symbol of ['BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY', 'RELIANCE', 'M&M', 'BAJAJ-AUTO']) {
      const chain = records({ symbol });
      expect(chain.data.length).toBeGreaterThan(40);
      expect(legsOf(chain.data).every(({ underlying }) => underlying === symbol || underlying === null)).toBe(true);
    }
    expect(optionChainJson({ seed: 1, at, symbol: 'NOSUCH' })).toBe('{}');
    expect(contractInfoJson({ seed: 1, at, symbol: 'NOSUCH' })).toBe('{}');
    expect(optionChainJson({ seed: 1, at, symbol: 'NIFTY', expiry: businessDate('2026-05-27') })).toBe('{}');
  });
});

describe('the present shape', () => {
  it('has one expiry of 100 to 145 strikes, spelled in two ways', () => {
    const { data, timestamp } = records();
    expect(data.length).toBeGreaterThanOrEqual(100);
    expect(data.length).toBeLessThanOrEqual(145);
    expect(new Set(data.map(({ expiryDates }) => expiryDates))).toEqual(new Set(['26-May-2026']));
    const listed = legsOf(data).filter(({ identifier }) => identifier !== null);
    expect(new Set(listed.map(({ expiryDate }) => expiryDate))).toEqual(new Set(['26-05-2026']));
    expect(timestamp).toMatch(/^20-May-2026 14:3[34]:\d\d$/);
    expect(data[60]?.CE?.identifier).toBe(`OPTIDXNIFTY26-05-2026CE${data[60]?.strikePrice.toFixed(2)}`);
  });

  it('sends what is not listed as zeros without an identifier, and 0 for a volatility that nobody quotes', () => {
    const legs = ['NIFTY', 'BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY'].flatMap((symbol) => legsOf(records({ symbol }).data));
    const absent = legs.filter(({ identifier }) => identifier === null);
    expect(absent.length).toBeGreaterThan(3);
    for (const leg of absent) expect(Object.values(leg).every((value) => value === 0 || value === null)).toBe(true);
    const listed = legs.filter(({ identifier }) => identifier !== null);
    const quoted = listed.filter((leg) => (leg.impliedVolatility ?? 0) > 0);
    expect(quoted.length).toBeGreaterThan(listed.length / 3);
    expect(quoted.length).toBeLessThan(listed.length * 0.95);
    expect(listed.some((leg) => (leg.openInterest ?? 0) % 1 !== 0)).toBe(true);
    expect(listed.every((leg) => (leg.openInterest ?? -1) >= 0 && (leg.totalTradedVolume ?? -1) >= 0)).toBe(true);
  });

  it('adds up', () => {
    const { data, CE } = records();
    const sum = data.reduce((total, row) => total + (row.CE?.openInterest ?? 0), 0);
    expect(CE.totOI).toBe(Math.round(sum));
  });

  it('keeps put-call parity, and a smile around the money', () => {
    const { data, underlyingValue } = records();
    const near = data.filter(({ strikePrice }) => Math.abs(strikePrice / underlyingValue - 1) < 0.01);
    expect(near.length).toBeGreaterThan(5);
    for (const { strikePrice, CE, PE } of near) {
      const parity = (CE?.lastPrice ?? 0) - (PE?.lastPrice ?? 0) - (underlyingValue - strikePrice);
      expect(Math.abs(parity)).toBeLessThan(underlyingValue * 0.002);
    }
    const money = near[Math.floor(near.length / 2)]?.PE?.impliedVolatility ?? 0;
    const wing = data.filter(({ PE }) => (PE?.impliedVolatility ?? 0) > 0)[0]?.PE?.impliedVolatility ?? 0;
    expect(money).toBeGreaterThan(5);
    expect(wing).toBeGreaterThan(money * 1.3);
    const puts = data.map(({ PE }) => PE?.lastPrice ?? 0).filter((price) => price > 0);
    for (let n = 1; n < puts.length; n++) expect(puts[n]).toBeGreaterThanOrEqual((puts[n - 1] ?? 0) - 0.1);
  });

  it("carries the day's open interest into the next day's change", () => {
    const today = legsOf(records({ at: evening }).data);
    const next = legsOf(records({ at: new Date('2026-05-21T20:00:00+05:30') }).data);
    const before = new Map(today.map((leg) => [leg.identifier, leg.openInterest ?? 0]));
    const known = next.filter(({ identifier }) => identifier !== null && before.has(identifier));
    expect(known.length).toBeGreaterThan(100);
    for (const leg of known) {
      const opened = (leg.openInterest ?? 0) - (leg.changeinOpenInterest ?? 0);
      expect(Math.abs(opened - (before.get(leg.identifier) ?? 0))).toBeLessThan(1);
    }
  });
});

describe('time', () => {
  it('advances every minute for indices and every three for shares, and never runs ahead of the clock', () => {
    const stamps = (symbol: string): Set<string> => {
      const seen = new Set<string>();
      for (let minute = 0; minute < 30; minute++) {
        const now = new Date(Date.parse('2026-05-20T11:00:59+05:30') + minute * 60_000);
        const { timestamp } = records({ symbol, at: now });
        expect(Date.parse(`${timestamp.replace(/-/g, ' ')} +05:30`)).toBeLessThanOrEqual(now.getTime());
        seen.add(timestamp);
      }
      return seen;
    };
    expect(stamps('NIFTY').size).toBe(30);
    expect(stamps('TCS').size).toBeGreaterThanOrEqual(9);
    expect(stamps('TCS').size).toBeLessThanOrEqual(11);
  });

  it('stands at the close after hours, before the opening and on days without a session', () => {
    for (const when of ['2026-05-20T15:30:00', '2026-05-20T23:00:00', '2026-05-21T09:10:00']) {
      expect(records({ at: new Date(`${when}+05:30`) }).timestamp).toBe('20-May-2026 15:30:00');
    }
    expect(records({ at: new Date('2026-05-24T12:00:00+05:30') }).timestamp).toBe('22-May-2026 15:30:00');
    expect(records({ at: new Date('2026-08-10T20:00:00+05:30') }).timestamp).toBe('10-Aug-2026 15:40:00');
  });

  it('ends where the bhavcopy and the index end', () => {
    expect(records({ at: evening, symbol: 'RELIANCE' }).underlyingValue).toBe(close('RELIANCE'));
    expect(records({ at: evening, symbol: 'M&M' }).underlyingValue).toBe(close('M&M'));
    const [nifty] = JSON.parse(
      constituentsJson({ seed: 1, date: businessDate('2026-05-20'), index: 'NIFTY 50', shape: 'a' }),
    ).data;
    expect(records({ at: evening }).underlyingValue).toBe(nifty.lastPrice);
    expect(records({ at: evening }).underlyingValue).not.toBe(records().underlyingValue);
  });

  it('gives the same text at the same instant', () => {
    const options = { seed: 9, at, symbol: 'BANKNIFTY' } as const;
    expect(optionChainJson(options)).toBe(optionChainJson({ ...options, at: new Date(at) }));
    expect(optionChainJson({ ...options, seed: 10 })).not.toBe(optionChainJson(options));
  });
});

describe('the older shape', () => {
  it('has all expiries, and leaves legs out', () => {
    const { expiryDates, data, strikePrices } = records({ shape: 'v2' });
    expect(expiryDates).toHaveLength(18);
    expect(new Set(data.map(({ expiryDate }) => expiryDate)).size).toBe(18);
    expect(data.some(({ CE }) => CE === undefined)).toBe(true);
    expect(data.some(({ PE }) => PE === undefined)).toBe(true);
    expect(strikePrices).toEqual([...strikePrices].sort((a, b) => a - b));
  });

  it('has the keys of the real answers, where those are at hand', () => {
    const v2 = `${SAMPLES}option-chain-indices_NIFTY_2025-08-05.json.repacked.zip`;
    const v3 = `${SAMPLES}PARTIAL_option-chain-v3_NIFTY_2026-05-20.json`;
    if (!existsSync(v2) || !existsSync(v3)) return console.warn(`no real samples in ${SAMPLES}: keys not compared`);
    const pairs = [
      [
        JSON.parse(optionChainJson({ seed: 1, at, symbol: 'NIFTY', shape: 'v2' })),
        JSON.parse(unzipOne(readFileSync(v2)).text),
      ],
      [JSON.parse(optionChainJson({ seed: 1, at, symbol: 'NIFTY' })), JSON.parse(readFileSync(v3, 'utf8'))],
    ];
    for (const [ours, real] of pairs) {
      const keys = (value: object): string[] => Object.keys(value).sort();
      const whole = (answer: { records: { data: Row[] } }) =>
        answer.records.data.find(({ CE, PE }) => CE?.identifier && PE?.identifier);
      expect(keys(ours)).toEqual(keys(real));
      expect(keys(ours.records)).toEqual(keys(real.records));
      expect(keys(ours.records.index ?? {})).toEqual(keys(real.records.index ?? {}));
      expect(keys(ours.filtered ?? {})).toEqual(keys(real.filtered ?? {}));
      expect(keys(whole(ours) ?? {})).toEqual(keys(whole(real) ?? {}));
      expect(Object.keys(whole(ours)?.CE ?? {})).toEqual(Object.keys(whole(real)?.CE ?? {}));
    }
    return undefined;
  });
});
