import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { businessDate, type Clock } from '@champion/core';
import type { IngestResult } from '@champion/flows';
import { dealsCsv, dealsJson, parseFault } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Market, openMarket } from './testing/market.ts';

// Friday 2026-10-30, late in the evening in India: that day's lists are final.
const evening = new Date('2026-10-30T22:00:00+05:30');
let now = evening;
const clock: Clock = { now: () => now };
const session = '2026-10-30';
const SLICES = ['bulk-deals', 'block-deals', 'short-selling'] as const;

type Loaded = Extract<IngestResult, { outcome: 'LOADED' }>;

interface Ended {
  readonly id: string;
  readonly state: string;
  readonly result: IngestResult | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

let market: Market;
beforeAll(async () => {
  market = await openMarket({ clock });
});
afterAll(() => market?.close());
afterEach(() => {
  market.simulator.setFaults([]);
  now = evening;
});

async function ingest(parameters: Record<string, unknown>): Promise<Ended> {
  const run = await (await market.stack.engine()).run('bulk-block-deals-etl', parameters);
  return (await run.result()) as unknown as Ended;
}

const fault = (...rules: string[]) => market.simulator.setFaults(rules.map(parseFault));
const outcomes = async (date: string) => {
  const { manifest } = await market.stack.lake();
  return Promise.all(SLICES.map(async (slice) => (await manifest.get(slice, businessDate(date)))?.outcome));
};
/** Rows in the warehouse by deal type. */
const counts = async (date: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (
      await market.sql(
        `SELECT deal_type, count() FROM bulk_block_deals WHERE trade_date = '${date}' GROUP BY deal_type`,
      )
    ).map(([type, rows]) => [String(type), Number(rows)]),
  );
const rowsOf = (run: Ended): Record<string, number> => {
  const { slices } = run.result as Loaded;
  return Object.fromEntries(slices.map(({ slice, rows_loaded }) => [slice, rows_loaded]));
};

describe('the deals of a session, from the exchange to rows that can be queried', () => {
  it('loads all three lists, under the names people know', async () => {
    const run = await ingest({});
    expect(run).toMatchObject({
      state: 'COMPLETED',
      result: { outcome: 'LOADED', trade_date: session, source_format: 'api_csv', rows_quarantined: 0 },
    });
    const rows = rowsOf(run);
    expect(rows['bulk-deals']).toBeGreaterThanOrEqual(50);
    expect(await counts(session)).toMatchObject({ BULK: rows['bulk-deals'], SHORT: rows['short-selling'] });
    expect(await outcomes(session)).toEqual(['LOADED', 'LOADED', 'LOADED']);
    const detail = await (await market.stack.engine()).runs.get(run.id);
    expect(detail?.taskRuns.map(({ name }) => name)).toEqual([
      'scrape_bulk_block_deals',
      'parse_bulk_block_deals',
      'normalize_bulk_block_deals',
      'write_bulk_block_deals',
      'load_bulk_block_deals',
    ]);
  });

  it('keeps quantity times price exact, and both sides of every block deal', async () => {
    const wrong = `SELECT count() FROM bulk_block_deals WHERE value != toDecimal128(quantity, 0) * price`;
    expect(await market.sql(wrong)).toEqual([['0']]);
    const uneven = `SELECT symbol FROM bulk_block_deals WHERE deal_type = 'BLOCK' AND trade_date = '${session}'
      GROUP BY symbol HAVING sumIf(quantity, side = 'BUY') != sumIf(quantity, side = 'SELL')`;
    expect(await market.sql(uneven)).toEqual([]);
  });

  it('changes nothing when it runs again', async () => {
    const rows = `SELECT event_id, ingest_time FROM bulk_block_deals WHERE trade_date = '${session}' ORDER BY event_id`;
    const before = await market.sql(rows);
    expect(await ingest({ trade_date: session })).toMatchObject({ state: 'COMPLETED', result: { revision: 1 } });
    expect(await market.sql(rows)).toEqual(before);
  });

  it('takes the same list in another format for the same rows', async () => {
    const rows = `SELECT event_id FROM bulk_block_deals WHERE trade_date = '${session}' AND deal_type = 'BULK'
      ORDER BY event_id`;
    const before = await market.sql(rows);
    const others = await counts(session);
    const file = join(market.home, `bulk-block-short-deals_bulk_${session}.json`);
    await writeFile(file, dealsJson({ seed: 1, date: businessDate(session), kind: 'bulk_deals' }));
    const run = await ingest({ trade_date: session, file });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { source_format: 'api_json', revision: 2 } });
    expect(await market.sql(rows)).toEqual(before);
    expect(await counts(session)).toEqual(others);
  });

  it('takes a session out of an export of many', async () => {
    const [from, to] = [businessDate('2026-09-01'), businessDate('2026-09-30')];
    const file = join(market.home, 'Bulk-Deals-01-09-2026-to-30-09-2026.csv');
    await writeFile(file, dealsCsv({ seed: 1, from, to, kind: 'bulk_deals' }));
    const lines = readFileSync(file, 'utf8').split('\n');
    for (const [date, printed] of [
      ['2026-09-10', '10-SEP-2026'],
      ['2026-09-11', '11-SEP-2026'],
    ] as const) {
      const run = await ingest({ trade_date: date, file });
      const rows = lines.filter((line) => line.startsWith(`"${printed}"`)).length;
      expect(run).toMatchObject({ state: 'COMPLETED', result: { rows_in_file: rows, rows_loaded: rows } });
      expect(await counts(date)).toEqual({ BULK: rows });
    }
  });
});

