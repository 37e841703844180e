import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { businessDate, fixedClock } from '@champion/core';
import { deliveryCsv, parseFault } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Market, openMarket } from './testing/market.ts';

// Friday 2026-10-30, late in the evening in India: the bars are out, and so is what of them was delivered.
const clock = fixedClock('2026-10-30T22:00:00+05:30');
const session = businessDate('2026-10-30');

let market: Market;
beforeAll(async () => {
  market = await openMarket({ clock });
});
afterAll(() => market?.close());
afterEach(() => market.simulator.setFaults([]));

/** The bars are asked for first and the delivery file second: the fault is the second request's. */
const faultOfDelivery = (kind: string) =>
  market.simulator.setFaults(['slow:seconds=0.01 x1', `${kind} x1`].map(parseFault));

/** Bars, those with a delivered quantity, its sum, and how many revisions the rows are of. */
async function stored(date: string) {
  const [row = []] = await market.sql(
    `SELECT count(), count(delivery_qty), sum(delivery_qty), uniqExact(source), countIf(delivery_qty > volume)
     FROM equity_ohlc WHERE trade_date = '${date}'`,
  );
  const [bars = 0, withDelivery = 0, delivered = 0, sources = 0, impossible = 0] = row.map(Number);
  return { bars, withDelivery, delivered, sources, impossible };
}

/** What the simulated exchange printed. */
function printed(date: string) {
  const lines = deliveryCsv({ seed: 1, date: businessDate(date) })
    .trimEnd()
    .split('\n')
    .slice(1);
  const quantities = lines.map((line) => line.split(', ')[13] ?? '').filter((quantity) => quantity !== '-');
  return {
    rows: lines.length,
    withDelivery: quantities.length,
    delivered: quantities.reduce((sum, quantity) => sum + Number(quantity), 0),
  };
}

const sliceOf = (run: Awaited<ReturnType<Market['ingest']>>) =>
  run.result?.outcome === 'LOADED' ? run.result.slices[0] : undefined;
const rulesOf = (run: Awaited<ReturnType<Market['ingest']>>) => sliceOf(run)?.anomalies.map(({ rule }) => rule);

