import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BusinessDate, businessDate, isValidIsin, parseDecimal, TradingCalendar } from '@champion/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bhavcopyCsv, bhavcopyZip } from './bhavcopy.ts';
import { type BhavcopyFormat, bhavcopyFileName, formatsOf } from './eras.ts';
import { unzipOne } from './zip.ts';

const samples = fileURLToPath(new URL('../../../../../shared/nse-samples/', import.meta.url));
const calendar = new TradingCalendar();

interface Row {
  readonly key: string;
  readonly symbol: string;
  readonly series: string;
  readonly isin: string;
  readonly id: string;
  readonly volume: bigint;
  readonly trades: bigint;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  readonly last: bigint | undefined;
  readonly previousClose: bigint;
  readonly turnover: bigint;
}

function paise(text: string | undefined): bigint {
  const value = parseDecimal(text ?? '', 2);
  if (value === undefined) throw new Error(`"${text}" is not an amount`);
  return value;
}

function udiffRows(csv: string): Row[] {
  const [, ...lines] = csv.trimEnd().split('\n');
  return lines.map((line) => {
    const f = line.split(',');
    return {
      key: `${f[7]}:${f[8]}`,
      symbol: f[7] ?? '',
      series: f[8] ?? '',
      isin: f[6] ?? '',
      id: f[5] ?? '',
      open: paise(f[14]),
      high: paise(f[15]),
      low: paise(f[16]),
      close: paise(f[17]),
      last: f[18] === '' ? undefined : paise(f[18]),
      previousClose: paise(f[19]),
      volume: BigInt(f[24] ?? ''),
      turnover: paise(f[25]),
      trades: BigInt(f[26] ?? ''),
    };
  });
}

const udiff = (date: string, seed = 1): Row[] =>
  udiffRows(bhavcopyCsv({ seed, date: businessDate(date), format: 'udiff_b' }));

function brokenRules(row: Row): string[] {
  const { open, high, low, close, last = close, volume, turnover, trades } = row;
  const broken: string[] = [];
  // A T+0 line takes its EQ line's close, wherever its own few deals were.
  const inside = row.series === 'T0' ? [open, last] : [open, last, close];
  if (inside.some((price) => price < low || price > high)) broken.push('range');
  if (low <= 0n || close <= 0n || row.previousClose <= 0n) broken.push('positive');
  if (volume < 1n || trades < 1n || trades > volume) broken.push('activity');
  if (turnover < low * volume || turnover > high * volume) broken.push('turnover');
  if (!isValidIsin(row.isin)) broken.push('isin');
  return broken;
}

function expectSound(rows: readonly Row[]): void {
  expect(rows.flatMap((row) => brokenRules(row).map((rule) => `${row.key} ${rule}`))).toEqual([]);
  expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
}

