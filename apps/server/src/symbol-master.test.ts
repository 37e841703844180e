import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { businessDate, fixedClock } from '@champion/core';
import { equityListCsv, parseFault } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Market, openMarket } from './testing/market.ts';

const clock = fixedClock('2026-10-30T22:00:00+05:30');
const date = businessDate('2026-10-30');

let market: Market;
beforeAll(async () => {
  market = await openMarket({ clock });
});
afterAll(() => market?.close());
afterEach(() => market.simulator.setFaults([]));

const run = (parameters: Record<string, unknown>) => market.run('symbol-master-etl', parameters);
const count = async (where = '1') =>
  Number((await market.sql(`SELECT count() FROM symbol_master WHERE ${where}`))[0]?.[0]);

describe('the symbol master', () => {
  it('is loaded, each row of EQUITY_L as one listed row, by the tasks that people know', async () => {
    const ended = await run({});
    expect(ended).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED', trade_date: date } });
    const { rows_in_file, rows_loaded } = ended.result as Record<string, unknown> as Record<string, number>;
    expect(await count(`status = 'listed'`)).toBe(rows_in_file);
    expect(await count()).toBe(rows_loaded);
    expect(rows_loaded).toBeGreaterThan(rows_in_file ?? 0);
    const detail = await (await market.stack.engine()).runs.get(ended.id);
    expect(detail?.taskRuns.map(({ name }) => name)).toEqual([
      'scrape_symbol_master',
      'parse_symbol_master',
      'normalize_symbol_master',
      'write_symbol_master',
      'load_symbol_master',
    ]);
  });

  it('has one symbol of a company on each day', async () => {
    const overlaps = await market.sql(
      `SELECT count() FROM symbol_master AS a JOIN symbol_master AS b ON a.symbol = b.symbol
       WHERE a.event_id < b.event_id AND ifNull(a.valid_from, toDate('1970-01-01')) < ifNull(b.valid_to, toDate('2149-01-01'))
         AND ifNull(b.valid_from, toDate('1970-01-01')) < ifNull(a.valid_to, toDate('2149-01-01'))`,
    );
    expect(Number(overlaps[0]?.[0])).toBe(0);
    expect(await count(`status = 'former' AND current_symbol != symbol AND isin IS NOT NULL`)).toBeGreaterThan(0);
  });

  it('joins to the bars under the symbol of their day', async () => {
    await market.ingest({ trade_date: date });
    const [unknown] = await market.sql(
      `SELECT count() FROM equity_ohlc WHERE trade_date = '${date}' AND series = 'EQ' AND startsWith(ifNull(isin, ''), 'INE')
         AND symbol NOT LIKE '%-RE' AND isin NOT IN (SELECT assumeNotNull(isin) FROM symbol_master WHERE isin IS NOT NULL)`,
    );
    expect(Number(unknown?.[0])).toBe(0);
  });

  it('changes nothing when it runs again', async () => {
    const read = () => market.sql('SELECT event_id, ingest_time, valid_to FROM symbol_master ORDER BY event_id');
    const before = await read();
    expect(await run({ trade_date: date })).toMatchObject({ state: 'COMPLETED', result: { revision: 1 } });
    expect(await read()).toEqual(before);
  });

  it('is loaded on a day without a session too, in place of the day before', async () => {
    const rows = await count();
    expect(await run({ trade_date: '2026-10-24' })).toMatchObject({ state: 'COMPLETED' });
    expect(await count()).toBe(rows);
    expect(await market.sql('SELECT DISTINCT as_of FROM symbol_master')).toEqual([['2026-10-24']]);
  });

  it('is taken from disk, without the lists of changes if need be, and says so', async () => {
    const file = join(market.home, 'EQUITY_L_2024-07-10.csv');
    await writeFile(file, equityListCsv({ seed: 1, date: businessDate('2024-07-10') }));
    const ended = await run({ trade_date: '2024-07-10', file });
    expect(ended).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED' } });
    const { anomalies } = ended.result as unknown as { anomalies: { rule: string }[] };
    expect(anomalies.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['list_missing', 'list_missing']));
    expect(await count(`status <> 'listed'`)).toBe(0);
  });

  it.each([
    ['404', 'MISSING'],
    ['blocked', 'BLOCKED'],
  ])('says %s as %s and keeps what it has', async (fault, code) => {
    const rows = await count();
    market.simulator.setFaults([parseFault(fault)]);
    expect(await run({ trade_date: '2026-10-22' })).toMatchObject({ state: 'FAILED', error: { code } });
    expect(await count()).toBe(rows);
  });
});
