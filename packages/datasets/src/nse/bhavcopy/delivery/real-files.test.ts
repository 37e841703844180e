import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BusinessDate, businessDate } from '@champion/core';
import { readSingleMember } from '@champion/exchange';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { runDataset } from '../../../testing/run-dataset.ts';
import { dataset as bhavcopy } from '../definition.ts';
import { dateOfDeliveryName, readDelivery } from './read-delivery.ts';

// Files that the exchange published, kept beside the checkout and never in it.
const samples = join(dirname(fileURLToPath(import.meta.url)), '../../../../../../../shared/nse-samples');
const present = existsSync(samples);
const names = present ? readdirSync(samples).sort() : [];
const files = names.filter((name) => dateOfDeliveryName(name) !== undefined);
const resaved = names.filter((name) => name.startsWith('secbhav_EQonly_resaved_'));

if (!present) console.warn(`the exchange's sample files are not beside this checkout: their tests do not run`);

const load = (name: string) => readFileSync(join(samples, name));

/** The published file read by the simplest means there are, as the other side of each comparison. */
async function published(name: string) {
  const { bytes } = await readSingleMember(load(name), { fileName: name });
  const [header = '', ...lines] = Buffer.from(bytes).toString('utf8').trimEnd().split('\n');
  const columns = header.split(',').map((column) => column.trim());
  return lines.map((line) => {
    const values = line.split(',').map((value) => value.trim());
    return Object.fromEntries(columns.map((column, i) => [column, values[i] ?? '']));
  });
}

function printed(frame: pl.DataFrame, ...columns: string[]): Record<string, string | null>[] {
  return frame.select(...columns.map((column) => pl.col(column).cast(pl.String))).toRecords() as Record<
    string,
    string | null
  >[];
}

const places = (text: string | undefined) => (text === undefined || text === '-' ? null : Number(text).toFixed(4));

