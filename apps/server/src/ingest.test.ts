import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { businessDate, fixedClock } from '@champion/core';
import { bhavcopyZip, parseFault } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Market, openMarket } from './testing/market.ts';

// Friday 2026-10-30, late in the evening in India: that day's file is out.
const clock = fixedClock('2026-10-30T22:00:00+05:30');
const session = businessDate('2026-10-30');

let market: Market;
beforeAll(async () => {
  market = await openMarket({ clock });
});
afterAll(() => market?.close());
afterEach(() => market.simulator.setFaults([]));

const fault = (...rules: string[]) => market.simulator.setFaults(rules.map(parseFault));
const count = async (date: string) =>
  Number((await market.sql(`SELECT count() FROM equity_ohlc WHERE trade_date = '${date}'`))[0]?.[0]);
const manifest = async (date: string) => (await market.stack.lake()).manifest.get('bhavcopy', businessDate(date));

describe('a session, from the exchange to rows that can be queried', () => {
  it('loads the latest published session when none is named', async () => {
    const run = await market.ingest({});
    expect(run).toMatchObject({
      state: 'COMPLETED',
      result: { outcome: 'LOADED', trade_date: session, source_format: 'udiff_b' },
    });
    const { rows_in_file, rows_loaded } = run.result as { rows_in_file: number; rows_loaded: number };
    expect(rows_loaded).toBe(rows_in_file);
    expect(await count(session)).toBe(rows_in_file);
  });

  it('is recorded task by task, under the names people know', async () => {
    const engine = await market.stack.engine();
    const run = await market.ingest({ trade_date: '2026-10-29' });
    const detail = await engine.runs.get(run.id);
    expect(detail?.taskRuns.map(({ name, stateType }) => [name, stateType])).toMatchObject([
      ['scrape_bhavcopy', 'COMPLETED'],
      ['parse_polars_raw', 'COMPLETED'],
      ['normalize_polars', 'COMPLETED'],
      ['write_parquet', 'COMPLETED'],
      ['load_clickhouse', 'COMPLETED'],
    ]);
  });

  it('changes nothing when it runs again', async () => {
    const rows = await count(session);
    const before = await market.sql(
      `SELECT event_id, ingest_time FROM equity_ohlc WHERE trade_date = '${session}' ORDER BY event_id`,
    );
    const run = await market.ingest({ trade_date: session });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { revision: 1 } });
    expect(await count(session)).toBe(rows);
    expect(
      await market.sql(
        `SELECT event_id, ingest_time FROM equity_ohlc WHERE trade_date = '${session}' ORDER BY event_id`,
      ),
    ).toEqual(before);
    expect((await manifest(session))?.revisions).toHaveLength(1);
  });

  it('replaces the rows when the exchange corrects its file, and keeps both files', async () => {
    const rows = await count(session);
    fault('revised');
    const run = await market.ingest({ trade_date: session });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { revision: 2, rows_loaded: rows - 1 } });
    expect(await count(session)).toBe(rows - 1);
    const entry = await manifest(session);
    expect(entry).toMatchObject({
      outcome: 'LOADED',
      current_revision: 2,
      rows_loaded: rows - 1,
      loaded_to_warehouse: true,
    });
    const files = await readdir(join(market.home, 'lake/raw/nse/bhavcopy', session));
    expect(files.filter((name) => name.endsWith('.csv.zip'))).toHaveLength(2);
    const [sources] = await market.sql(`SELECT uniqExact(source) FROM equity_ohlc WHERE trade_date = '${session}'`);
    expect(sources).toEqual(['1']);
  });

  it('takes the earlier revision back when the exchange does', async () => {
    const rows = await count(session);
    const run = await market.ingest({ trade_date: session });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { revision: 1, rows_loaded: rows + 1 } });
    expect(await count(session)).toBe(rows + 1);
  });

  it('leaves the warehouse alone when told to', async () => {
    const run = await market.ingest({ trade_date: '2026-10-28', load_to_clickhouse: false });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { loaded_to_clickhouse: false } });
    expect(await count('2026-10-28')).toBe(0);
    expect(await manifest('2026-10-28')).toMatchObject({ outcome: 'LOADED', loaded_to_warehouse: false });
  });

  it('writes another lake when told to', async () => {
    const other = join(market.home, 'other-lake');
    await market.ingest({ trade_date: '2026-10-27', load_to_clickhouse: false, output_base_path: other });
    await access(join(other, 'silver/equity_ohlc/trade_date=2026-10-27/bhavcopy.parquet'));
    expect(await manifest('2026-10-27')).toBeUndefined();
  });

  it('takes the same file from disk', async () => {
    const date = businessDate('2026-10-26');
    const file = join(market.home, 'BhavCopy_NSE_CM_0_0_0_20261026_F_0000.csv.zip');
    await writeFile(file, await bhavcopyZip({ seed: 1, date, format: 'udiff_b' }));
    const asked = market.simulator.requests.total;
    const run = await market.ingest({ trade_date: date, file });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED' } });
    expect(market.simulator.requests.total).toBe(asked);
    expect((await manifest(date))?.revisions[0]?.url).toMatch(/^file:\/\//);
  });
});

