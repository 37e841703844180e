import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BusinessDate, businessDate, parseDecimal } from '@champion/core';
import { describe, expect, it } from 'vitest';
import { bhavcopyCsv } from '../bhavcopy/bhavcopy.ts';
import { unzipOne } from '../bhavcopy/zip.ts';
import { deliveryCsv } from './delivery.ts';

const samples = fileURLToPath(new URL('../../../../../shared/nse-samples/', import.meta.url));
const sample = `${samples}sec_bhavdata_full_08072024.csv.repacked.zip`;

function rowsOf(csv: string): string[][] {
  return csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(', '));
}

function bhavcopyOf(date: BusinessDate): Map<string, string[]> {
  const [, ...lines] = bhavcopyCsv({ seed: 1, date, format: 'udiff_b' }).trimEnd().split('\n');
  return new Map(lines.map((line) => line.split(',')).map((cell) => [`${cell[7]}:${cell[8]}`, cell]));
}

describe('sec_bhavdata_full', () => {
  it.each(['2024-04-01', '2024-07-08', '2025-12-16'])("has the figures of the same day's bhavcopy: %s", (day) => {
    const date = businessDate(day);
    const bhavcopy = bhavcopyOf(date);
    const rows = rowsOf(deliveryCsv({ seed: 1, date }));
    for (const row of rows) {
      const cell = bhavcopy.get(`${row[0]}:${row[1]}`) ?? [];
      expect([row[3], row[4], row[5], row[6], row[7], row[8], row[10], row[12]]).toEqual(
        [19, 14, 15, 16, 18, 17, 24, 26].map((at) => cell[at]),
      );
      const turnover = parseDecimal(cell[25] ?? '', 2) ?? 0n;
      const volume = BigInt(row[10] ?? '');
      const average = parseDecimal(row[9] ?? '', 2) ?? 0n;
      expect(average * volume - turnover <= volume && turnover - average * volume <= volume).toBe(true);
      const lakhs = (parseDecimal(row[11] ?? '', 2) ?? 0n) * 100_000n;
      expect(lakhs - turnover <= 50_000n && turnover - lakhs <= 50_000n).toBe(true);
    }
    const listed = new Set(rows.map((row) => `${row[0]}:${row[1]}`));
    const missing = new Set([...bhavcopy.keys()].filter((key) => !listed.has(key)).map((key) => key.split(':')[1]));
    expect([...missing]).toEqual(expect.arrayContaining(['TB']));
    for (const series of ['EQ', 'BE', 'BZ', 'SM', 'ST', 'GB', 'GS', 'IV', 'T0']) expect(missing).not.toContain(series);
    expect([...listed].some((key) => /:N\d$/.test(key))).toBe(day === '2024-04-01');
  });

  it('is spelled as the exchange spells it, and says nothing of what trade-for-trade delivers', () => {
    const csv = deliveryCsv({ seed: 1, date: businessDate('2024-07-08') });
    const spelled =
      /^[A-Z0-9&-]+, [A-Z0-9]{2}, 08-Jul-2024, (\d+\.\d\d, ){4}(\d+\.\d\d)?, (\d+\.\d\d, ){2}\d+, \d+\.\d\d, \d+, (\d+, \d+\.\d\d|-, -)$/;
    const lines = csv.trimEnd().split('\n').slice(1);
    expect(lines.filter((line) => !spelled.test(line))).toEqual([]);
    expect(csv.endsWith('\n')).toBe(true);
    const keys = lines.map((line) => line.split(', ').slice(0, 2).join('\u0000'));
    expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
    for (const row of rowsOf(csv)) {
      expect(row[13] === '-').toBe(row[1] === 'BE' || row[1] === 'BZ');
      if (row[13] === '-') continue;
      expect(Number(row[13])).toBeGreaterThan(0);
      expect(Number(row[13])).toBeLessThanOrEqual(Number(row[10]));
      expect(Math.abs((Number(row[13]) * 100) / Number(row[10]) - Number(row[14]))).toBeLessThan(0.00501);
    }
  });

  it('is the same every time, and another for another seed', () => {
    const date = businessDate('2024-07-08');
    expect(deliveryCsv({ seed: 4, date })).toBe(deliveryCsv({ seed: 4, date }));
    expect(deliveryCsv({ seed: 4, date })).not.toBe(deliveryCsv({ seed: 5, date }));
    expect(() => deliveryCsv({ seed: 4, date: businessDate('2024-07-07') })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });

  it(
    existsSync(sample) ? "has the real file's header" : 'REAL FILE NOT CHECKED: ../shared/nse-samples is not there',
    () => {
      if (!existsSync(sample)) return;
      const real = unzipOne(readFileSync(sample)).text;
      const ours = deliveryCsv({ seed: 1, date: businessDate('2024-07-08') });
      expect(ours.slice(0, ours.indexOf('\n') + 1)).toBe(real.slice(0, real.indexOf('\n') + 1));
    },
  );
});
