import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, type BusinessDate, businessDate } from '@champion/core';
import { datasets } from '@champion/datasets';
import pl from 'nodejs-polars';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter } from '../adapters/adapter.ts';
import { openEmbedded } from '../adapters/embedded.ts';
import { type Warehouse, warehouseOver } from '../warehouse.ts';
import { atr, ema, rsi, sma } from './testing/indicators.ts';

let folder: string;
let adapter: Adapter;
let warehouse: Warehouse;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'champion-gold-'));
  adapter = await openEmbedded(join(folder, 'warehouse'));
  warehouse = warehouseOver(adapter);
  await warehouse.migrate(datasets.flatMap(({ migrations }) => migrations));
});
afterAll(async () => {
  await warehouse?.close();
  await rm(folder, { recursive: true, force: true });
});

const rows = async (text: string) => (await warehouse.sql(text)).rows;
const insert = (table: string, values: readonly object[]) =>
  adapter.writer.insert({ table, values, format: 'JSONEachRow' });
const envelope = { source: 'raw/hand-made', schema_version: 1, ingest_time: '2024-07-05 12:00:00.000' };

interface Bar {
  readonly date: string;
  readonly symbol: string;
  readonly series?: string;
  readonly high?: string;
  readonly low?: string;
  readonly close: string;
  readonly prev?: string;
  readonly volume?: number;
  readonly turnover?: string;
  readonly trades?: number | null;
  readonly delivered?: number | null;
}

function bar(given: Bar) {
  const {
    date,
    symbol,
    series = 'EQ',
    high,
    low,
    close,
    prev,
    volume = 10,
    turnover = '1000.5000',
    trades = 3,
  } = given;
  return {
    ...envelope,
    trade_date: date,
    symbol,
    series,
    open: close,
    high: high ?? close,
    low: low ?? close,
    close,
    prev_close: prev ?? close,
    volume,
    turnover,
    trades,
    delivery_qty: given.delivered ?? null,
  };
}