describe('what was delivered, from the exchange to rows that can be queried', () => {
  it('is loaded with the bars, every row and every bar accounted for', async () => {
    const run = await market.ingest({ trade_date: session });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED', anomalies: [] } });
    const { rows, withDelivery, delivered } = printed(session);
    const { bars, ...rest } = await stored(session);
    expect(rest).toEqual({ withDelivery, delivered, sources: 1, impossible: 0 });
    expect(sliceOf(run)?.metrics).toEqual({
      delivery_rows: rows,
      delivery_joined: rows,
      delivery_unresolved: bars - rows,
      delivery_orphaned: 0,
      delivery_quarantined: 0,
    });
    const [unsaid] = await market.sql(
      `SELECT count(), count(delivery_qty), count(delivery_pct) FROM equity_ohlc
       WHERE trade_date = '${session}' AND series IN ('BE', 'BZ')`,
    );
    expect(unsaid?.map(Number)).toEqual([expect.any(Number), 0, 0]);
    expect(Number(unsaid?.[0])).toBeGreaterThan(0);
  });

  it('changes nothing when it runs again', async () => {
    const rows = () =>
      market.sql(`SELECT * FROM equity_ohlc WHERE trade_date = '${session}' ORDER BY symbol, series LIMIT 500`);
    const before = await rows();
    expect(await market.ingest({ trade_date: session })).toMatchObject({ state: 'COMPLETED' });
    expect(await rows()).toEqual(before);
    expect(await readdir(join(market.home, 'lake/raw/nse/delivery', session))).toHaveLength(2);
  });

  it('is added by a later run when only the bars were out at first', async () => {
    const date = '2026-10-29';
    faultOfDelivery('404');
    const first = await market.ingest({ trade_date: date });
    expect(first).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED', anomalies: [] } });
    expect(sliceOf(first)?.metrics).toEqual({});
    const before = await stored(date);
    expect(before).toMatchObject({ withDelivery: 0, delivered: 0, sources: 1 });

    const second = await market.ingest({ trade_date: date });
    expect(second).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED', revision: 1 } });
    const { withDelivery, delivered } = printed(date);
    expect(await stored(date)).toEqual({ bars: before.bars, withDelivery, delivered, sources: 1, impossible: 0 });
  });

  it('is not taken from the session before, which the exchange serves until it has the day’s own', async () => {
    const date = '2026-10-28';
    faultOfDelivery('wrong-date');
    const first = await market.ingest({ trade_date: date });
    expect(first).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED' } });
    expect(rulesOf(first)).toEqual(['delivery_other_session']);
    expect(await stored(date)).toMatchObject({ withDelivery: 0, sources: 1 });

    const second = await market.ingest({ trade_date: date });
    expect(rulesOf(second)).toEqual([]);
    expect(await stored(date)).toMatchObject({ ...printedDelivery(date), sources: 1 });
    // Both files stay, each with its sidecar.
    expect(await readdir(join(market.home, 'lake/raw/nse/delivery', date))).toHaveLength(4);
  });

  it('quarantines its bad rows by themselves: all bars are loaded', async () => {
    const date = '2026-10-27';
    faultOfDelivery('corrupt-rows');
    const run = await market.ingest({ trade_date: date });
    const metrics = sliceOf(run)?.metrics ?? {};
    expect(run).toMatchObject({ state: 'COMPLETED', result: { rows_quarantined: 0 } });
    expect(metrics).toMatchObject({ delivery_rows: printed(date).rows + 1, delivery_quarantined: 4 });
    expect((metrics.delivery_joined ?? 0) + (metrics.delivery_orphaned ?? 0) + 4).toBe(metrics.delivery_rows);
    expect((await stored(date)).bars).toBe(sliceOf(run)?.rows_in_file);
    const quarantined = await market.sql(
      `SELECT rule, row FROM quarantine WHERE trade_date = '${date}' AND dataset = 'bhavcopy' ORDER BY rule`,
    );
    expect(quarantined.map(([rule]) => rule)).toEqual(['duplicate_key', 'field_count', 'key_missing', 'number_format']);
    // Shown as the delivery file printed them.
    expect(quarantined.every(([, row]) => String(row).includes(', 27-Oct-2026'))).toBe(true);
    expect(String(quarantined[3]?.[1])).toContain('N/A');
  });

  it('can be imported by itself, and a file that is none of its kind costs no bar', async () => {
    const date = '2026-10-26';
    faultOfDelivery('404');
    await market.ingest({ trade_date: date });
    const { bars } = await stored(date);
    const file = join(market.home, 'sec_bhavdata_full_26102026.csv');
    const asked = market.simulator.requests.total;

    await writeFile(file, '<!DOCTYPE html><html><body>Access denied</body></html>');
    const first = await market.ingest({ trade_date: date, file });
    expect(first).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED', rows_loaded: bars } });
    expect(rulesOf(first)).toEqual(['delivery_unreadable']);
    expect(await stored(date)).toMatchObject({ bars, withDelivery: 0, sources: 1 });

    await writeFile(file, deliveryCsv({ seed: 1, date: businessDate(date) }));
    const second = await market.ingest({ trade_date: date, file });
    expect(rulesOf(second)).toEqual([]);
    expect(await stored(date)).toEqual({ bars, ...printedDelivery(date), sources: 1, impossible: 0 });
    expect(market.simulator.requests.total).toBe(asked);
  });

  it('is not asked for before 2020', async () => {
    const asked = market.simulator.requests.total;
    expect(await market.ingest({ trade_date: '2019-12-31' })).toMatchObject({ state: 'COMPLETED' });
    expect(market.simulator.requests.total).toBe(asked + 1);
    expect(await stored('2019-12-31')).toMatchObject({ withDelivery: 0, sources: 1 });
  });
});

function printedDelivery(date: string) {
  const { withDelivery, delivered } = printed(date);
  return { withDelivery, delivered };
}

describe('a delivery file that cannot be had', () => {
  it('does not cost the session its bars', async () => {
    faultOfDelivery('blocked');
    const run = await market.ingest({ trade_date: '2026-10-22' });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED' } });
    const { bars, withDelivery } = await stored('2026-10-22');
    expect(bars).toBeGreaterThan(2000);
    expect(withDelivery).toBe(0);
  });

  it('is taken from the lake when it was there before', async () => {
    await market.ingest({ trade_date: '2026-10-21' });
    const before = await stored('2026-10-21');
    expect(before.withDelivery).toBeGreaterThan(1000);
    faultOfDelivery('404');
    const run = await market.ingest({ trade_date: '2026-10-21' });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED' } });
    expect(await stored('2026-10-21')).toEqual(before);
  });
});
