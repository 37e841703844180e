import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { addDays, type BusinessDate, businessDate, TradingCalendar } from '@champion/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bhavcopyCsv } from '../bhavcopy/bhavcopy.ts';
import { unzipOne } from '../bhavcopy/zip.ts';
import { dealsCsv, dealsJson, rollingDealsCsv } from './fixtures.ts';

const samples = fileURLToPath(new URL('../../../../../shared/nse-samples/', import.meta.url));
const calendar = new TradingCalendar();
const date = businessDate('2024-07-08');
const year = { from: businessDate('2025-04-24'), to: businessDate('2026-04-24') };

interface Row {
  readonly BD_DT_DATE: string;
  readonly BD_DT_ORDER: string;
  readonly BD_SYMBOL: string;
  readonly BD_CLIENT_NAME: string;
  readonly BD_BUY_SELL: string;
  readonly BD_QTY_TRD: number;
  readonly BD_TP_WATP: number;
  readonly BD_REMARKS: string | null;
}

const rowsOf = (json: string): Row[] => (JSON.parse(json) as { data: Row[] }).data;

/** Volume, low and high of each symbol, of series BL or of those in which bulk deals are made. */
function market(of: BusinessDate, block: boolean, seed = 1): Map<string, [number, number, number]> {
  const [, ...lines] = bhavcopyCsv({ seed, date: of, format: 'udiff_b' }).trimEnd().split('\n');
  return new Map(
    lines
      .map((line) => line.split(','))
      .filter((cell) => (block ? ['BL'] : ['EQ', 'BE', 'SM', 'ST']).includes(cell[8] ?? ''))
      .map((cell) => [cell[7] ?? '', [Number(cell[24]), Number(cell[16]), Number(cell[15])]]),
  );
}

/** Traded quantity by symbol and side. */
function sums(rows: readonly Row[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) {
    const key = `${row.BD_SYMBOL} ${row.BD_BUY_SELL}`;
    found.set(key, (found.get(key) ?? 0) + row.BD_QTY_TRD);
  }
  return found;
}

