import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BusinessDate,
  businessDate,
  formatDecimal,
  parseDecimal,
  parseExchangeDate,
  type Slice,
} from '@champion/core';
import { readSingleMember } from '@champion/exchange';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { runDataset } from '../../testing/run-dataset.ts';
import { bronzeFrame, readNumbers } from './bronze.ts';
import { dataset } from './definition.ts';
import type { SliceName } from './kinds.ts';
import { sessionsOfDeals } from './parse.ts';
import { readDealsList } from './read-list.ts';

// Files that the exchange published, kept beside the checkout and never in it.
const samples = join(dirname(fileURLToPath(import.meta.url)), '../../../../../../shared/nse-samples');
const present = existsSync(samples);
if (!present) console.warn(`the exchange's sample files are not beside this checkout: their tests do not run`);

const bytesOf = (name: string) => readFileSync(join(samples, name));
const run = (name: string, slice: SliceName, date: BusinessDate) =>
  runDataset(dataset, { date, slice, fileName: name, files: { [slice]: bytesOf(name) } });
const texts = (frame: pl.DataFrame, column: string) =>
  frame.getColumn(column).cast(pl.String).toArray() as (string | null)[];
const sum = (values: readonly (string | null)[], scale: number) =>
  values.reduce((total, value) => total + (parseDecimal((value ?? '').replaceAll(',', ''), scale) ?? 0n), 0n);

/** The cells of a published CSV by the simplest means there are, as the other side of each comparison. */
function cellsOf(csv: string): string[][] {
  const [, ...lines] = csv.replace('\ufeff', '').split('\n').filter(Boolean);
  return lines.map((line) => (line.startsWith('"') ? line.slice(1, -1).split('","') : line.split(',')));
}

