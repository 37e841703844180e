import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BusinessDate, businessDate } from '@champion/core';
import { readSingleMember } from '@champion/exchange';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { runDataset } from '../../testing/run-dataset.ts';
import { dataset } from './definition.ts';
import { chainInputs } from './requests.ts';

// Answers of the exchange, kept beside the checkout and never in it.
const samples = join(dirname(fileURLToPath(import.meta.url)), '../../../../../../shared/nse-samples');
const present = existsSync(samples);
if (!present) console.warn(`the exchange's sample files are not beside this checkout: their tests do not run`);

const main = 'option-chain.nifty';
const read = (name: string) => readFileSync(join(samples, name));
const run = (bytes: Uint8Array | string, date: BusinessDate, fileName: string) =>
  runDataset(dataset, { date, fileName, slice: main, files: { [main]: bytes } });

type Side = Record<string, number | string> | undefined;
interface Chain {
  readonly records: { readonly data: readonly { CE?: Side; PE?: Side }[] };
}

/** Sum of a field over all legs, in the plainest way there is. */
function published(json: string, field: string): number {
  const { records } = JSON.parse(json) as Chain;
  return records.data.reduce((sum, { CE, PE }) => sum + Number(CE?.[field] ?? 0) + Number(PE?.[field] ?? 0), 0);
}
const sum = (frame: pl.DataFrame, column: string) =>
  (frame.getColumn(column).cast(pl.Float64).toArray() as number[]).reduce((total, value) => total + value, 0);

describe.skipIf(!present)('option chains that the exchange published', () => {
  it.each([
    // Whole v2 chains; the exchange's own totals of the nearest expiry are those of its legs.
    ['option-chain-indices_NIFTY_2019-08.json.repacked.zip', '2019-08-23', 1807, 21, '2019-08-23 15:30:00', 1509, []],
    // A leg's own value of the underlying is 0 in nine legs, and openInterest has thirds.
    ['option-chain-indices_NIFTY_2025-08-05.json.repacked.zip', '2025-08-05', 1346, 18, '2025-08-05 13:59:23', 619, []],
  ] as const)('%s', async (name, day, legs, expiries, time, unquoted, rules) => {
    const found = await run(read(name), businessDate(day), name);
    const json = Buffer.from((await readSingleMember(read(name), { fileName: name })).bytes).toString('utf8');
    expect(found.parsed).toMatchObject({ format: 'v2', rowsInFile: legs });
    expect(found.quarantined).toEqual([]);
    expect(found.anomalies.map(({ rule }) => rule)).toEqual(rules);
    expect(found.silver.height).toBe(legs);
    expect(found.metrics).toMatchObject({ legs, expiries });
    expect(found.parsed.snapshot?.scope).toEqual({ symbol: 'NIFTY', snapshot_time: time });
    expect(found.silver.getColumn('iv').nullCount()).toBe(unquoted);
    expect(sum(found.silver, 'volume')).toBe(published(json, 'totalTradedVolume'));
    expect(sum(found.silver, 'strike')).toBe(published(json, 'strikePrice'));
    expect(sum(found.silver, 'open_interest')).toBeCloseTo(published(json, 'openInterest'), 1);
    expect(dataset.recognise(name)).toMatchObject({ slice: main, extension: 'json.zip' });
  });

  it('benny_sample_optionChain.json: v2 cut to one row and without its time: refused, read once it has one', async () => {
    const name = 'benny_sample_optionChain.json';
    await expect(run(read(name), businessDate('2023-10-17'), name)).rejects.toMatchObject({ code: 'CORRUPT' });
    const chain = JSON.parse(read(name).toString('utf8')) as Chain;
    const records = { ...chain.records, timestamp: '17-Oct-2023 15:30:00' };
    const { silver, parsed, metrics } = await run(JSON.stringify({ records }), businessDate('2023-10-17'), name);
    expect([parsed.format, silver.height]).toEqual(['v2', 2]);
    expect(silver.getColumn('open_interest').cast(pl.String).toArray()).toEqual(['141.0000', '41.5000']);
    expect(silver.getColumn('underlying_value').cast(pl.String).toArray()).toEqual(['19731.7500', '19731.7500']);
    expect(metrics).toMatchObject({ legs: 2, legs_absent: 0, nearest_put_call_ratio: 0.2943 });
  });

  it('PARTIAL_option-chain-v3_NIFTY_2026-05-20.json: 4 of about 145 strikes of v3', async () => {
    const name = 'PARTIAL_option-chain-v3_NIFTY_2026-05-20.json';
    const date = businessDate('2026-05-20');
    const alone = await run(read(name), date, name);
    expect([alone.parsed.format, alone.silver.height, alone.quarantined, alone.anomalies]).toEqual(['v3', 8, [], []]);
    expect(alone.parsed.snapshot?.scope.snapshot_time).toBe('2026-05-20 14:34:42');
    expect(alone.silver.getColumn('iv').nullCount()).toBe(2);
    // As it comes by the flow, its totals show that strikes are missing.
    const info = '{"expiryDates":["26-May-2026"],"strikePrice":[]}';
    const files = { [main]: info, [`${main}.2026-05-26`]: read(name) };
    const followed = await runDataset(dataset, { date, slice: main, files });
    expect(followed.silver.height).toBe(8);
    expect(followed.anomalies.map(({ rule, count }) => [rule, count])).toEqual([['total_mismatch', 2]]);
  });

  it('PARTIAL_option-chain-contract-info_NIFTY_2026-09-11.json: leads to the nearest three of 18 expiries', () => {
    const fileName = 'PARTIAL_option-chain-contract-info_NIFTY_2026-09-11.json';
    const inputs = (expiries: number) =>
      chainInputs({ bytes: read(fileName), fileName }, 'NIFTY', businessDate('2026-09-11'), expiries);
    expect(inputs(3).map(({ requests }) => requests[0]?.parameters?.expiry)).toEqual([
      '15-Sep-2026',
      '22-Sep-2026',
      '29-Sep-2026',
    ]);
    expect(inputs(30)).toHaveLength(18);
  });
});