describe('deals', () => {
  const sessions = calendar.lastSessions(businessDate('2024-07-19'), 12);

  it('stay within what traded: a price in the range, no more than the volume on either side', () => {
    for (const day of sessions) {
      const traded = market(day, false);
      const rows = rowsOf(dealsJson({ seed: 1, date: day, kind: 'bulk_deals' }));
      expect(rows.length).toBeGreaterThanOrEqual(50);
      expect(rows.length).toBeLessThanOrEqual(190);
      for (const row of rows) {
        const [, low = 0, high = 0] = traded.get(row.BD_SYMBOL) ?? [];
        expect(row.BD_TP_WATP).toBeGreaterThanOrEqual(low);
        expect(row.BD_TP_WATP).toBeLessThanOrEqual(high);
        expect(Number.isInteger(row.BD_QTY_TRD) && row.BD_QTY_TRD > 0).toBe(true);
      }
      for (const [key, quantity] of sums(rows))
        expect(quantity).toBeLessThanOrEqual(traded.get(key.split(' ')[0] ?? '')?.[0] ?? 0);
      expect(new Set(rows.map((row) => row.BD_BUY_SELL))).toEqual(new Set(['BUY', 'SELL']));
    }
  });

  it('of the block window are the whole of series BL, both sides; most days have none', () => {
    let empty = 0;
    for (const day of calendar.lastSessions(businessDate('2024-07-19'), 20)) {
      const traded = market(day, true);
      const rows = rowsOf(dealsJson({ seed: 1, date: day, kind: 'block_deals' }));
      if (rows.length === 0) empty++;
      expect(rows.length).toBeLessThanOrEqual(50);
      expect(new Set(rows.map((row) => row.BD_SYMBOL))).toEqual(new Set(traded.keys()));
      for (const [key, quantity] of sums(rows)) expect(quantity).toBe(traded.get(key.split(' ')[0] ?? '')?.[0]);
      expect(sums(rows).size).toBe(traded.size * 2);
      for (const row of rows) {
        const [, low = 0, high = 0] = traded.get(row.BD_SYMBOL) ?? [];
        expect(row.BD_TP_WATP >= low && row.BD_TP_WATP <= high).toBe(true);
        expect(row.BD_REMARKS).toBeNull();
      }
    }
    expect(empty).toBeGreaterThan(8);
    expect(empty).toBeLessThan(20);
  });

  it('keep to the bhavcopy on any day of any seed', () => {
    const all = calendar.sessions(businessDate('2004-02-02'), businessDate('2027-12-31'));
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...all), fc.boolean(), (seed, day, block) => {
        const traded = market(day, block, seed);
        const rows = rowsOf(dealsJson({ seed, date: day, kind: block ? 'block_deals' : 'bulk_deals' }));
        expect(rows.length).toBeGreaterThanOrEqual(block ? 0 : 50);
        expect(rows.length).toBeLessThanOrEqual(block ? 50 : 190);
        for (const row of rows) {
          const [volume = 0, low = 0, high = 0] = traded.get(row.BD_SYMBOL) ?? [];
          expect(row.BD_TP_WATP >= low && row.BD_TP_WATP <= high).toBe(true);
          expect(row.BD_QTY_TRD > 0 && row.BD_QTY_TRD <= volume).toBe(true);
        }
        for (const [key, quantity] of sums(rows)) {
          const volume = traded.get(key.split(' ')[0] ?? '')?.[0] ?? 0;
          expect(block ? quantity === volume : quantity <= volume).toBe(true);
        }
      }),
      { numRuns: 12 },
    );
  }, 20_000);

  it('sold short are shares of the day', () => {
    const traded = market(date, false);
    const { data } = JSON.parse(dealsJson({ seed: 1, date, kind: 'short_selling' })) as {
      data: { SS_SYMBOL: string; SS_QTY: number; SS_DATE_ORDER: string }[];
    };
    expect(data.length).toBeGreaterThan(10);
    for (const row of data) {
      expect(row.SS_QTY).toBeLessThanOrEqual(traded.get(row.SS_SYMBOL)?.[0] ?? 0);
      expect(row.SS_DATE_ORDER).toBe('2024-07-07T18:30:00.000Z');
    }
    expect(new Set(data.map((row) => row.SS_SYMBOL)).size).toBe(data.length);
  });

  it('come as JSON with numbers and an order that is the evening before', () => {
    const rows = rowsOf(dealsJson({ seed: 1, date, kind: 'bulk_deals' }));
    expect(Object.keys(rows[0] ?? {})).toEqual([
      'BD_DT_DATE',
      'BD_DT_ORDER',
      'BD_SYMBOL',
      'BD_SCRIP_NAME',
      'BD_CLIENT_NAME',
      'BD_BUY_SELL',
      'BD_QTY_TRD',
      'BD_TP_WATP',
      'BD_REMARKS',
    ]);
    expect(rows[0]).toMatchObject({
      BD_DT_DATE: '08-JUL-2024',
      BD_DT_ORDER: `${addDays(date, -1)}T18:30:00.000Z`,
      BD_REMARKS: '-',
    });
    expect(rows.map((row) => row.BD_SYMBOL)).toEqual(
      rows.map((row) => row.BD_SYMBOL).toSorted((a, b) => (a < b ? -1 : 1)),
    );
  });

  it('come as a csv with the same rows and all its oddities, a year at once', () => {
    const csv = dealsCsv({ seed: 1, ...year, kind: 'bulk_deals' });
    const rows = rowsOf(dealsJson({ seed: 1, ...year, kind: 'bulk_deals' }));
    const [header = '', ...lines] = csv.split('\n');
    expect(header.startsWith('\u{feff}"Date ","Symbol ",')).toBe(true);
    expect(csv.endsWith('\n')).toBe(false);
    expect(lines).toHaveLength(rows.length);
    const spelled =
      /^"\d\d-[A-Z]{3}-\d{4}","[A-Z0-9&-]+","[^"]{1,25}","[^"]+","(BUY|SELL)","\d{1,3}(,\d\d)*(,\d{3})?","[\d,]+\.\d\d","-"$/;
    expect(lines.filter((line) => !spelled.test(line))).toEqual([]);
    lines.forEach((line, index) => {
      const cells = line.slice(1, -1).split('","');
      const row = rows[index];
      expect([cells[1], cells[3], cells[4]]).toEqual([row?.BD_SYMBOL, row?.BD_CLIENT_NAME, row?.BD_BUY_SELL]);
      expect(cells[5]).toBe(row?.BD_QTY_TRD.toLocaleString('en-IN'));
      expect(Number(cells[6]?.replaceAll(',', ''))).toBe(row?.BD_TP_WATP);
    });
    const clients = new Set(rows.map((row) => row.BD_CLIENT_NAME));
    expect([...clients].some((name) => name.includes('  '))).toBe(true);
    expect([...clients].some((name) => name !== name.trimEnd())).toBe(true);
    expect(lines.some((line) => /"\d,\d\d,\d\d,\d{3}"/.test(line))).toBe(true);
    const twice = lines.length - new Set(lines).size;
    expect(twice).toBeGreaterThan(0);
    expect(twice).toBeLessThan(60);
    expect(new Set(rows.map((row) => row.BD_DT_DATE)).size).toBe(calendar.sessions(year.from, year.to).length);
  }, 20_000);

  it('roll: one session, purchases first; a day without any says so', () => {
    const csv = rollingDealsCsv({ seed: 1, date, kind: 'bulk_deals' });
    const lines = csv.trimEnd().split('\n').slice(1);
    expect(csv.endsWith('\n')).toBe(true);
    expect(lines).toHaveLength(rowsOf(dealsJson({ seed: 1, date, kind: 'bulk_deals' })).length);
    expect(lines.every((line) => /^08-JUL-2024,.*,(BUY|SELL),\d+,\d+\.\d\d,-$/.test(line))).toBe(true);
    const sides = lines.map((line) => (line.includes(',BUY,') ? 'BUY' : 'SELL'));
    expect(sides).toEqual(sides.toSorted());
    const empty = calendar
      .lastSessions(date, 30)
      .find((day) => rowsOf(dealsJson({ seed: 1, date: day, kind: 'block_deals' })).length === 0);
    expect(rollingDealsCsv({ seed: 1, date: empty ?? date, kind: 'block_deals' })).toBe(
      'Date,Symbol,Security Name,Client Name,Buy/Sell,Quantity Traded,Trade Price / Wght. Avg. Price\nNO RECORDS,,,,,,\n',
    );
  });

  it('are the same every time, alone or within a year', () => {
    const one = rowsOf(dealsJson({ seed: 1, date: businessDate('2025-06-02'), kind: 'bulk_deals' }));
    const all = rowsOf(dealsJson({ seed: 1, ...year, kind: 'bulk_deals' }));
    expect(all.filter((row) => row.BD_DT_DATE === '02-JUN-2025')).toEqual(one);
    expect(dealsJson({ seed: 2, date, kind: 'bulk_deals' })).not.toBe(dealsJson({ seed: 1, date, kind: 'bulk_deals' }));
  });

  it(
    existsSync(samples) ? "have the real files' headers" : 'REAL FILES NOT CHECKED: ../shared/nse-samples is not there',
    () => {
      if (!existsSync(samples)) return;
      const first = (csv: string): string => csv.slice(0, csv.indexOf('\n') + 1);
      const read = (name: string): string => readFileSync(`${samples}${name}`, 'utf8');
      expect(first(rollingDealsCsv({ seed: 1, date, kind: 'bulk_deals' }))).toBe(
        first(read('bulk_captured_20240708.csv')),
      );
      expect(first(rollingDealsCsv({ seed: 1, date, kind: 'block_deals' }))).toBe(
        first(read('block_captured_20240708.csv')),
      );
      const { text } = unzipOne(readFileSync(`${samples}Bulk-Deals-24-04-2025-to-24-04-2026.csv.repacked.zip`));
      expect(first(dealsCsv({ seed: 1, date, kind: 'bulk_deals' }))).toBe(first(text));
      const real = rowsOf(read('bulk-block-short-deals_block_2026-09-04.json'))[0] ?? {};
      expect(Object.keys(rowsOf(dealsJson({ seed: 1, date, kind: 'bulk_deals' }))[0] ?? {})).toEqual(Object.keys(real));
    },
  );
});