describe('days without a file', () => {
  it.each([
    ['2026-01-11', 'a Sunday'],
    ['2026-01-10', 'a Saturday'],
    ['2026-10-20', 'a holiday, Dussehra'],
    ['1990-01-01', 'before the first session'],
  ])('says NO_SESSION for %s and asks nothing', async (date, why) => {
    const asked = market.simulator.requests.total;
    const run = await market.ingest({ trade_date: date });
    expect(run).toMatchObject({ state: 'COMPLETED', stateName: 'NoSession', result: { outcome: 'NO_SESSION' } });
    expect(run.message).toContain(why);
    expect(market.simulator.requests.total).toBe(asked);
    expect(await manifest(date)).toBeUndefined();
  });

  it('knows that a later session cannot be out yet, without asking', async () => {
    const asked = market.simulator.requests.total;
    const run = await market.ingest({ trade_date: '2026-11-02' });
    expect(run).toMatchObject({ state: 'FAILED', error: { code: 'NOT_PUBLISHED_YET' } });
    expect(run.error?.hint).toContain('17:30');
    expect(market.simulator.requests.total).toBe(asked);
    expect(await manifest('2026-11-02')).toMatchObject({ outcome: 'NOT_PUBLISHED_YET' });
  });
});

describe('faults of the exchange, each with its own outcome', () => {
  it.each([
    ['404', 'MISSING', /no NSE bhavcopy .*2026-10-16/, /import/],
    ['blocked', 'BLOCKED', /HTML page/, /ten minutes/],
    ['blocked:status=403', 'BLOCKED', /403/, /ten minutes/],
    ['403', 'BLOCKED', /403/, /ten minutes/],
    ['truncated-zip', 'CORRUPT', /BhavCopy_NSE_CM_0_0_0_20261016/, /./],
    ['wrong-date', 'CORRUPT', /was asked for as 2026-10-16 but holds/, /raw file is kept/],
  ])('%s → %s', async (kind, code, message, hint) => {
    fault(kind);
    const failed = await market.ingest({ trade_date: '2026-10-16' });
    expect(failed).toMatchObject({ state: 'FAILED', error: { code } });
    expect(failed.error?.message).toMatch(message);
    expect(failed.error?.hint).toMatch(hint);
    expect(await manifest('2026-10-16')).toMatchObject({ outcome: code });
    expect(await count('2026-10-16')).toBe(0);
  });

  it('and when they clear, a plain run again succeeds', async () => {
    const run = await market.ingest({ trade_date: '2026-10-16' });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED' } });
    expect(await manifest('2026-10-16')).toMatchObject({ outcome: 'LOADED' });
    // The truncated and the wrong file stay beside the right one.
    expect((await manifest('2026-10-16'))?.revisions).toHaveLength(3);
  });

  it.each(['reset-body x1', '500 x1', '429:retry-after=0 x1', 'slow:seconds=0.2 x1'])(
    'gets over "%s" by itself',
    async (kind) => {
      fault(kind);
      const run = await market.ingest({ trade_date: '2026-10-15' });
      expect(run).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED' } });
    },
  );

  it('keeps a loaded session loaded when a later look at the exchange fails', async () => {
    fault('404');
    const run = await market.ingest({ trade_date: '2026-10-16' });
    expect(run).toMatchObject({ state: 'FAILED', error: { code: 'MISSING' } });
    expect(await manifest('2026-10-16')).toMatchObject({ outcome: 'LOADED' });
    expect(await count('2026-10-16')).toBeGreaterThan(2000);
  });

  it('quarantines the rows that break a rule, and only those', async () => {
    // Of the bars' file alone, which is asked for first.
    fault('corrupt-rows x1');
    const run = await market.ingest({ trade_date: '2026-10-14' });
    expect(run.state).toBe('COMPLETED');
    const { rows_in_file, rows_loaded, rows_quarantined } = run.result as Record<string, unknown> as {
      rows_in_file: number;
      rows_loaded: number;
      rows_quarantined: number;
    };
    expect(rows_loaded + rows_quarantined).toBe(rows_in_file);
    expect(await count('2026-10-14')).toBe(rows_loaded);
    const rules = await market.sql(
      `SELECT rule, count() FROM quarantine WHERE trade_date = '2026-10-14' GROUP BY rule ORDER BY rule`,
    );
    expect(rules).toEqual([
      ['duplicate_key', '1'],
      ['field_count', '1'],
      ['key_missing', '1'],
      ['number_format', '1'],
      ['price_range', '1'],
    ]);
    const [printed] = await market.sql(
      `SELECT row FROM quarantine WHERE trade_date = '2026-10-14' AND rule = 'number_format'`,
    );
    expect(printed?.[0]).toContain('N/A');
  });

  it('empties the quarantine when the corrected file has no such rows', async () => {
    const run = await market.ingest({ trade_date: '2026-10-14' });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { revision: 2, rows_quarantined: 0 } });
    expect(await market.sql(`SELECT count() FROM quarantine WHERE trade_date = '2026-10-14'`)).toEqual([['0']]);
  });
});