describe('spelling', () => {
  it('writes UDiFF A with 35 names over 34 fields, and B with 34 over 34', () => {
    const read = (format: BhavcopyFormat): string[] =>
      bhavcopyCsv({ seed: 1, date: businessDate('2024-06-20'), format }).split('\n');
    for (const [format, names, end] of [
      ['udiff_a', 35, 'Rsvd04,'],
      ['udiff_b', 34, 'Rsvd4'],
    ] as const) {
      const [header = '', ...rows] = read(format);
      expect(header.split(',')).toHaveLength(names);
      expect(header.endsWith(end)).toBe(true);
      expect(rows.pop()).toBe('');
      expect(rows.filter((row) => row.split(',').length !== 34)).toEqual([]);
      const spelled =
        /^2024-06-20,2024-06-20,CM,NSE,STK,\d+,IN[A-Z0-9]{10},[A-Z0-9&-]{1,10},[A-Z0-9]{2},,,,,.{1,25},(\d+\.\d\d,){4}(\d+\.\d\d)?,\d+\.\d\d,,\d+\.\d\d,,,\d+,\d+\.\d\d,\d+,F1,\d+,,,,,$/;
      expect(rows.filter((row) => !spelled.test(row))).toEqual([]);
    }
  });

  it('writes legacy unpadded, sorted, with trailing commas', () => {
    const [header, ...rows] = bhavcopyCsv({ seed: 1, date: businessDate('2024-07-03'), format: 'legacy' })
      .trimEnd()
      .split('\n');
    expect(header).toBe(
      'SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,TOTALTRADES,ISIN,',
    );
    const number = String.raw`\d+(\.\d?[1-9])?`;
    const spelled = new RegExp(
      `^[A-Z0-9&-]+,[A-Z0-9]{2},(${number},){4}(${number}|0\\.0),${number},\\d+,${number},03-JUL-2024,\\d+,IN[A-Z0-9]{10},$`,
    );
    expect(rows.filter((row) => !spelled.test(row))).toEqual([]);
    const keys = rows.map((row) => row.split(',').slice(0, 2).join('\u0000'));
    expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(rows.filter((row) => row.includes(',0.0,')).length).toBeGreaterThanOrEqual(2);
  });

  it('leaves TOTALTRADES and ISIN out until 2011-06-21', () => {
    const header = (date: string): string | undefined =>
      bhavcopyCsv({ seed: 1, date: businessDate(date), format: 'legacy' }).split('\n')[0];
    expect(header('2011-06-21')).toBe(
      'SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,',
    );
    expect(header('2011-06-22')).toMatch(/TIMESTAMP,TOTALTRADES,ISIN,$/);
  });

  it(
    existsSync(samples)
      ? "has the real files' headers and member names"
      : 'REAL FILES NOT CHECKED: ../shared/nse-samples is not there',
    async () => {
      if (!existsSync(samples)) return;
      const cases: readonly [string, BhavcopyFormat][] = [
        ['2024-04-01', 'udiff_a'],
        ['2024-07-10', 'udiff_b'],
        ['2024-07-03', 'legacy'],
        ['2016-01-01', 'legacy'],
      ];
      for (const [day, format] of cases) {
        const date = businessDate(day);
        const real = unzipOne(readFileSync(`${samples}${bhavcopyFileName(date, format)}.zip`));
        const ours = unzipOne(await bhavcopyZip({ seed: 1, date, format }));
        expect(ours.name).toBe(real.name);
        expect(ours.text.slice(0, ours.text.indexOf('\n') + 1)).toBe(real.text.slice(0, real.text.indexOf('\n') + 1));
        const fields = (text: string): number | undefined => text.split('\n')[1]?.split(',').length;
        expect(fields(ours.text)).toBe(fields(real.text));
      }
    },
  );
});

