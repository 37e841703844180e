import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BusinessDate, businessDate } from '@champion/core';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { runDataset } from '../../testing/run-dataset.ts';
import { dataset } from './definition.ts';

// Answers of the exchange, kept beside the checkout and never in it.
const samples = join(dirname(fileURLToPath(import.meta.url)), '../../../../../../shared/nse-samples');
const present = existsSync(samples);
if (!present) console.warn(`the exchange's sample files are not beside this checkout: their tests do not run`);

const read = (name: string) => readFileSync(join(samples, name), 'utf8');
const run = (content: string, index: string, date: BusinessDate, fileName: string) => {
  const [slice] = dataset.slices(date, { indices: [index] });
  const name = slice?.name ?? '';
  return runDataset(dataset, {
    date,
    fileName,
    slice: name,
    parameters: { indices: [index] },
    files: { [name]: content },
  });
};
const texts = (frame: pl.DataFrame, column: string) => frame.getColumn(column).cast(pl.String).toArray();

describe.skipIf(!present)('constituents that the exchange published', () => {
  it('PARTIAL_equity-stock-indices_NIFTYFIN_2026-05-20.json: the index and 2 of its 20 members, digits kept', async () => {
    const name = 'PARTIAL_equity-stock-indices_NIFTYFIN_2026-05-20.json';
    const found = await run(read(name), 'NIFTYFIN', businessDate('2026-05-20'), name);
    expect(found.parsed).toMatchObject({ format: 'json_a', rowsInFile: 2 });
    expect(found.quarantined).toEqual([]);
    expect(found.anomalies.map(({ rule, count }) => [rule, count])).toEqual([['member_count', 18]]);
    const { silver } = found;
    expect(texts(silver, 'symbol')).toEqual(['BSE', 'ICICIBANK']);
    expect(texts(silver, 'isin')).toEqual(['INE118H01025', 'INE090A01021']);
    expect(texts(silver, 'industry')).toEqual(['Exchange and Data Platform', 'Private Sector Bank']);
    expect(texts(silver, 'last')).toEqual(['4232.0000', '1236.5000']);
    expect(texts(silver, 'change_pct')).toEqual(['0.9800', '-0.3500']);
    expect(texts(silver, 'volume')).toEqual(['4697677', '14953103']);
    expect(texts(silver, 'turnover')).toEqual(['19693554542.6300', '18430297571.6200']);
    expect(texts(silver, 'ffmc')).toEqual(['1724520378224.5900', '8828432109463.4700']);
    expect(texts(silver, 'index_last')).toEqual(['25294.6000', '25294.6000']);
    expect(silver.select('event_time').toRecords()[0]?.event_time).toEqual(new Date('2026-05-20T10:30:00Z'));
  });

  it('benny_sample_listEquityStocksByIndex.json: cut to the index itself: refused, read once it has a member', async () => {
    const name = 'benny_sample_listEquityStocksByIndex.json';
    const date = businessDate('2026-05-27');
    await expect(run(read(name), 'NIFTY50', date, name)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('names no member of NIFTY 50'),
    });
    const answer = JSON.parse(read(name)) as { data: Record<string, unknown>[] };
    answer.data.push({ ...answer.data[0], symbol: 'BSE', priority: 0 });
    const { parsed, silver, anomalies } = await run(JSON.stringify(answer), 'NIFTY50', date, name);
    expect([parsed.format, silver.height]).toEqual(['json_b', 1]);
    expect(silver.getColumn('ffmc').nullCount()).toBe(1);
    expect(texts(silver, 'index_open')).toEqual(['23880.3500']);
    expect(anomalies.map(({ rule }) => rule)).toEqual(['member_count', 'before_close']);
  });

  it('PARTIAL_ind_nifty50list_2026-08-01.csv: 10 rows of the list', async () => {
    const name = 'PARTIAL_ind_nifty50list_2026-08-01.csv';
    const found = await run(read(name), 'NIFTY 50', businessDate('2026-07-31'), name);
    expect([found.parsed.format, found.parsed.rowsInFile, found.silver.height]).toEqual(['csv', 10, 10]);
    expect(found.quarantined).toEqual([]);
    expect(texts(found.silver, 'symbol')).toContain('RELIANCE');
    expect(found.anomalies.map(({ rule, count }) => [rule, count])).toEqual([
      ['member_count', 40],
      ['undated_list', 1],
    ]);
  });

  it('ind_nifty50list_noheader_2023.csv: 50 rows, refused without the header that someone cut off', async () => {
    const name = 'ind_nifty50list_noheader_2023.csv';
    const date = businessDate('2023-05-19');
    await expect(run(read(name), 'NIFTY 50', date, name)).rejects.toMatchObject({ code: 'CORRUPT' });
    const whole = `Company Name,Industry,Symbol,Series,ISIN Code\n${read(name)}`;
    const found = await run(whole, 'NIFTY 50', date, name);
    expect([found.parsed.rowsInFile, found.silver.height, found.quarantined]).toEqual([50, 50, []]);
    expect(found.anomalies.map(({ rule }) => rule)).toEqual(['undated_list']);
    // M&M as whoever saved it wrote it.
    expect(texts(found.silver, 'symbol')).toContain('M_M');
  });
});
