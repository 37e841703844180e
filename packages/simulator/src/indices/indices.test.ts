import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { businessDate, isValidIsin, TradingCalendar } from '@champion/core';
import { describe, expect, it } from 'vitest';
import { bhavcopyCsv } from '../bhavcopy/bhavcopy.ts';
import { INDICES } from './catalogue.ts';
import { indexCloseCsv } from './close-file.ts';
import { type ConstituentShape, constituentsCsv, constituentsJson } from './constituents.ts';
import { indexMarket } from './index-market.ts';
import { allIndicesJson, marketStatusJson } from './live.ts';

const SAMPLES = fileURLToPath(new URL('../../../../../shared/nse-samples/', import.meta.url));
const calendar = new TradingCalendar();
const date = businessDate('2026-05-20');

type Row = Record<string, unknown> & { symbol: string; priority: number; meta?: Record<string, unknown> };
interface Answer {
  data: Row[];
  [key: string]: unknown;
}

const json = (index: string, day = date, shape?: ConstituentShape, seed = 1): Answer =>
  JSON.parse(constituentsJson({ seed, date: day, index, ...(shape ? { shape } : {}) }));
const members = (index: string, day: string): string[] =>
  constituentsCsv({ seed: 1, date: businessDate(day), index })
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => row.split(',').at(-3) ?? '');
const sample = (name: string): Answer | undefined =>
  existsSync(SAMPLES + name) ? JSON.parse(readFileSync(SAMPLES + name, 'utf8')) : undefined;

describe('members', () => {
  it.each([
    ['NIFTY 50', 50],
    ['NIFTY NEXT 50', 50],
    ['NIFTY 100', 100],
    ['NIFTY 200', 200],
    ['NIFTY 500', 500],
    ['NIFTY BANK', 14],
    ['NIFTY FINANCIAL SERVICES', 20],
    ['NIFTY MIDCAP SELECT', 25],
    ['NIFTY IT', 10],
  ])('%s has its own row and %i members, none twice', (index, count) => {
    const { data } = json(index, date, 'a');
    expect(data).toHaveLength(count + 1);
    expect(data[0]).toMatchObject({ symbol: index, priority: 1 });
    expect(data[0]).not.toHaveProperty('meta');
    expect(data.slice(1).every(({ priority, meta }) => priority === 0 && isValidIsin(String(meta?.isin)))).toBe(true);
    expect(new Set(data.map(({ symbol }) => symbol)).size).toBe(count + 1);
    expect(members(index, date).toSorted()).toEqual(
      data
        .slice(1)
        .map(({ symbol }) => symbol)
        .sort(),
    );
  });

  it('fills every index on any day since 2005', () => {
    for (const day of ['2005-01-03', '2011-06-21', '2030-01-02']) {
      for (const { name } of INDICES) expect(members(name, day).length).toBeGreaterThanOrEqual(10);
      expect(members('NIFTY 500', day)).toHaveLength(500);
      expect(members('NIFTY BANK', day)).toHaveLength(day < '2026' ? 12 : 14);
    }
  });

  it('nests: 100 is 50 and the next 50, 200 and 500 hold them', () => {
    const [fifty, next, hundred, two, five] = ['50', 'NEXT 50', '100', '200', '500'].map((name) =>
      members(`NIFTY ${name}`, date),
    );
    expect([...(fifty ?? []), ...(next ?? [])].sort()).toEqual(hundred?.toSorted());
    expect(hundred?.every((symbol) => two?.includes(symbol))).toBe(true);
    expect(two?.every((symbol) => five?.includes(symbol))).toBe(true);
  });

  it('changes at the half-yearly reviews and at no other time', () => {
    expect(members('NIFTY 50', '2025-04-01')).toEqual(members('NIFTY 50', '2025-09-29'));
    let changes = 0;
    for (const year of [2021, 2022, 2023, 2024, 2025]) {
      const before = new Set(members('NIFTY 50', `${year}-09-29`));
      changes += members('NIFTY 50', `${year}-09-30`).filter((symbol) => !before.has(symbol)).length;
    }
    expect(changes).toBeGreaterThan(3);
    expect(changes).toBeLessThan(60);
  });

  it('writes the list as the index provider does', () => {
    const lines = constituentsCsv({ seed: 1, date, index: 'NIFTY 50' }).trimEnd().split('\n');
    expect(lines).toHaveLength(51);
    expect(lines[0]).toBe('Company Name,Industry,Symbol,Series,ISIN Code');
    expect(
      lines.some((line) => /^Reliance Industries Ltd\.,Oil Gas & Consumable Fuels,RELIANCE,EQ,INE/.test(line)),
    ).toBe(true);
    expect(lines.every((line) => line.split(',').length === 5)).toBe(true);
  });
});

