import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { businessDate, fixedClock } from '@champion/core';
import { indexCloseCsv, parseFault } from '@champion/simulator';
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

const run = (parameters: Record<string, unknown>) => market.run('indices-close-etl', parameters);
const fault = (...rules: string[]) => market.simulator.setFaults(rules.map(parseFault));
const count = async (date: string) =>
  Number((await market.sql(`SELECT count() FROM index_ohlc WHERE trade_date = '${date}'`))[0]?.[0]);
const manifest = async (date: string) => (await market.stack.lake()).manifest.get('indices-close', businessDate(date));

describe('the closes of all indices, from the exchange to rows that can be queried', () => {
  it('loads the latest session, digit by digit, under the names people know', async () => {
    const ended = await run({});
    const printed = indexCloseCsv({ seed: 1, date: session }).trimEnd().split('\n').slice(1);
    expect(ended).toMatchObject({
      state: 'COMPLETED',
      result: { outcome: 'LOADED', trade_date: session, rows_in_file: printed.length, rows_loaded: printed.length },
    });
    const engine = await market.stack.engine();
    const detail = await engine.runs.get(ended.id);
    expect(detail?.taskRuns.map(({ name, stateType }) => [name, stateType])).toEqual(
      ['scrape', 'parse', 'normalize', 'write', 'load'].map((step) => [`${step}_indices_close`, 'COMPLETED']),
    );
    const names = ['open', 'high', 'low', 'close', 'points_change', 'change_pct', 'volume', 'turnover_crore'];
    const columns = [...names, 'pe', 'pb', 'div_yield'].map((name) => `ifNull(toString(${name}), '-')`);
    const rows = await market.sql(
      `SELECT index_name, ${columns.join(', ')} FROM index_ohlc WHERE trade_date = '${session}'`,
    );
    // The file writes .34 where SQL writes 0.34.
    const full = (text: string) => text.replace(/^(-?)\./, '$10.');
    const expected = printed.map((line) => {
      const [name, , ...values] = line.split(',');
      return [name, ...values.map(full)];
    });
    expect(rows.sort()).toEqual(expected.sort());
  });

  it('continues the session before', async () => {
    expect(await run({ trade_date: '2026-10-28' })).toMatchObject({ state: 'COMPLETED' });
    expect(await run({ trade_date: '2026-10-29' })).toMatchObject({ state: 'COMPLETED', result: { anomalies: [] } });
    const breaks = await market.sql(
      `SELECT index_name FROM index_ohlc AS a JOIN index_ohlc AS b USING (index_name)
       WHERE a.trade_date = '2026-10-29' AND b.trade_date = '2026-10-28' AND a.close - a.points_change <> b.close`,
    );
    expect(breaks).toEqual([]);
  });

  it('changes nothing when it runs again', async () => {
    const all = () =>
      market.sql(`SELECT event_id, ingest_time FROM index_ohlc WHERE trade_date = '${session}' ORDER BY event_id`);
    const before = await all();
    expect(await run({ trade_date: session })).toMatchObject({ state: 'COMPLETED', result: { revision: 1 } });
    expect(await all()).toEqual(before);
    expect((await manifest(session))?.revisions).toHaveLength(1);
  });

  it('replaces the rows when the exchange corrects its file', async () => {
    const rows = await count(session);
    fault('revised');
    expect(await run({ trade_date: session })).toMatchObject({ state: 'COMPLETED', result: { revision: 2 } });
    expect(await count(session)).toBe(rows - 1);
  });

  it('takes the same file from disk', async () => {
    const date = businessDate('2026-10-27');
    const file = join(market.home, 'ind_close_all_27102026.csv');
    await writeFile(file, indexCloseCsv({ seed: 1, date }));
    const asked = market.simulator.requests.total;
    expect(await run({ trade_date: date, file })).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED' } });
    expect(market.simulator.requests.total).toBe(asked);
  });

  it('says NO_SESSION for a Sunday and asks nothing', async () => {
    const asked = market.simulator.requests.total;
    const ended = await run({ trade_date: '2026-01-11' });
    expect(ended).toMatchObject({ state: 'COMPLETED', stateName: 'NoSession', result: { outcome: 'NO_SESSION' } });
    expect(market.simulator.requests.total).toBe(asked);
    expect(await manifest('2026-01-11')).toBeUndefined();
  });
});

describe('faults of the exchange', () => {
  it.each([
    ['404', 'MISSING', /no NSE indices close for 2026-10-16/],
    ['blocked', 'BLOCKED', /HTML page/],
    ['wrong-date', 'CORRUPT', /was asked for as 2026-10-16 but holds/],
  ])('%s → %s', async (kind, code, message) => {
    fault(kind);
    const failed = await run({ trade_date: '2026-10-16' });
    expect(failed).toMatchObject({ state: 'FAILED', error: { code, message: expect.stringMatching(message) } });
    expect(await manifest('2026-10-16')).toMatchObject({ outcome: code });
    expect(await count('2026-10-16')).toBe(0);
  });

  it('and when they clear, a plain run again succeeds', async () => {
    expect(await run({ trade_date: '2026-10-16' })).toMatchObject({
      state: 'COMPLETED',
      result: { outcome: 'LOADED' },
    });
    expect(await manifest('2026-10-16')).toMatchObject({ outcome: 'LOADED' });
  });

  it('quarantines the rows that break a rule, and only those', async () => {
    fault('corrupt-rows');
    const ended = await run({ trade_date: '2026-10-15' });
    const { rows_in_file = 0, rows_quarantined } = ended.result as { rows_in_file?: number; rows_quarantined?: number };
    expect(rows_quarantined).toBe(3);
    expect(await count('2026-10-15')).toBe(rows_in_file - 3);
    const rejected = await market.sql(
      `SELECT rule, row FROM quarantine WHERE trade_date = '2026-10-15' AND dataset = 'indices-close' ORDER BY rule`,
    );
    expect(rejected).toEqual([
      ['field_count', expect.stringMatching(/^Nifty/)],
      ['key_missing', expect.stringMatching(/^,15-10-2026/)],
      ['number_format', expect.stringMatching(/,N\/A,/)],
    ]);
  });
});
