import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { businessDate, type Clock } from '@champion/core';
import { optionChainJson, parseFault } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Market, openMarket } from './testing/market.ts';

// The chain is of the moment, so the clock goes on.
let now = new Date('2026-10-30T10:00:00+05:30');
const clock: Clock = { now: () => new Date(now) };
const session = businessDate('2026-10-30');
const symbols = ['NIFTY', 'M&M'];

let market: Market;
beforeAll(async () => {
  market = await openMarket({ clock });
});
afterAll(() => market?.close());
afterEach(() => market.simulator.setFaults([]));

const run = (parameters: Record<string, unknown> = {}) =>
  market.run('option-chain-etl', { symbols, expiries: 2, ...parameters });
const fault = (...rules: string[]) => market.simulator.setFaults(rules.map(parseFault));
const snapshots = () =>
  market.sql(
    `SELECT toString(toTimeZone(snapshot_time, 'Asia/Kolkata')), toUInt32(uniqExact(expiry)), toUInt32(count())
     FROM option_chain WHERE symbol = 'NIFTY' GROUP BY snapshot_time ORDER BY snapshot_time`,
  );
const all = () => market.sql('SELECT event_id, ingest_time, source FROM option_chain ORDER BY event_id');

describe('option chains, from the exchange to rows that can be queried', () => {
  it('loads a snapshot of each symbol under the names people know', async () => {
    const ended = await run();
    expect(ended).toMatchObject({
      state: 'COMPLETED',
      result: { outcome: 'LOADED', source_format: 'v3', anomalies: [] },
    });
    const { rows_in_file, rows_loaded } = ended.result as { rows_in_file: number; rows_loaded: number };
    expect(rows_loaded).toBe(rows_in_file);
    expect(await market.sql('SELECT toUInt32(count()), arraySort(groupUniqArray(symbol)) FROM option_chain')).toEqual([
      [rows_loaded, ['M&M', 'NIFTY']],
    ]);
    expect(await snapshots()).toEqual([
      [expect.stringMatching(/^2026-10-30 (09:59|10:00):\d\d\.000$/), 2, expect.any(Number)],
    ]);
    const engine = await market.stack.engine();
    const detail = await engine.runs.get(ended.id);
    expect(detail?.taskRuns.map(({ name, stateType }) => [name, stateType])).toEqual([
      ['scrape_option_chain', 'COMPLETED'],
      ['parse_option_chain', 'COMPLETED'],
      ['write_option_chain_parquet', 'COMPLETED'],
      ['load_option_chain_clickhouse', 'COMPLETED'],
    ]);
  });

  it('changes nothing when the exchange shows the same snapshot again', async () => {
    const before = await all();
    expect(await run()).toMatchObject({ state: 'COMPLETED' });
    expect(await all()).toEqual(before);
  });

  it('puts each later snapshot beside the earlier ones, up to the closing one', async () => {
    now = new Date('2026-10-30T12:30:00+05:30');
    expect(await run()).toMatchObject({ state: 'COMPLETED' });
    now = new Date('2026-10-30T15:50:00+05:30');
    expect(await run()).toMatchObject({ state: 'COMPLETED' });
    const times = (await snapshots()).map(([time]) => String(time));
    expect(times).toHaveLength(3);
    expect(times.at(-1)).toBe('2026-10-30 15:40:00.000');
    const files = await readdir(join(market.home, 'lake/silver/option_chain/trade_date=2026-10-30'));
    expect(files.filter((name) => name.startsWith('option-chain.nifty.'))).toHaveLength(3);
  });

  it('summarises each expiry', async () => {
    const rows = await market.sql(
      `SELECT put_call_ratio, max_pain, atm_strike, atm_iv, underlying FROM option_summary WHERE symbol = 'NIFTY'`,
    );
    expect(rows).toHaveLength(6);
    for (const [ratio, pain, strike, iv, underlying] of rows.map((row) => row.map(Number))) {
      expect(ratio).toBeGreaterThan(0);
      expect(iv).toBeGreaterThan(5);
      expect(Math.abs((strike ?? 0) - (underlying ?? 0))).toBeLessThanOrEqual(25);
      expect(Math.abs((pain ?? 0) / (underlying ?? 1) - 1)).toBeLessThan(0.1);
    }
  });

  it('takes a chain of the older shape from disk', async () => {
    const at = new Date('2025-08-05T14:00:00+05:30');
    const file = join(market.home, 'option-chain-indices_NIFTY_2025-08-05.json');
    await writeFile(file, optionChainJson({ seed: 1, at, symbol: 'NIFTY', shape: 'v2' }));
    const asked = market.simulator.requests.total;
    const ended = await run({ trade_date: '2025-08-05', file });
    expect(ended).toMatchObject({ state: 'COMPLETED', result: { source_format: 'v2' } });
    expect(market.simulator.requests.total).toBe(asked);
  });

  it('keeps the quarantined rows of each snapshot of a day', async () => {
    for (const at of ['2026-10-30T11:00:00+05:30', '2026-10-30T11:30:00+05:30']) {
      const text = optionChainJson({ seed: 1, at: new Date(at), symbol: 'BANKNIFTY', shape: 'v2' });
      const file = join(market.home, 'option-chain-indices_BANKNIFTY_2026-10-30.json');
      await writeFile(file, text.replace(/"openInterest":\d+(\.\d+)?/, '"openInterest":"many"'));
      expect(await run({ symbols: ['BANKNIFTY'], trade_date: session, file })).toMatchObject({
        state: 'COMPLETED',
        result: { rows_quarantined: 1 },
      });
    }
    const [kept] = await market.sql(
      `SELECT toUInt32(count()), toUInt32(uniqExact(dataset)) FROM quarantine WHERE dataset LIKE 'option-chain.banknifty%'`,
    );
    expect(kept).toEqual([2, 2]);
  });

  it('keeps a snapshot that comes after a newer one, and says so; the newer one stays the latest', async () => {
    const manifest = async () => (await market.stack.lake()).manifest.get('option-chain.finnifty', session);
    const latest = () =>
      market.sql(
        `SELECT toString(toTimeZone(max(snapshot_time), 'Asia/Kolkata')), toUInt32(uniqExact(snapshot_time))
         FROM option_summary WHERE symbol = 'FINNIFTY'`,
      );
    const load = async (time: string, change = (text: string) => text) => {
      const text = optionChainJson({
        seed: 1,
        at: new Date(`2026-10-30T${time}+05:30`),
        symbol: 'FINNIFTY',
        shape: 'v2',
      });
      const file = join(market.home, 'option-chain-indices_FINNIFTY_2026-10-30.json');
      await writeFile(file, change(text));
      return run({ symbols: ['FINNIFTY'], trade_date: session, file });
    };
    const told = { rule: 'snapshot_not_newer', count: 1 };
    const newer = await load('14:00:20');
    expect(newer).toMatchObject({ state: 'COMPLETED', result: { anomalies: [], rows_quarantined: 0 } });
    const entry = await manifest();
    expect(entry?.snapshot_time).toMatch(/^2026-10-30T(13:59|14:00):\d\d\+05:30$/);
    const time = entry?.snapshot_time?.slice(11, 19) ?? '';

    const older = await load('11:00:20', (text) => text.replace(/"openInterest":\d+(\.\d+)?/, '"openInterest":"many"'));
    expect(older).toMatchObject({ state: 'COMPLETED', result: { rows_quarantined: 1 } });
    const found = older.result?.outcome === 'LOADED' ? older.result.anomalies : [];
    expect(found).toContainEqual({
      ...told,
      message: expect.stringMatching(new RegExp(`of (10:59|11:00):\\d\\d IST, older than that of ${time} IST`)),
    });
    expect(await latest()).toEqual([[`2026-10-30 ${time}.000`, 2]]);
    const { revisions, updated_at, ...kept } = (await manifest()) ?? {};
    expect(entry).toMatchObject(kept);
    expect([revisions?.length, entry?.revisions.length]).toEqual([2, 1]);
    const folders = ['bronze/option-chain', 'silver/option_chain', 'quarantine/option-chain'].map(async (table) => {
      const files = await readdir(join(market.home, 'lake', table, 'trade_date=2026-10-30'));
      return files.filter((name) => name.startsWith('option-chain.finnifty.')).length;
    });
    expect(await Promise.all(folders)).toEqual([2, 2, 1]);

    expect(await load('14:00:20')).toMatchObject({ state: 'COMPLETED', result: { anomalies: [told] } });
    expect(await latest()).toEqual([[`2026-10-30 ${time}.000`, 2]]);
  });

  it('asks nothing on a day without a session, nor before the opening', async () => {
    const asked = market.simulator.requests.total;
    expect(await run({ trade_date: '2026-01-11' })).toMatchObject({ result: { outcome: 'NO_SESSION' } });
    expect(await run({ trade_date: '2026-11-02' })).toMatchObject({ error: { code: 'NOT_PUBLISHED_YET' } });
    expect(market.simulator.requests.total).toBe(asked);
  });
});

describe('faults of the exchange', () => {
  it.each([
    ['empty-object', 'CORRUPT', /empty object/],
    ['blocked', 'BLOCKED', /HTML page/],
    ['404', 'MISSING', /no NSE option chain for 2026-10-30/],
  ])('%s → %s, and what was loaded stays', async (kind, code, message) => {
    now = new Date('2026-10-30T16:30:00+05:30');
    const before = await all();
    fault(kind);
    expect(await run({ symbols: ['NIFTY'], trade_date: session })).toMatchObject({
      state: 'FAILED',
      error: { code, message: expect.stringMatching(message) },
    });
    expect(await all()).toEqual(before);
  });

  it('refuses a chain of another day', async () => {
    now = new Date('2026-11-02T11:00:00+05:30');
    const ended = await run({ symbols: ['NIFTY'], trade_date: session });
    expect(ended).toMatchObject({ state: 'FAILED', error: { code: 'CORRUPT' } });
    expect(ended.error?.message).toMatch(/was asked for as 2026-10-30 but is of "02-Nov-2026/);
  });
});