describe('quotes', () => {
  it("are those of the day's bhavcopy", () => {
    const bars = new Map(
      bhavcopyCsv({ seed: 1, date, format: 'udiff_b' })
        .split('\n')
        .map((line) => line.split(','))
        .filter((fields) => fields[8] === 'EQ')
        .map((fields) => [fields[7], fields]),
    );
    for (const row of json('NIFTY 500', date, 'a').data.slice(1)) {
      const bar = bars.get(row.symbol) ?? [];
      expect([row.open, row.dayHigh, row.dayLow, row.lastPrice, row.previousClose]).toEqual(
        [14, 15, 16, 17, 19].map((at) => Number(bar[at])),
      );
      expect([row.totalTradedVolume, row.totalTradedValue]).toEqual([Number(bar[24]), Number(bar[25])]);
      expect(row.meta?.isin).toBe(bar[6]);
    }
  });

  it('have an index that moves as its members do, without a jump at a review', () => {
    const market = indexMarket(1, calendar);
    for (const index of INDICES) {
      for (const day of calendar.sessions(businessDate('2025-09-22'), businessDate('2025-10-08'))) {
        const quote = market.quote(index, day);
        const gains = quote.members.map(({ close, previousClose }) => close / previousClose - 1);
        const change = quote.close / quote.previousClose - 1;
        expect(change).toBeGreaterThan(Math.min(...gains) - 1e-5);
        expect(change).toBeLessThan(Math.max(...gains) + 1e-5);
        expect(quote.previousClose).toBe(market.quote(index, calendar.previousSession(day)).close);
        expect(quote.high).toBeGreaterThanOrEqual(Math.max(quote.open, quote.close));
        expect(quote.low).toBeLessThanOrEqual(Math.min(quote.open, quote.close));
        expect(quote.yearHigh).toBeGreaterThanOrEqual(quote.high);
        expect(quote.advances + quote.declines + quote.unchanged).toBe(quote.members.length);
      }
    }
  });

  it('are the same text every time, and another for another seed', () => {
    const options = { seed: 5, date, index: 'NIFTY BANK' };
    expect(constituentsJson({ ...options, calendar: new TradingCalendar() })).toBe(constituentsJson(options));
    expect(constituentsJson({ ...options, seed: 6 })).not.toBe(constituentsJson(options));
  });

  it('refuse what does not exist', () => {
    expect(() => json('NIFTY 51')).toThrow(/no index "NIFTY 51"/);
    expect(() => json('NIFTY 50', businessDate('2026-05-24'))).toThrow(/not a session/);
    expect(() => json('NIFTY 50', businessDate('2004-12-31'))).toThrow(/begin on 2005-01-03/);
    expect(() => json('NIFTY 50', date, 'a', 1.5)).toThrow(/not a seed/);
  });
});