describe.skipIf(!present)('lists of deals that the exchange published', () => {
  it.each<[name: string, date: string, rows: number]>([
    ['bulk_08092021.csv', '2021-09-08', 65],
    ['bulk_16122025.csv', '2025-12-16', 104],
    ['block_16122025.csv', '2025-12-16', 7],
    ['bulk_17122025.csv', '2025-12-17', 187],
    ['bulk_18122025.csv', '2025-12-18', 146],
    ['bulk_21082026.csv', '2026-08-21', 127],
    ['bulk_captured_20240402.csv', '2024-04-02', 50],
    ['bulk_captured_20240403.csv', '2024-04-03', 85],
    ['bulk_captured_20240705.csv', '2024-07-05', 170],
    ['bulk_captured_20240708.csv', '2024-07-08', 108],
    ['block_captured_20240708.csv', '2024-07-08', 8],
    ['bulk_captured_20240919.csv', '2024-09-19', 109],
  ])('%s: the day its name says, every row, the same digits', async (name, day, rows) => {
    const recognised = dataset.recognise(name);
    expect(recognised?.date).toBe(day);
    const { parsed, silver, quarantined, anomalies } = await run(
      name,
      recognised?.slice as SliceName,
      businessDate(day),
    );
    expect(parsed).toMatchObject({ format: 'archive_csv', rowsInFile: rows });
    expect(quarantined).toEqual([]);
    expect(anomalies).toEqual([]);
    const cells = cellsOf(bytesOf(name).toString('utf8'));
    expect(silver.height).toBe(rows);
    expect(texts(silver, 'symbol')).toEqual(cells.map((row) => row[1]));
    expect(texts(silver, 'client_name_printed')).toEqual(cells.map((row) => row[3]));
    expect(texts(silver, 'client_name')).toEqual(cells.map((row) => row[3]?.trim().replace(/ +/g, ' ')));
    expect(texts(silver, 'side')).toEqual(cells.map((row) => row[4]));
    expect(texts(silver, 'quantity')).toEqual(cells.map((row) => row[5]));
    expect(texts(silver, 'price')).toEqual(cells.map((row) => `${row[6]}00`));
    expect(texts(silver, 'value')).toEqual(
      cells.map((row) => formatDecimal(BigInt(row[5] ?? '') * (parseDecimal(row[6] ?? '', 4) ?? 0n), 4)),
    );
    expect(new Set(texts(silver, 'remarks'))).toEqual(new Set([null]));
    expect(new Set(texts(silver, 'event_id')).size).toBe(rows);
  });

  // The rolling files were kept under the day they were looked at, and held another's.
  it.each<[name: string, date: string, rows: number, repeated: number]>([
    ['bulk_captured_20240401.csv', '2024-04-02', 50, 0],
    ['bulk_captured_20240709.csv', '2024-07-10', 122, 0],
    ['block_captured_20240709.csv', '2024-07-10', 37, 2],
    ['bulk_captured_20240918.csv', '2024-09-19', 109, 0],
  ])('%s: refused for the day of its name, read as %s', async (name, day, rows, repeated) => {
    const recognised = dataset.recognise(name);
    const slice = recognised?.slice as SliceName;
    await expect(run(name, slice, recognised?.date as BusinessDate)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(`${day} (${rows} rows)`),
    });
    expect(await sessionsOfDeals({ bytes: bytesOf(name), fileName: name })).toEqual([day]);
    const { silver, quarantined, metrics, anomalies } = await run(name, slice, businessDate(day));
    expect([silver.height, quarantined.length, metrics?.repeated_legs]).toEqual([rows, 0, repeated]);
    expect(anomalies).toEqual([]);
    expect(new Set(texts(silver, 'event_id')).size).toBe(rows);
  });

  it.each([
    'block_17122025.csv',
    'block_18122025.csv',
    'block_captured_20240401.csv',
    'block_captured_20240402.csv',
    'block_captured_20240403.csv',
    'block_captured_20240705.csv',
    'block_captured_20240918.csv',
    'block_captured_20240919.csv',
  ])('%s: NO RECORDS, a day without block deals', async (name) => {
    const { parsed, silver, quarantined, anomalies } = await run(
      name,
      'block-deals',
      dataset.recognise(name)?.date as BusinessDate,
    );
    expect([parsed.rowsInFile, silver.height, quarantined, anomalies]).toEqual([0, 0, [], []]);
  });

  it.each<[name: string, slice: SliceName, date: string, anomalies: string[], row: Record<string, string | null>]>([
    [
      'bulk-block-short-deals_block_2026-09-04.json',
      'block-deals',
      '2026-09-04',
      [],
      { symbol: 'NXST', side: 'SELL', quantity: '7495149', price: '164.0000', value: '1229204436.0000', remarks: null },
    ],
    [
      'PARTIAL_bulk-block-short-deals_bulk_2026-09-04.json',
      'bulk-deals',
      '2026-09-04',
      [],
      {
        symbol: 'AARADHYA',
        side: 'SELL',
        quantity: '350400',
        price: '105.0500',
        value: '36809520.0000',
        remarks: null,
      },
    ],
    [
      'benny_sample_bulkdeals-bulk_deals.json',
      'bulk-deals',
      '2025-12-01',
      [],
      { symbol: 'ASTEC', side: 'BUY', quantity: '108709', price: '826.1500', value: '89809940.3500', remarks: null },
    ],
    [
      // One row of the day's list: the other side of the deal is not there.
      'benny_sample_bulkdeals-block_deals.json',
      'block-deals',
      '2025-12-01',
      ['sides_differ'],
      {
        symbol: 'OILCOUNTUB',
        side: 'SELL',
        quantity: '4940000',
        price: '65.3000',
        value: '322582000.0000',
        remarks: null,
      },
    ],
    [
      'benny_sample_bulkdeals-short_selling.json',
      'short-selling',
      '2025-12-01',
      [],
      {
        symbol: '63MOONS',
        security_name: '63 MOONS TECHNOLOGIES LTD',
        client_name: null,
        client_name_printed: null,
        side: null,
        quantity: '600',
        price: null,
        value: null,
        remarks: null,
      },
    ],
  ])('%s: the API in JSON', async (name, slice, day, rules, row) => {
    const { parsed, silver, quarantined, anomalies } = await run(name, slice, businessDate(day));
    expect(parsed.format).toBe('api_json');
    expect(quarantined).toEqual([]);
    expect(silver.height).toBe(
      (
        bytesOf(name)
          .toString('utf8')
          .match(/_SYMBOL"/g) ?? []
      ).length,
    );
    expect(anomalies.map(({ rule }) => rule)).toEqual(rules);
    expect(Object.fromEntries(Object.keys(row).map((column) => [column, texts(silver, column)[0]]))).toEqual(row);
    expect(new Set(texts(silver, 'trade_date'))).toEqual(new Set([day]));
  });

  describe('Bulk-Deals-24-04-2025-to-24-04-2026.csv.repacked.zip, a year in one file', () => {
    const name = 'Bulk-Deals-24-04-2025-to-24-04-2026.csv.repacked.zip';
    const file = () => ({ bytes: bytesOf(name), fileName: name });

    it('is of no one session', async () => {
      expect(dataset.recognise(name)).toEqual({
        date: undefined,
        slice: 'bulk-deals',
        input: 'bulk-deals',
        extension: 'csv.zip',
      });
      const sessions = await sessionsOfDeals(file());
      expect(sessions).toHaveLength(248);
      expect([sessions[0], sessions.at(-1)]).toEqual(['2025-04-24', '2026-04-23']);
      // The budget session, a Sunday.
      expect(sessions).toContain('2026-02-01');
    });

    it('gives all of its 21,901 rows, none quarantined, the same sums, each with an id of its own', async () => {
      const list = await readDealsList(file(), 'BULK');
      const { rows, malformed } = readNumbers(list.rows);
      expect([list.format, list.malformed, malformed]).toEqual(['api_csv', [], []]);
      const [slice] = dataset.slices(businessDate('2026-04-23'), {});
      const { silver, quarantined, metrics } = dataset.normalize({
        slice: slice as Slice,
        bronze: { 'bulk-deals': bronzeFrame(rows) },
        format: list.format,
        date: businessDate('2026-04-23'),
        source: 'test',
        ingestTime: new Date('2026-04-24T00:00:00Z'),
        snapshot: undefined,
        previous: undefined,
        latestSnapshot: undefined,
        recentRowCounts: [],
      });
      const { bytes } = await readSingleMember(bytesOf(name), { fileName: name });
      const cells = cellsOf(Buffer.from(bytes).toString('utf8'));
      const column = (at: number) => cells.map((row) => row[at] ?? '');
      expect(quarantined).toEqual([]);
      expect(silver.height).toBe(21_901);
      expect(texts(silver, 'trade_date')).toEqual(column(0).map(parseExchangeDate));
      expect(sum(texts(silver, 'quantity'), 0)).toBe(sum(column(5), 0));
      expect(sum(texts(silver, 'price'), 4)).toBe(sum(column(6), 4));
      expect(sum(texts(silver, 'value'), 4)).toBe(
        cells.reduce((total, row) => total + sum([row[5] ?? ''], 0) * sum([row[6] ?? ''], 4), 0n),
      );
      expect(new Set(texts(silver, 'event_id')).size).toBe(21_901);
      // Two rows stand there twice to the letter; one more differs in a space after the client's name.
      const again = texts(silver, 'occurrence').flatMap((occurrence, i) =>
        occurrence === '1' ? [] : [`${texts(silver, 'symbol')[i]} ${occurrence}`],
      );
      expect(metrics?.repeated_legs).toBe(3);
      expect(again).toEqual(['GEOJITFSL 2', 'INNOVISION 2', 'PRABHA-RE 2']);
    });

    it('gives the rows of a session, and with all sessions all rows', async () => {
      const counts = new Map<string, number>();
      for (const { date } of (await readDealsList(file(), 'BULK')).rows) {
        counts.set(date ?? '', (counts.get(date ?? '') ?? 0) + 1);
      }
      const sessions = await sessionsOfDeals(file());
      expect([...counts.keys()].sort()).toEqual(sessions);
      // Each session reads the year again: a few of them by default, all in the long run.
      const step = Number(process.env.CHAMPION_TEST_RUNS ?? 300) > 300 ? 1 : 40;
      for (const date of [...sessions.filter((_, i) => i % step === 0), businessDate('2026-02-01')]) {
        const { parsed, silver, quarantined } = await run(name, 'bulk-deals', date);
        expect([parsed.rowsInFile, silver.height, quarantined]).toEqual([counts.get(date), counts.get(date), []]);
        expect(new Set(texts(silver, 'trade_date'))).toEqual(new Set([date]));
      }
    }, 120_000);

    it('gives the ids of the day files of the same sessions', async () => {
      for (const [daily, day] of [
        ['bulk_16122025.csv', '2025-12-16'],
        ['bulk_17122025.csv', '2025-12-17'],
        ['bulk_18122025.csv', '2025-12-18'],
      ] as const) {
        const date = businessDate(day);
        const year = await run(name, 'bulk-deals', date);
        const one = await run(daily, 'bulk-deals', date);
        expect(texts(year.silver, 'event_id').sort()).toEqual(texts(one.silver, 'event_id').sort());
      }
    });

    it('has no deal on 2026-04-24, its last day, and knows nothing of the day after', async () => {
      const last = await run(name, 'bulk-deals', businessDate('2026-04-24'));
      expect(last.silver.height).toBe(0);
      await expect(run(name, 'bulk-deals', businessDate('2026-04-25'))).rejects.toMatchObject({ code: 'CORRUPT' });
    });
  });
});
