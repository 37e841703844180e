import { type BusinessDate, businessDate, type Clock } from '@champion/core';
import { datasets } from '@champion/datasets';
import { type BackfillProgress, type BackfillRequest, backfill, coverage, listBackfills } from '@champion/flows';
import { parseFault } from '@champion/simulator';
import { dataQuality } from '@champion/warehouse';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Market, openMarket } from './testing/market.ts';

// Friday 2026-10-30, late in the evening in India: that day's file is out. Time passes, so that records can be told apart.
const start = new Date('2026-10-30T22:00:00+05:30').getTime();
const begun = Date.now();
const clock: Clock = { now: () => new Date(start + Date.now() - begun) };

const bhavcopy = datasets.find(({ name }) => name === 'bhavcopy');
if (!bhavcopy) throw new Error('there is no bhavcopy');

let market: Market;
beforeAll(async () => {
  market = await openMarket({ clock });
});
afterAll(() => market?.close());
afterEach(() => market.simulator.setFaults([]));

const fault = (...rules: string[]) => market.simulator.setFaults(rules.map(parseFault));
async function fill(from: string, to: string, more: Partial<BackfillRequest> = {}) {
  const engine = await market.stack.engine();
  return backfill(market.stack.services, engine, {
    dataset: bhavcopy as NonNullable<typeof bhavcopy>,
    from: businessDate(from),
    to: businessDate(to),
    only: 'missing',
    concurrency: 2,
    ...more,
  });
}
const runsOf = async (date: string) => {
  const engine = await market.stack.engine();
  const runs = await engine.runs.list({ flowName: 'nse-bhavcopy-etl', limit: 1000 });
  return runs.filter(({ parameters }) => parameters.trade_date === date).length;
};
const covered = (from: string, to: string) =>
  coverage(market.stack.services, {
    dataset: bhavcopy as NonNullable<typeof bhavcopy>,
    from: businessDate(from),
    to: businessDate(to),
  });

