import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { businessDate, fixedClock } from '@champion/core';
import { holidayMasterJson, parseFault } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseEnv } from './config.ts';
import { openStack } from './stack.ts';
import { type Market, openMarket } from './testing/market.ts';

const clock = fixedClock('2026-03-02T10:00:00+05:30');

let market: Market;
beforeAll(async () => {
  market = await openMarket({ clock });
});
afterAll(() => market?.close());
afterEach(() => market.simulator.setFaults([]));

const run = (parameters: Record<string, unknown>) => market.run('trading-calendar-etl', parameters);
const sessions = async (year: number) =>
  Number(
    (
      await market.sql(
        `SELECT count() FROM trading_calendar WHERE segment = 'CM' AND calendar_year = ${year} AND is_session`,
      )
    )[0]?.[0],
  );

describe('the trading calendar', () => {
  it('is loaded for every day of the year in every segment, by the tasks that people know', async () => {
    const ended = await run({});
    expect(ended).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED', trade_date: '2026-03-02' } });
    const { rows_in_file, rows_loaded, rows_quarantined } = ended.result as Record<string, unknown> as Record<
      string,
      number
    >;
    expect([rows_loaded, rows_quarantined]).toEqual([11 * 365, 0]);
    expect(rows_in_file).toBeLessThan(365);
    const detail = await (await market.stack.engine()).runs.get(ended.id);
    expect(detail?.taskRuns.map(({ name }) => name)).toEqual([
      'scrape_trading_calendar',
      'parse_trading_calendar',
      'write_trading_calendar_parquet',
      'load_trading_calendar_clickhouse',
    ]);
    const { calendar } = market.stack.services;
    expect(await sessions(2026)).toBe(calendar.sessions(businessDate('2026-01-01'), businessDate('2026-12-31')).length);
  });

  it('changes nothing when it runs again, on that day or another', async () => {
    const read = () => market.sql('SELECT event_id, is_session FROM trading_calendar ORDER BY event_id');
    const before = await read();
    for (const trade_date of ['2026-03-02', '2026-02-28']) {
      expect(await run({ trade_date })).toMatchObject({ state: 'COMPLETED', result: { rows_loaded: 4015 } });
      expect(await read()).toEqual(before);
    }
  });

  it('keeps each year beside the others', async () => {
    const file = join(market.home, 'holiday-master_2025.json');
    await writeFile(file, holidayMasterJson({ year: 2025 }));
    expect(await run({ trade_date: '2025-01-01', file })).toMatchObject({ state: 'COMPLETED' });
    expect(await sessions(2025)).toBe(249);
    expect(await sessions(2026)).toBeGreaterThan(240);
  });

  it('is refused for a year that the exchange does not serve, and stays as it was', async () => {
    const ended = await run({ trade_date: '2024-07-10' });
    expect(ended).toMatchObject({ state: 'FAILED', error: { code: 'CORRUPT' } });
    expect(ended.error?.message).toContain('but holds 2026');
    expect(await sessions(2024)).toBe(0);
    expect(await sessions(2025)).toBe(249);
  });

  it.each([
    ['404', 'MISSING'],
    ['blocked', 'BLOCKED'],
  ])('says %s as %s', async (fault, code) => {
    market.simulator.setFaults([parseFault(fault)]);
    expect(await run({ trade_date: '2026-02-27' })).toMatchObject({ state: 'FAILED', error: { code } });
    expect(await sessions(2026)).toBeGreaterThan(240);
  });
});

describe('the calendar that the platform goes by', () => {
  const withHome = async (use: (home: string, open: () => ReturnType<typeof openStack>) => Promise<void>) => {
    const home = await mkdtemp(join(tmpdir(), 'champion-calendar-'));
    try {
      await use(home, () =>
        openStack(
          parseEnv({ CHAMPION_HOME: home, NSE_ARCHIVES_URL: market.simulator.url, NSE_SITE_URL: market.simulator.url }),
          { clock },
        ),
      );
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  };
  const day = (stack: Awaited<ReturnType<typeof openStack>>, text: string) =>
    stack.services.calendar.day(businessDate(text));

  it('takes the loaded list, and over it what a person wrote', async () => {
    await withHome(async (home, open) => {
      const file = join(home, 'holiday-master_2027.json');
      const listed = (tradingDate: string, description: string) => ({ tradingDate, description });
      await writeFile(
        file,
        JSON.stringify({ CM: [listed('26-Jan-2027', 'Republic Day'), listed('29-Oct-2027', 'Diwali Laxmi Pujan')] }),
      );
      let stack = await open();
      expect(day(stack, '2027-01-26')).toMatchObject({ open: true });
      await stack.close();

      // One engine in a process: the market's writes into the other home's lake.
      const lake = { load_to_clickhouse: false, output_base_path: join(home, 'lake') };
      expect(await run({ trade_date: '2027-01-01', file, ...lake })).toMatchObject({ state: 'COMPLETED' });
      await writeFile(join(home, 'calendar-overrides.json'), '{"holidays": {"2027-03-08": "State election"}}');
      stack = await open();
      expect(day(stack, '2027-01-26')).toEqual({ open: false, reason: 'holiday', name: 'Republic Day' });
      expect(day(stack, '2027-10-29')).toMatchObject({ open: true, kind: 'muhurat' });
      expect(day(stack, '2027-03-08')).toMatchObject({ open: false, name: 'State election' });
      expect(stack.services.calendar.holidaysKnown(businessDate('2027-06-01'))).toBe(true);
      expect(day(stack, '2026-12-25')).toMatchObject({ open: false, name: 'Christmas' });
      await stack.close();
    });
  });

  it('says what is wrong with what a person wrote, and lets go of the folder', async () => {
    await withHome(async (home, open) => {
      const path = join(home, 'calendar-overrides.json');
      await writeFile(path, '{"holidays": ["2027-03-08"]}');
      await expect(open()).rejects.toMatchObject({ code: 'CONFIG', message: expect.stringContaining(path) });
      await rm(path);
      await mkdir(path);
      await expect(open()).rejects.toMatchObject({ code: 'CONFIG', message: `${path} cannot be read` });
      await rm(path, { recursive: true });
      await (await open()).close();
    });
  });
});