describe('what may go wrong', () => {
  it('has no session on a Sunday, but one on the Sunday of the budget', async () => {
    expect(await ingest({ trade_date: '2026-01-11' })).toMatchObject({ result: { outcome: 'NO_SESSION' } });
    expect(await ingest({ trade_date: '2026-02-01' })).toMatchObject({ result: { outcome: 'LOADED' } });
    expect((await counts('2026-02-01')).BULK).toBeGreaterThan(0);
  });

  it('takes the rolling file of the day when the API has none', async () => {
    fault('404 x1');
    const run = await ingest({ trade_date: session });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { source_format: 'archive_csv' } });
  });

  it('refuses the rolling file of another day, fails for it, and loads the other lists', async () => {
    const date = '2026-10-27';
    fault('404 x1');
    const run = await ingest({ trade_date: date });
    expect(run).toMatchObject({ state: 'FAILED', error: { code: 'CORRUPT' } });
    expect(run.error?.message).toContain(`asked for as ${date} but holds ${session}`);
    expect(await outcomes(date)).toEqual(['CORRUPT', 'LOADED', 'LOADED']);
    const rows = await counts(date);
    expect(rows.BULK).toBeUndefined();
    expect(rows.SHORT).toBeGreaterThan(0);
    market.simulator.setFaults([]);
    expect(await ingest({ trade_date: date })).toMatchObject({ state: 'COMPLETED' });
    expect((await counts(date)).BULK).toBeGreaterThanOrEqual(50);
  });

  it.each([
    ['404', 'MISSING'],
    ['blocked', 'BLOCKED'],
    ['wrong-date', 'CORRUPT'],
  ])('%s → %s, and nothing is loaded', async (kind, code) => {
    fault(kind);
    const run = await ingest({ trade_date: '2026-10-26' });
    expect(run).toMatchObject({ state: 'FAILED', error: { code } });
    expect(await counts('2026-10-26')).toEqual({});
  });

  it('counts a session without block deals as loaded', async () => {
    const run = await ingest({ trade_date: '2026-10-28' });
    expect(run).toMatchObject({ state: 'COMPLETED' });
    expect(rowsOf(run)['block-deals']).toBe(0);
    expect(await outcomes('2026-10-28')).toEqual(['LOADED', 'LOADED', 'LOADED']);
    expect((await counts('2026-10-28')).BLOCK).toBeUndefined();
  });

  it.each([
    ['2026-10-19', 'LOADED', 'the day of the bulk deals beside it'],
    ['2026-10-16', 'CORRUPT', 'not the day after'],
  ])('takes NO RECORDS in a rolling file for %s as %s: it is of %s', async (date, outcome) => {
    now = new Date('2026-10-19T22:00:00+05:30');
    // Both of the bulk deals' addresses, and the first of the block deals'.
    fault('404 x3');
    expect(await ingest({ trade_date: date })).toMatchObject({ state: 'FAILED' });
    expect(await outcomes(date)).toEqual(['MISSING', outcome, 'LOADED']);
  });

  it('quarantines the rows that break a rule, and only those', async () => {
    fault('corrupt-rows');
    const run = await ingest({ trade_date: '2026-10-23' });
    const { rows_in_file, rows_loaded, rows_quarantined } = run.result as Loaded;
    expect(run.state).toBe('COMPLETED');
    expect(rows_quarantined).toBeGreaterThan(0);
    expect(rows_loaded + rows_quarantined).toBe(rows_in_file);
    const rules = await market.sql(
      `SELECT rule, any(row) FROM quarantine WHERE trade_date = '2026-10-23' AND dataset = 'bulk-deals'
       GROUP BY rule ORDER BY rule`,
    );
    expect(rules.map(([rule]) => rule)).toEqual(['field_count', 'key_missing', 'number_format']);
    expect(rules[2]?.[1]).toContain('N/A');
  });
});

describe('while the lists are not final', () => {
  it('has nothing before 15:00, a part from then, and in the evening the whole in its place', async () => {
    const date = '2026-10-22';
    now = new Date(`${date}T14:59:00+05:30`);
    expect(await ingest({ trade_date: date })).toMatchObject({ state: 'FAILED', error: { code: 'NOT_PUBLISHED_YET' } });
    now = new Date(`${date}T15:00:00+05:30`);
    const part = await ingest({ trade_date: date });
    expect(await counts(date)).toMatchObject({ BULK: rowsOf(part)['bulk-deals'] });
    now = evening;
    const whole = await ingest({ trade_date: date });
    expect(whole).toMatchObject({ state: 'COMPLETED', result: { revision: 2 } });
    expect(rowsOf(part)['bulk-deals']).toBeLessThan(rowsOf(whole)['bulk-deals'] ?? 0);
    expect(await counts(date)).toMatchObject({ BULK: rowsOf(whole)['bulk-deals'] });
  });
});