describe('gold of a session', () => {
  const before = '2024-07-04';
  const date = businessDate('2024-07-05');

  beforeAll(async () => {
    await insert('equity_ohlc', [
      // 365 days before the session: out of its 52 weeks.
      bar({ date: '2023-07-07', symbol: 'UP', high: '999', close: '500' }),
      bar({ date: '2023-07-08', symbol: 'UP', high: '120', low: '90', close: '100' }),
      bar({ date: before, symbol: 'UP', high: '104.5', low: '99', close: '100' }),
      bar({ date: before, symbol: 'DOWN', high: '50.1', low: '48.95', close: '50' }),
      bar({ date: before, symbol: 'SAME', close: '7' }),
      bar({
        date,
        symbol: 'UP',
        high: '120.05',
        low: '100',
        close: '104.5',
        prev: '100',
        turnover: '99999999999999.9999',
        delivered: 4,
      }),
      bar({
        date,
        symbol: 'DOWN',
        high: '50',
        low: '48.9',
        close: '49',
        prev: '50',
        turnover: '0.0001',
        trades: null,
        delivered: 9,
      }),
      bar({ date, symbol: 'SAME', close: '7', prev: '7' }),
      bar({ date, symbol: 'NEW', close: '12', prev: '0' }),
      bar({ date, symbol: 'UP', series: 'BE', close: '90', prev: '100' }),
      bar({ date, symbol: 'IDLE', close: '5', prev: '4', volume: 0, turnover: '0' }),
      bar({ date, symbol: 'BOND', series: 'N2', close: '1001', prev: '1000' }),
    ]);
    const member = { ...envelope, index_name: 'NIFTY 50', source_format: 'csv' };
    await insert('index_constituents', [
      { ...member, trade_date: before, symbol: 'UP', industry: 'Old Industry' },
      { ...member, trade_date: date, symbol: 'UP', industry: 'Metals' },
      { ...member, trade_date: date, symbol: 'DOWN', industry: 'Metals' },
      { ...member, trade_date: '2024-07-08', symbol: 'SAME', industry: 'Later' },
    ]);
    const deal = { ...envelope, trade_date: date, symbol: 'UP', occurrence: 1, source_format: 'api_csv' };
    const id = (n: number) => `00000000-0000-5000-8000-00000000000${n}`;
    await insert('bulk_block_deals', [
      { ...deal, deal_type: 'BULK', side: 'BUY', quantity: 3, value: '300.0003', event_id: id(1) },
      { ...deal, deal_type: 'BULK', side: 'BUY', quantity: 3, value: '0.0001', event_id: id(2) },
      { ...deal, deal_type: 'BULK', side: 'SELL', quantity: 3, value: '7.5', event_id: id(3) },
    ]);
    const list = { dataset: 'bulk-block-deals', trade_date: date, flow_run_id: 'run', validation_pass_rate: 1 };
    await insert('data_quality', [
      { ...list, slice: 'bulk-deals' },
      { ...list, slice: 'block-deals' },
    ]);
    await warehouse.computeGold(date);
  });

  it('counts who rose and fell by group of series', async () => {
    expect(
      await rows(`SELECT series_group, instruments, traded, advances, declines, unchanged, without_previous,
        advance_decline_ratio, turnover FROM advance_decline ORDER BY series_group`),
    ).toEqual([
      ['equity', 5, 4, 1, 1, 1, 1, 1, '100000000002001.0000'],
      ['other', 1, 1, 1, 0, 0, 0, null, '1000.5000'],
      ['trade-to-trade', 1, 1, 0, 1, 0, 0, 0, '1000.5000'],
    ]);
  });

  it('finds the extremes of 52 weeks and says on how many sessions they rest', async () => {
    expect(
      await rows(`SELECT symbol, series, high_52w, high_52w_date, low_52w, low_52w_date, is_new_high, is_new_low, sessions
        FROM highs_lows_52w ORDER BY symbol, series`),
    ).toEqual([
      ['BOND', 'N2', '1001.0000', date, '1001.0000', date, null, null, 1],
      ['DOWN', 'EQ', '50.1000', before, '48.9000', date, false, true, 2],
      ['NEW', 'EQ', '12.0000', date, '12.0000', date, null, null, 1],
      ['SAME', 'EQ', '7.0000', date, '7.0000', date, false, false, 2],
      ['UP', 'BE', '90.0000', date, '90.0000', date, null, null, 1],
      ['UP', 'EQ', '120.0500', date, '90.0000', '2023-07-08', true, false, 3],
    ]);
  });

  it('sums turnover by industry, the unknown ones counted', async () => {
    expect(
      await rows(`SELECT industry, instruments, advances, declines, turnover, round(turnover_percent, 6)
        FROM sector_turnover ORDER BY industry`),
    ).toEqual([
      ['Later', 1, 0, 0, '1000.5000', expect.closeTo(0, 5)],
      ['Metals', 3, 1, 2, '100000000001000.5000', expect.closeTo(100, 5)],
      [null, 2, 0, 0, '1000.5000', expect.closeTo(0, 5)],
    ]);
  });

  it('sums the session up, money exact, unknown lists of deals null and empty ones zero', async () => {
    const [summary] = await rows(`SELECT instruments, symbols, traded, advances, declines, unchanged, without_previous,
      turnover, turnover_eq, volume, trades, delivery_quantity, delivery_volume, delivery_percent, new_highs, new_lows, high_low_instruments, high_low_sessions,
      bulk_deals, bulk_bought, bulk_sold, block_deals, block_bought, block_sold, short_quantity
      FROM daily_market_summary WHERE trade_date = '${date}'`);
    expect(summary).toEqual([
      ...[7, 6, 6, 2, 2, 1, 1],
      ...['100000000004002.0000', '100000000002001.0000', '60', '18', '13', '20', 65],
      ...[1, 1, 3, 3],
      ...[3, '300.0004', '7.5000', 0, '0.0000', '0.0000', null],
    ]);
  });

  it('says what it computed, and the same again when asked again', async () => {
    const tables = ['highs_lows_52w', 'advance_decline', 'sector_turnover', 'indicators', 'daily_market_summary'];
    const contents = () =>
      Promise.all(tables.map((table) => rows(`SELECT * EXCEPT computed_at FROM ${table} ORDER BY ALL`)));
    const first = await contents();
    const computed = await warehouse.computeGold(date);
    expect(computed).toMatchObject([
      { table: 'highs_lows_52w', rows: 6 },
      { table: 'advance_decline', rows: 3 },
      { table: 'sector_turnover', rows: 3 },
      { table: 'indicators', rows: 6 },
      { table: 'daily_market_summary', rows: 1 },
      { table: 'option_summary', rows: 0 },
    ]);
    expect(await contents()).toEqual(first);
    const stored = await adapter.writer.query({ query: 'SELECT count() AS n FROM indicators', format: 'JSONEachRow' });
    expect(await stored.json()).toEqual([{ n: 6 }]);
  });

  it('drops rows that a corrected session no longer has', async () => {
    await adapter.writer.command({ query: `DELETE FROM equity_ohlc WHERE symbol = 'BOND'` });
    await warehouse.computeGold(date);
    expect(await rows('SELECT count() FROM highs_lows_52w')).toEqual([['5']]);
    expect(await rows('SELECT series_group FROM advance_decline ORDER BY 1')).toEqual([['equity'], ['trade-to-trade']]);
  });

  it('has nothing for a session without bars', async () => {
    const empty = businessDate('2024-07-09');
    const computed = await warehouse.computeGold(empty);
    expect(computed.map(({ rows: count }) => count)).toEqual(computed.map(() => 0));
  });

  it('is written as Parquet with its types, a view as well', async () => {
    const file = join(folder, "daily market's.parquet");
    for (const _ of [1, 2]) await warehouse.exportGold({ table: 'daily_market_summary', date, file });
    const frame = pl.readParquet(file);
    expect(frame.height).toBe(1);
    expect(frame.select(pl.col('turnover').cast(pl.Utf8), pl.col('trade_date').cast(pl.Utf8)).row(0)).toEqual([
      '100000000003001.5000',
      date,
    ]);
    await expect(warehouse.exportGold({ table: 'equity_ohlc', date, file })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

describe('indicators', () => {
  const last = businessDate('2023-06-30');
  /** Prices without a pattern, in hundredths of a rupee. */
  const walk = (symbol: string, bars: number) => {
    let price = 20_000;
    return Array.from({ length: bars }, (_, i) => {
      price = Math.max(500, price + (((i * 7919 + symbol.length * 104_729) % 401) - 195));
      const high = price + ((i * 31) % 97);
      const low = price - ((i * 17) % 89);
      const date: BusinessDate = addDays(last, i - bars + 1);
      return { date, high: high / 100, low: low / 100, close: price / 100 };
    });
  };
  const histories = [250, 200, 199, 26, 15, 14, 12, 1].map((bars) => ({
    symbol: `S${'X'.repeat(bars % 7)}${bars}`,
    bars,
  }));

  beforeAll(async () => {
    for (const { symbol, bars } of histories) {
      await insert(
        'equity_ohlc',
        walk(symbol, bars).map(({ date, high, low, close }) =>
          bar({ date, symbol, high: high.toFixed(2), low: low.toFixed(2), close: close.toFixed(2) }),
        ),
      );
    }
    await insert('equity_ohlc', [
      ...Array.from({ length: 20 }, (_, i) => bar({ date: addDays(last, -i), symbol: 'FLAT', close: '10' })),
      ...Array.from({ length: 20 }, (_, i) => bar({ date: addDays(last, -i), symbol: 'RISING', close: `${100 - i}` })),
    ]);
    await warehouse.computeGold(last);
  });

  it.each(histories)('of $bars bars agree with the textbook', async ({ symbol, bars }) => {
    const { rows: found } = await warehouse.sql(
      `SELECT sma_20, sma_50, sma_200, ema_12, ema_26, rsi_14, atr_14, vwap, bars FROM indicators
       WHERE trade_date = {last:Date} AND symbol = {symbol:String}`,
      { params: { last, symbol } },
    );
    const history = walk(symbol, bars);
    const closes = history.map(({ close }) => close);
    const expected = [sma(closes, 20), sma(closes, 50), sma(closes, 200), ema(closes, 12), ema(closes, 26)];
    expected.push(rsi(closes, 14), atr(history, 14), 100.05, bars);
    expect(found).toEqual([expected.map((value) => (value === null ? null : expect.closeTo(value, 9)))]);
  });

  it('of a price that does not move, or only rises', async () => {
    expect(
      await rows(`SELECT symbol, rsi_14, atr_14 FROM indicators
        WHERE trade_date = '${last}' AND symbol IN ('FLAT', 'RISING') ORDER BY symbol`),
    ).toEqual([
      ['FLAT', null, 0],
      ['RISING', 100, 1],
    ]);
  });
});