describe('a backfill', () => {
  it('loads what it can, and says what is not there and why', async () => {
    fault('404@2026-10-07', 'wrong-date@2026-10-13');
    const seen: BackfillProgress[] = [];
    const report = await fill('2026-10-01', '2026-10-17', { onProgress: (progress) => seen.push(progress) });
    expect(report).toMatchObject({
      state: 'incomplete',
      message: null,
      not_published: 0,
      gaps: [
        { trade_date: '2026-10-07', outcome: 'MISSING', message: expect.stringContaining('2026-10-07') },
        { trade_date: '2026-10-13', outcome: 'CORRUPT', message: expect.stringContaining('2026-10-13') },
      ],
    });
    const { sessions } = await covered('2026-10-01', '2026-10-17');
    expect(report).toMatchObject({ sessions: sessions.length, ran: sessions.length });
    expect(sessions).not.toContain('2026-10-02');
    expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: sessions.length + 1 }, (_, i) => i));
    expect(seen.at(-1)).toMatchObject({ total: sessions.length, failed: 2 });
    const [loaded] = await market.sql('SELECT uniqExact(trade_date) FROM equity_ohlc');
    expect(loaded).toEqual([String(sessions.length - 2)]);
    expect(await listBackfills(await market.stack.lake())).toMatchObject([
      { state: 'incomplete', sessions: sessions.length, done: sessions.length, failures: [{}, {}] },
    ]);
  });

  it('is told by the coverage', async () => {
    const { slices, counts } = await covered('2026-10-05', '2026-10-08');
    expect(slices).toMatchObject([
      {
        slice: 'bhavcopy',
        trade_date: '2026-10-05',
        outcome: 'LOADED',
        in_warehouse: true,
        revision: 1,
        quarantined: 0,
      },
      { trade_date: '2026-10-06', outcome: 'LOADED', rows: expect.any(Number), message: null },
      { trade_date: '2026-10-07', outcome: 'MISSING', in_warehouse: false, rows: null, revision: null },
      { trade_date: '2026-10-08', outcome: 'LOADED' },
    ]);
    expect(counts).toEqual({ LOADED: 3, MISSING: 1 });
  });

  it('mends what failed, and only that', async () => {
    const report = await fill('2026-10-01', '2026-10-30', { only: 'failed' });
    expect(report).toMatchObject({ state: 'completed', ran: 2, gaps: [] });
    expect(report.never_tried).toBeGreaterThan(0);
    expect(await runsOf('2026-10-07')).toBe(2);
    expect(await runsOf('2026-10-08')).toBe(1);
    const again = await fill('2026-10-01', '2026-10-17');
    expect(again).toMatchObject({ state: 'completed', ran: 0 });
  });

  it('does not ask for what is not published', async () => {
    const asked = market.simulator.requests.total;
    const report = await fill('2026-10-31', '2026-11-06');
    expect(report).toMatchObject({ state: 'completed', sessions: 0, ran: 0, last_published: '2026-10-30' });
    expect(report.not_published).toBe(market.stack.services.calendar.sessions(d('2026-10-31'), d('2026-11-06')).length);
    expect(market.simulator.requests.total).toBe(asked);
  });

  it('loads into the warehouse what was only in the lake', async () => {
    await market.ingest({ trade_date: '2026-09-30', load_to_clickhouse: false });
    expect((await covered('2026-09-30', '2026-09-30')).slices).toMatchObject([
      { outcome: 'LOADED', in_warehouse: false },
    ]);
    expect(await fill('2026-09-30', '2026-09-30')).toMatchObject({ state: 'completed', ran: 1 });
  });

  it('pauses when the exchange refuses, and goes on later', async () => {
    fault('blocked');
    const paused = await fill('2026-09-14', '2026-09-25', { concurrency: 1 });
    expect(paused).toMatchObject({ state: 'paused', ran: 2, message: expect.stringMatching(/blocks.*ten minutes/s) });
    expect(paused.gaps.filter(({ outcome }) => outcome === 'BLOCKED')).toHaveLength(2);
    expect(paused.gaps.filter(({ outcome }) => outcome === 'NEVER_TRIED')).toHaveLength(paused.sessions - 2);
    const [record] = await listBackfills(await market.stack.lake());
    expect(record).toMatchObject({ state: 'paused', done: 2, message: paused.message });
    market.simulator.setFaults([]);
    expect(await fill('2026-09-14', '2026-09-25')).toMatchObject({ state: 'completed', ran: paused.sessions });
  });

  it('cancels its runs when it is stopped; all goes on with what is left', async () => {
    const control = new AbortController();
    const stop = ({ ran }: BackfillProgress) => {
      if (ran === 2) control.abort();
    };
    const all = { only: 'all', concurrency: 1 } as const;
    const stopped = await fill('2026-10-05', '2026-10-09', { ...all, signal: control.signal, onProgress: stop });
    expect(stopped).toMatchObject({ state: 'paused', ran: 2, message: 'stopped on request' });
    const seen: BackfillProgress[] = [];
    const rest = await fill('2026-10-05', '2026-10-09', { ...all, onProgress: (progress) => seen.push(progress) });
    expect(rest).toMatchObject({ state: 'completed', ran: stopped.sessions - 2 });
    expect(seen[0]).toMatchObject({ total: stopped.sessions, done: 2, ran: 0 });
    expect(await fill('2026-10-05', '2026-10-09', all)).toMatchObject({ ran: stopped.sessions });
  });

  it('keeps what is there when asking again fails, and says so', async () => {
    fault('404@2026-10-06');
    const report = await fill('2026-10-05', '2026-10-06', { only: 'all' });
    expect(report).toMatchObject({
      state: 'incomplete',
      gaps: [{ trade_date: '2026-10-06', outcome: 'LOADED', message: expect.stringContaining('kept as it was') }],
    });
  });

  it('refuses a span that ends before it begins', async () => {
    await expect(fill('2026-10-05', '2026-10-01')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('the quality of a run', () => {
  it('is kept in the warehouse, rule by rule, and ends the log', async () => {
    fault('corrupt-rows');
    const run = await market.ingest({ trade_date: '2026-10-28' });
    const warehouse = await market.stack.warehouse();
    const [quality, ...others] = await warehouse.query(dataQuality, { run: run.id.slice(0, 8) });
    expect(others).toEqual([]);
    const { rows_in_file, rows_loaded, rows_quarantined } = run.result as unknown as Record<string, number>;
    expect(quality).toMatchObject({
      dataset: 'bhavcopy',
      slice: 'bhavcopy',
      trade_date: '2026-10-28',
      flow_run_id: run.id,
      rows_processed: rows_in_file,
      rows_loaded,
      rows_filtered: rows_quarantined,
    });
    const quarantined = await market.sql(
      `SELECT rule, toUInt32(count()) FROM quarantine WHERE trade_date = '2026-10-28' GROUP BY rule`,
    );
    expect(quality?.hard_rules).toEqual(Object.fromEntries(quarantined as [string, number][]));
    expect(quality?.hard_rules).toMatchObject({ price_range: 1 });
    expect(quality?.validation_pass_rate).toBeCloseTo(1 - Number(rows_quarantined) / Number(rows_in_file), 12);
    // All earlier sessions of this file have about as many rows.
    expect(Math.abs(Number(quality?.rows_expected) - Number(rows_in_file))).toBeLessThan(200);
    const logs = await (await market.stack.engine()).runs.logs(run.id);
    const report = logs.map(({ message }) => message);
    expect(report.find((line) => line.startsWith('bhavcopy 2026-10-28: '))).toMatch(
      /expected\), 99\.\d\d % valid, 5 quaran/,
    );
    expect(report.find((line) => line.includes('quarantined by rule'))).toContain('price_range 1');
  });
});

function d(text: string): BusinessDate {
  return businessDate(text);
}