describe('determinism', () => {
  it('gives the same bytes for the same seed and date, in any time zone, and others for another seed', async () => {
    const options = { seed: 7, date: businessDate('2024-07-10'), format: 'udiff_b' } as const;
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'Asia/Kolkata';
      const first = await bhavcopyZip(options);
      process.env.TZ = 'America/New_York';
      expect((await bhavcopyZip(options)).equals(first)).toBe(true);
      expect(unzipOne(first)).toEqual({
        name: 'BhavCopy_NSE_CM_0_0_0_20240710_F_0000.csv',
        text: bhavcopyCsv(options),
      });
      expect(bhavcopyCsv({ ...options, seed: 8 })).not.toBe(bhavcopyCsv(options));
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('refuses a day without a session and a seed that is no number', () => {
    const csv =
      (date: string, seed = 1) =>
      () =>
        bhavcopyCsv({ seed, date: businessDate(date), format: 'udiff_b' });
    expect(csv('2026-01-11')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(csv('1994-11-02')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(csv('2024-07-10', 1.5)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('the market', () => {
  it.each(['2024-01-01', '2024-04-01', '2024-07-03', '2024-07-05'])('is the same in both files of %s', (day) => {
    const date = businessDate(day);
    const [newer = 'udiff_b', older] = formatsOf(date);
    expect(older).toBe('legacy');
    const cells = bhavcopyCsv({ seed: 1, date, format: 'legacy' })
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const legacy = new Map(cells.map((cell) => [`${cell[0]}:${cell[1]}`, cell]));
    const rows = udiffRows(bhavcopyCsv({ seed: 1, date, format: newer }));
    expect(legacy.size).toBe(rows.length);
    for (const row of rows) {
      const cell = legacy.get(row.key) ?? [];
      const prices = [row.open, row.high, row.low, row.close, row.last ?? 0n, row.previousClose];
      expect([2, 3, 4, 5, 6, 7].map((at) => (cell[at] === '0.0' ? 0n : paise(cell[at])))).toEqual(prices);
      expect([cell[8], paise(cell[9]), cell[11], cell[12]]).toEqual([
        String(row.volume),
        row.turnover,
        String(row.trades),
        row.isin,
      ]);
    }
  });

  it('continues each previous close from the last session traded, over thirty sessions', () => {
    const sessions = calendar.lastSessions(businessDate('2024-07-19'), 30);
    const closes = new Map<string, bigint>();
    const breaks: string[] = [];
    let compared = 0;
    for (const date of sessions) {
      const rows = udiff(date);
      for (const row of rows) {
        // A T+0 line carries its EQ line's close.
        const carried = closes.get(row.series === 'T0' ? `${row.symbol}:EQ` : row.key);
        if (carried === undefined) continue;
        compared++;
        if (carried !== row.previousClose) breaks.push(`${date} ${row.key} ${row.previousClose}, not ${carried}`);
      }
      for (const row of rows) closes.set(row.key, row.close);
    }
    expect(breaks).toEqual([]);
    expect(compared).toBeGreaterThan(70_000);
  });

  it('grows as the real one did, with its mix of series', () => {
    const count = (date: string): number => udiff(date).length;
    for (const [date, low, high] of [
      ['2013-06-03', 1400, 1800],
      ['2016-01-01', 1500, 1850],
      ['2021-01-06', 1900, 2250],
      ['2026-08-03', 3200, 3600],
    ] as const) {
      expect(count(date)).toBeGreaterThan(low);
      expect(count(date)).toBeLessThan(high);
    }
    const rows = udiff('2024-07-10');
    const series = (name: string): number => rows.filter((row) => row.series === name).length;
    expect(rows.length).toBeGreaterThan(2650);
    expect(rows.length).toBeLessThan(3000);
    expect(series('EQ')).toBeGreaterThan(1800);
    for (const name of ['BE', 'SM']) expect(series(name)).toBeGreaterThan(200);
    for (const name of ['GB', 'GS', 'ST', 'TB', 'BZ', 'SG']) expect(series(name)).toBeGreaterThan(8);
    expect(rows.filter((row) => /^[NYZ]/.test(row.series)).length).toBeGreaterThan(90);
    expect(rows.filter((row) => row.symbol === 'SAHYADRFIN').length).toBeGreaterThan(15);
    for (const symbol of ['RELIANCE', 'M&M', 'BAJAJ-AUTO', 'J&KBANK'])
      expect(rows.some((row) => row.symbol === symbol)).toBe(true);
    const empty = rows.filter((row) => row.last === undefined).length;
    expect([2, 3]).toContain(empty);
  });

  it('has T+0 lines that close with their EQ line, some outside their own range', () => {
    const sessions = calendar.lastSessions(businessDate('2024-07-19'), 15);
    const days = sessions.map((date) => new Map(udiff(date).map((row) => [row.key, row])));
    const lines = days.flatMap((rows) =>
      [...rows.values()].filter((row) => row.series === 'T0').map((row) => ({ row, eq: rows.get(`${row.symbol}:EQ`) })),
    );
    expect(lines.length).toBeGreaterThan(10);
    for (const { row, eq } of lines) {
      expect(row.close).toBe(eq?.close);
      expect(row.isin).toBe(eq?.isin);
    }
    expect(lines.some(({ row }) => row.close < row.low || row.close > row.high)).toBe(true);
  });

  it('keeps the hard rules on any day of any seed', () => {
    const sessions = calendar.sessions('1994-11-03' as BusinessDate, '2027-12-31' as BusinessDate);
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...sessions), (seed, date) => {
        const rows = udiff(date, seed);
        expectSound(rows);
        expect(rows.length).toBeGreaterThan(200);
      }),
      { numRuns: 12 },
    );
  });
});