describe.skipIf(!present)('delivery files that the exchange published', () => {
  it('has 12 of them, and 16 that others saved again', () => {
    expect([files.length, resaved.length]).toEqual([12, 16]);
  });

  // Rows, and how many of them print "-" for the delivery (series BE and BZ only).
  it.each<[string, number, number]>([
    ['sec_bhavdata_full_01042024.csv.repacked.zip', 2669, 339],
    ['sec_bhavdata_full_01072024.csv.repacked.zip', 2638, 302],
    ['sec_bhavdata_full_04062024.csv.repacked.zip', 2572, 261],
    ['sec_bhavdata_full_05072024.csv.repacked.zip', 2615, 278],
    ['sec_bhavdata_full_08072024.csv.repacked.zip', 2637, 311],
    // Its keeper added 33 rows of indices, of a made-up series INDEX, with "-" for what an index does not have.
    ['sec_bhavdata_full_09012023.csv.repacked.zip', 2471, 158],
    ['sec_bhavdata_full_09072024.csv.repacked.zip', 2610, 275],
    ['sec_bhavdata_full_16122025.csv.repacked.zip', 3063, 147],
    ['sec_bhavdata_full_17052024.csv.repacked.zip', 2546, 283],
    ['sec_bhavdata_full_17122025.csv.repacked.zip', 3073, 146],
    ['sec_bhavdata_full_18122025.csv.repacked.zip', 3061, 145],
    ['sec_bhavdata_full_19092024.csv.repacked.zip', 2694, 398],
  ])('%s: %i rows are read, %i of them without delivery', async (name, rows, unsaid) => {
    const { bronze, quarantined } = await readDelivery(
      { bytes: load(name), fileName: name },
      dateOfDeliveryName(name) as BusinessDate,
    );
    expect(quarantined).toEqual([]);
    expect(bronze.height).toBe(rows);
    expect(bronze.getColumn('DELIV_QTY').nullCount()).toBe(unsaid);
    expect(bronze.getColumn('DELIV_PER').nullCount()).toBe(unsaid);
    const expected = await published(name);
    expect(printed(bronze, 'SYMBOL', 'SERIES', 'DELIV_QTY', 'DELIV_PER')).toEqual(
      expected.map(({ SYMBOL, SERIES, DELIV_QTY, DELIV_PER }) => ({
        SYMBOL,
        SERIES,
        DELIV_QTY: DELIV_QTY === '-' ? null : DELIV_QTY,
        DELIV_PER: places(DELIV_PER),
      })),
    );
  });

  // Bars and delivery rows of the day; the bars without a delivery row are bonds, bills and state loans.
  it.each<[string, string, number, number]>([
    ['2024-04-01', 'BhavCopy_NSE_CM_0_0_0_20240401_F_0000.csv.zip', 2669, 77],
    ['2024-04-01', 'cm01APR2024bhav.csv.zip', 2669, 77],
    ['2024-07-01', 'BhavCopy_NSE_CM_0_0_0_20240701_F_0000.csv.zip', 2638, 199],
    ['2024-07-01', 'cm01JUL2024bhav.csv.zip', 2638, 199],
    ['2024-07-05', 'cm05JUL2024bhav.csv.zip', 2615, 160],
    ['2024-07-08', 'BhavCopy_NSE_CM_0_0_0_20240708_F_0000.csv.zip', 2637, 178],
    ['2024-07-09', 'BhavCopy_NSE_CM_0_0_0_20240709_F_0000.csv.zip', 2610, 185],
    ['2024-09-19', 'BhavCopy_NSE_CM_0_0_0_20240919_F_0000.csv.zip', 2694, 179],
  ])('%s with %s: %i rows joined, %i bars unresolved, none orphaned', async (day, name, joined, unresolved) => {
    const date = businessDate(day);
    const delivery = files.find((file) => dateOfDeliveryName(file) === date) ?? '';
    const { silver, metrics, quarantined, anomalies } = await runDataset(bhavcopy, {
      date,
      files: { bhavcopy: load(name), delivery: load(delivery) },
    });
    expect(metrics).toEqual({
      delivery_rows: joined,
      delivery_joined: joined,
      delivery_unresolved: unresolved,
      delivery_orphaned: 0,
      delivery_quarantined: 0,
    });
    expect(silver.height).toBe(joined + unresolved);
    expect(quarantined).toEqual([]);
    // Each joined row's traded quantity and close are the bar's: nothing is reported, and nothing is there to report.
    expect(anomalies.filter(({ rule }) => rule.startsWith('delivery'))).toEqual([]);
    const rows = await published(delivery);
    const bars = new Map(
      printed(silver, 'symbol', 'series', 'volume', 'close', 'delivery_qty', 'delivery_pct').map((bar) => [
        `${bar.symbol}:${bar.series}`,
        [bar.volume, bar.close, bar.delivery_qty, bar.delivery_pct],
      ]),
    );
    const expected = rows.map(({ SYMBOL, SERIES, TTL_TRD_QNTY, CLOSE_PRICE, DELIV_QTY, DELIV_PER }) => [
      `${SYMBOL}:${SERIES}`,
      [TTL_TRD_QNTY, places(CLOSE_PRICE), DELIV_QTY === '-' ? null : DELIV_QTY, places(DELIV_PER)],
    ]);
    expect(expected.map(([key]) => [key, bars.get(String(key))])).toEqual(expected);
    for (const [key] of expected) bars.delete(String(key));
    expect([...bars.values()].filter(([, , quantity, percent]) => quantity !== null || percent !== null)).toEqual([]);
  });

  it('ignores the session before under the name of the next: bars of 2024-07-09 with the file of 2024-07-08', async () => {
    const { silver, metrics, anomalies } = await runDataset(bhavcopy, {
      date: businessDate('2024-07-09'),
      files: {
        bhavcopy: load('BhavCopy_NSE_CM_0_0_0_20240709_F_0000.csv.zip'),
        delivery: load('sec_bhavdata_full_08072024.csv.repacked.zip'),
      },
    });
    const [ignored, ...others] = anomalies.filter(({ rule }) => rule.startsWith('delivery'));
    expect(ignored).toMatchObject({ rule: 'delivery_other_session', count: 1 });
    expect(ignored?.message).toContain('holds 2024-07-08 (2637 rows)');
    expect(others).toEqual([]);
    expect(silver.height).toBe(2795);
    expect(silver.getColumn('delivery_qty').nullCount()).toBe(2795);
    expect(metrics).toMatchObject({ delivery_rows: 0, delivery_joined: 0, delivery_unresolved: 2795 });
  });

  // Saved again by others: some spaces lost, EQ alone. Their content is read; their names are not the exchange's, so the
  // importer does not take them for a day's file.
  it.each(resaved)('%s: every row is read, though the name is not the exchange’s', async (name) => {
    expect(bhavcopy.recognise(name)).toBeUndefined();
    const date = businessDate(name.slice('secbhav_EQonly_resaved_'.length, -'.csv.repacked.zip'.length));
    const { bronze, quarantined } = await readDelivery({ bytes: load(name), fileName: name }, date);
    const rows = await published(name);
    expect(quarantined).toEqual([]);
    expect(printed(bronze, 'SYMBOL', 'DELIV_QTY')).toEqual(
      rows.map(({ SYMBOL, DELIV_QTY }) => ({ SYMBOL, DELIV_QTY })),
    );
    expect(new Set(bronze.getColumn('SERIES').toArray())).toEqual(new Set(['EQ']));
  });
});