describe('shapes', () => {
  it('change between the two that were seen a week apart', () => {
    expect(Object.keys(json('NIFTY 50', businessDate('2026-05-22')))).toEqual(['name', 'advance', 'timestamp', 'data']);
    expect(Object.keys(json('NIFTY 50', businessDate('2026-05-25')))).toEqual(['data', 'marketStatus', 'timestamp']);
  });

  it('have the keys of the real answers, where those are at hand', () => {
    const a = sample('PARTIAL_equity-stock-indices_NIFTYFIN_2026-05-20.json');
    const b = sample('benny_sample_listEquityStocksByIndex.json');
    if (!a || !b) return console.warn(`no real samples in ${SAMPLES}: keys not compared`);
    const ours = json('NIFTY FINANCIAL SERVICES', date, 'a');
    expect(Object.keys(ours)).toEqual(Object.keys(a));
    expect(Object.keys(ours.advance as object).sort()).toEqual(Object.keys(a.advance as object).sort());
    for (const at of [0, 1]) {
      expect(Object.keys(ours.data[at] ?? {})).toEqual(Object.keys(a.data[at] ?? {}));
    }
    expect(Object.keys(ours.data[1]?.meta ?? {})).toEqual(Object.keys(a.data[1]?.meta ?? {}));
    const later = json('NIFTY 50', date, 'b');
    expect(Object.keys(later)).toEqual(Object.keys(b));
    expect(Object.keys(later.data[0] ?? {}).sort()).toEqual(Object.keys(b.data[0] ?? {}).sort());
    expect(later.data[0]).toMatchObject({ series: null, ffmc: null, marketType: null });
    return undefined;
  });
});

describe('the closing file', () => {
  const rows = indexCloseCsv({ seed: 1, date }).trimEnd().split('\n');

  it('has every index, with the close that the site shows', () => {
    expect(rows[0]).toBe(
      'Index Name,Index Date,Open Index Value,High Index Value,Low Index Value,Closing Index Value,Points Change,Change(%),Volume,Turnover (Rs. Cr.),P/E,P/B,Div Yield',
    );
    expect(rows).toHaveLength(INDICES.length + 3);
    for (const { name, closeName } of INDICES) {
      const fields = rows.find((row) => row.startsWith(`${closeName},20-05-2026,`))?.split(',') ?? [];
      expect(fields).toHaveLength(13);
      expect(Number(fields[5])).toBe(json(name, date, 'a').data[0]?.lastPrice);
    }
  });

  it('spells absent values and small numbers as the exchange does', () => {
    expect(rows.find((row) => row.startsWith('India VIX'))).toMatch(/(,-){5}$/);
    expect(rows.find((row) => row.startsWith('Nifty 1D Rate Index'))).toMatch(/,20-05-2026,-,-,-,[\d.]+,/);
    expect(rows.slice(1, -2).join('\n')).not.toMatch(/,-?0\.\d/);
  });
});

describe('the live answers', () => {
  const close = new Date('2026-05-20T20:00:00+05:30');
  const noon = new Date('2026-05-20T12:00:10+05:30');

  it('list every index, at its close after hours and on its way before', () => {
    const after = JSON.parse(allIndicesJson({ seed: 1, at: close }));
    const before = JSON.parse(allIndicesJson({ seed: 1, at: noon }));
    expect(after.data).toHaveLength(INDICES.length + 1);
    expect(after.timestamp).toBe('20-May-2026 15:30');
    expect(before.timestamp).toBe('20-May-2026 12:00');
    const nifty = json('NIFTY 50', date, 'a').data[0];
    expect(after.data[0]).toMatchObject({
      index: 'NIFTY 50',
      last: nifty?.lastPrice,
      previousClose: nifty?.previousClose,
    });
    expect(before.data[0].last).not.toBe(after.data[0].last);
    expect(before.data[0].last).toBeLessThanOrEqual(before.data[0].high);
    expect(before.data[0].last).toBeGreaterThanOrEqual(before.data[0].low);
  });

  it('say when the market is open', () => {
    const state = (at: Date) => JSON.parse(marketStatusJson({ seed: 1, at })).marketState[0];
    expect(state(noon)).toMatchObject({ market: 'Capital Market', marketStatus: 'Open', index: 'NIFTY 50' });
    expect(state(close)).toMatchObject({ marketStatus: 'Close', tradeDate: '20-May-2026 15:30' });
    expect(state(new Date('2026-05-24T12:00:00+05:30'))).toMatchObject({ tradeDate: '22-May-2026 15:30' });
  });
});
