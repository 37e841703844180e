import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { businessDate, type Clock } from '@champion/core';
import { constituentsCsv, parseFault } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Market, openMarket } from './testing/market.ts';

// The site only has the latest session, so the clock goes from evening to evening.
let now = new Date('2026-10-29T20:00:00+05:30');
const clock: Clock = { now: () => new Date(now) };
const indices = ['NIFTY50', 'BANKNIFTY'];

let market: Market;
beforeAll(async () => {
  market = await openMarket({ clock });
});
afterAll(() => market?.close());
afterEach(() => market.simulator.setFaults([]));

const run = (parameters: Record<string, unknown> = {}) =>
  market.run('index-constituents-etl', { indices, ...parameters });
const fault = (...rules: string[]) => market.simulator.setFaults(rules.map(parseFault));
const members = (date: string) =>
  market.sql(
    `SELECT index_name, toUInt32(count()), any(source_format) FROM index_constituents WHERE trade_date = '${date}'
     GROUP BY index_name ORDER BY index_name`,
  );
const manifest = async (slice: string, date: string) =>
  (await market.stack.lake()).manifest.get(slice, businessDate(date));

describe('the members of the indices, from the exchange to rows that can be queried', () => {
  it('counts as the exchange counts, under the names people know', async () => {
    const ended = await run();
    expect(ended).toMatchObject({
      state: 'COMPLETED',
      result: { outcome: 'LOADED', trade_date: '2026-10-29', rows_loaded: 64, anomalies: [] },
    });
    expect(await members('2026-10-29')).toEqual([
      ['NIFTY 50', 50, 'json_b'],
      ['NIFTY BANK', 14, 'json_b'],
    ]);
    const engine = await market.stack.engine();
    const detail = await engine.runs.get(ended.id);
    expect(detail?.taskRuns.map(({ name, stateType }) => [name, stateType])).toEqual([
      ['scrape_index_constituents', 'COMPLETED'],
      ['parse_index_constituents', 'COMPLETED'],
      ['write_index_constituents_parquet', 'COMPLETED'],
      ['load_index_constituents_clickhouse', 'COMPLETED'],
    ]);
  });

  it('quotes the members as the bhavcopy of the day does', async () => {
    expect(await market.ingest({ trade_date: '2026-10-29' })).toMatchObject({ state: 'COMPLETED' });
    const apart = await market.sql(
      `SELECT c.symbol FROM index_constituents AS c
       LEFT JOIN equity_ohlc AS o ON o.trade_date = c.trade_date AND o.symbol = c.symbol AND o.series = c.series
       WHERE o.close != c.last OR o.isin != c.isin OR o.volume != c.volume OR o.symbol = ''`,
    );
    expect(apart).toEqual([]);
  });

  it('changes nothing when it runs again', async () => {
    const all = () => market.sql('SELECT event_id, ingest_time FROM index_constituents ORDER BY event_id');
    const before = await all();
    expect(await run()).toMatchObject({ state: 'COMPLETED', result: { revision: 1 } });
    expect(await all()).toEqual(before);
  });

  it('takes the published list where the site has no answer, and the next day compares with it', async () => {
    now = new Date('2026-10-30T20:00:00+05:30');
    fault('404 x1');
    const ended = await run();
    expect(ended).toMatchObject({ state: 'COMPLETED', result: { rows_loaded: 64 } });
    expect(await members('2026-10-30')).toEqual([
      ['NIFTY 50', 50, 'csv'],
      ['NIFTY BANK', 14, 'json_b'],
    ]);
    expect((await manifest('constituents.nifty-50', '2026-10-30'))?.metrics).toEqual({
      members: 50,
      members_added: 0,
      members_removed: 0,
    });
    expect(await market.sql('SELECT * FROM index_changes')).toEqual([]);
  });

  it('takes a list from disk', async () => {
    const file = join(market.home, 'ind_niftybanklist.csv');
    await writeFile(file, constituentsCsv({ seed: 1, date: businessDate('2026-10-28'), index: 'NIFTY BANK' }));
    const asked = market.simulator.requests.total;
    expect(await run({ trade_date: '2026-10-28', file })).toMatchObject({ state: 'COMPLETED' });
    expect(market.simulator.requests.total).toBe(asked);
    expect(await members('2026-10-28')).toEqual([['NIFTY BANK', 14, 'csv']]);
  });

  it('says NO_SESSION for a Sunday and asks nothing', async () => {
    const asked = market.simulator.requests.total;
    expect(await run({ trade_date: '2026-01-11' })).toMatchObject({ result: { outcome: 'NO_SESSION' } });
    expect(market.simulator.requests.total).toBe(asked);
  });
});

describe('faults of the exchange', () => {
  it.each([
    ['404', 'MISSING', /no NSE index constituents for 2026-11-02/],
    ['blocked', 'BLOCKED', /HTML page/],
    ['wrong-date', 'CORRUPT', /is of "30-Oct-2026/],
  ])('%s → %s', async (kind, code, message) => {
    now = new Date('2026-11-02T22:00:00+05:30');
    fault(kind);
    expect(await run()).toMatchObject({ state: 'FAILED', error: { code, message: expect.stringMatching(message) } });
    expect(await manifest('constituents.nifty-50', '2026-11-02')).toMatchObject({ outcome: code });
    expect(await members('2026-11-02')).toEqual([]);
  });

  it('of one index do not keep another out', async () => {
    fault('empty-object x1');
    const ended = await run();
    expect(ended).toMatchObject({ state: 'FAILED', error: { code: 'CORRUPT' } });
    expect(await members('2026-11-02')).toEqual([['NIFTY BANK', 14, 'json_b']]);
  });

  it('and when they clear, a plain run again succeeds', async () => {
    expect(await run()).toMatchObject({ state: 'COMPLETED' });
    expect(await members('2026-11-02')).toHaveLength(2);
  });

  it('refuses a past session, which the site does not have', async () => {
    const ended = await run({ trade_date: '2026-10-15' });
    expect(ended).toMatchObject({ state: 'FAILED', error: { code: 'CORRUPT' } });
    expect(ended.error?.hint).toContain('only has the latest');
  });
});
