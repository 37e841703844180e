import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { businessDate, isValidIsin, parseExchangeDate, TradingCalendar } from '@champion/core';
import { describe, expect, it } from 'vitest';
import { bhavcopyCsv } from '../bhavcopy/bhavcopy.ts';
import { nameChangeCsv, symbolChangeCsv } from './changes.ts';
import { equityListCsv } from './equity-list.ts';

const samples = fileURLToPath(new URL('../../../../../shared/nse-samples/', import.meta.url));
const calendar = new TradingCalendar();
const date = businessDate('2026-08-07');

function rowsOf(csv: string): string[][] {
  return csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
}

/** Symbol and ISIN of each share of the main board that traded. */
function traded(day: string): Map<string, string> {
  const rows = rowsOf(bhavcopyCsv({ seed: 1, date: businessDate(day), format: 'udiff_b' })).slice(1);
  return new Map(
    rows
      .filter((row) => ['EQ', 'BE', 'BZ'].includes(row[8] ?? '') && row[6]?.startsWith('INE'))
      .map((row) => [row[7] ?? '', row[6] ?? '']),
  );
}

describe('EQUITY_L', () => {
  it('lists what trades, under the symbol of the day', () => {
    for (const day of ['2024-07-08', '2026-08-07']) {
      const rows = rowsOf(equityListCsv({ seed: 1, date: businessDate(day) })).slice(1);
      const listed = new Map(rows.map((row) => [row[0], row]));
      expect(listed.size).toBe(rows.length);
      const unlisted = [...traded(day)].filter(([symbol, isin]) => listed.get(symbol)?.[6] !== isin);
      expect(unlisted.map(([symbol]) => symbol)).toEqual(['UMESLTD-RE']);
    }
  });

  it('is spelled as the exchange spells it', () => {
    const csv = equityListCsv({ seed: 1, date });
    const spelled = /^[A-Z0-9&-]{1,10},[^,]*[a-z][^,]*,(EQ|BE|BZ),\d\d-[A-Z]{3}-\d{4},(10|1|2|5),1,INE[A-Z0-9]{9},\2$/;
    const lines = csv.trimEnd().split('\n').slice(1);
    expect(lines.filter((line) => !spelled.test(line))).toEqual([]);
    expect(lines.length).toBeGreaterThan(2300);
    expect(lines.map((line) => line.split(',')[0])).toEqual(
      lines.map((line) => line.split(',')[0] ?? '').toSorted((a, b) => (a < b ? -1 : 1)),
    );
    for (const row of rowsOf(csv).slice(1)) {
      expect(isValidIsin(row[6] ?? '')).toBe(true);
      expect(calendar.isSession(parseExchangeDate(row[3] ?? '') ?? businessDate('1990-01-01'))).toBe(true);
    }
  });

  it('has a listing date before which the share does not trade, and grows by it', () => {
    const rows = rowsOf(equityListCsv({ seed: 1, date })).slice(1);
    const fresh = rows.filter((row) => (parseExchangeDate(row[3] ?? '') ?? '') >= '2026-01-01');
    expect(fresh.length).toBeGreaterThan(20);
    for (const row of fresh.slice(0, 5)) {
      const listed = parseExchangeDate(row[3] ?? '') ?? date;
      const eve = calendar.previousSession(listed);
      const isins = (day: string): string[] => [...traded(day).values()];
      expect(isins(eve)).not.toContain(row[6]);
      const first = calendar.sessions(listed, date).slice(0, 4);
      expect(first.some((day) => isins(day).includes(row[6] ?? ''))).toBe(true);
      expect(equityListCsv({ seed: 1, date: listed })).toContain(row[6]);
      expect(equityListCsv({ seed: 1, date: eve })).not.toContain(row[6]);
    }
  });
});

describe('symbol and name changes', () => {
  const rows = rowsOf(symbolChangeCsv({ seed: 1, date }));

  it('agree with the bhavcopy: the old symbol until the date, the new from then on, one ISIN', () => {
    const companies = rows.filter((row) => row[0] !== '' && !row[0]?.startsWith(' ') && row[1] !== row[2]);
    expect(rows.length).toBeGreaterThan(25);
    const recent = companies.filter((row) => (parseExchangeDate(row[3] ?? '') ?? '') >= '2024-01-05').slice(0, 6);
    expect(recent.length).toBeGreaterThan(3);
    for (const row of recent) {
      const on = parseExchangeDate(row[3] ?? '') ?? date;
      const [before, after] = [traded(calendar.previousSession(on)), traded(on)];
      expect(before.has(row[2] ?? '')).toBe(false);
      expect(after.has(row[1] ?? '')).toBe(false);
      expect(after.get(row[2] ?? '') ?? 'quiet').toBe(before.get(row[1] ?? '') ?? 'quiet');
    }
  });

  it('come by name, the nameless last, with the oddities of the real list', () => {
    const names = rows.map((row) => row[0] ?? '');
    expect(names.slice(0, -1)).toEqual(names.slice(0, -1).toSorted((a, b) => (a < b ? -1 : 1)));
    expect(names.at(-1)).toBe('');
    expect(names.filter((name) => name.startsWith(' ')).length).toBeGreaterThan(0);
    expect(rows.filter((row) => row[1] === row[2])).toHaveLength(1);
    expect(rows.every((row) => row.length === 4 && parseExchangeDate(row[3] ?? ''))).toBe(true);
  });

  it('grow by the day', () => {
    const earlier = new Set(
      rowsOf(symbolChangeCsv({ seed: 1, date: businessDate('2020-01-01') })).map((row) => row[2]),
    );
    expect(earlier.size).toBeGreaterThan(5);
    expect(earlier.size).toBeLessThan(rows.length);
  });

  it('name the new and the old company, the oldest change first', () => {
    const [header, ...names] = rowsOf(nameChangeCsv({ seed: 1, date }));
    expect(header).toEqual(['NCH_SYMBOL', ' NCH_PREV_NAME', ' NCH_NEW_NAME', ' NCH_DT']);
    const dates = names.map((row) => parseExchangeDate(row[3] ?? '') ?? '');
    expect(dates).toEqual(dates.toSorted());
    const listed = new Map(rowsOf(equityListCsv({ seed: 1, date })).map((row) => [row[0], row[1]]));
    const last = new Map(names.map((row) => [row[0], row[2]]));
    for (const [symbol, name] of last) expect(listed.get(symbol)).toBe(name);
    for (const row of names) expect(row[1]).not.toBe(row[2]);
  });
});

it(
  existsSync(samples) ? "have the real files' headers" : 'REAL FILES NOT CHECKED: ../shared/nse-samples is not there',
  () => {
    if (!existsSync(samples)) return;
    const real = readFileSync(`${samples}EQUITY_L_2026-08-08.csv`, 'utf8');
    expect(equityListCsv({ seed: 1, date }).split('\n')[0]).toBe(real.split('\n')[0]);
    const change = /^[^,]*,[^,]+,[^,]+,\d\d-[A-Z]{3}-\d{4}$/;
    for (const csv of [
      readFileSync(`${samples}symbolchange_2026-08-08.csv`, 'utf8'),
      symbolChangeCsv({ seed: 1, date }),
    ]) {
      expect(change.test(csv.split('\n')[0] ?? '')).toBe(true);
      expect(csv.endsWith('\n')).toBe(true);
    }
  },
);
