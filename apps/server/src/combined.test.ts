import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fixedClock } from '@champion/core';
import { datasets } from '@champion/datasets';
import type { FlowRunOutcome } from '@champion/engine';
import type { CombinedResult } from '@champion/flows';
import { parseFault } from '@champion/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Market, openMarket } from './testing/market.ts';

// Friday 2026-10-30, late in the evening in India: everything of that day is out.
const clock = fixedClock('2026-10-30T22:00:00+05:30');
const session = '2026-10-30';

let market: Market;
beforeAll(async () => {
  market = await openMarket({ clock });
});
afterAll(() => market?.close());
afterEach(() => market.simulator.setFaults([]));

async function combined(parameters: Record<string, unknown>): Promise<FlowRunOutcome> {
  const engine = await market.stack.engine();
  return (await engine.run('combined-market-data-etl', parameters)).result();
}

describe('an evening, all of it', () => {
  it('loads every dataset of the session, computes gold and tells what came of it', async () => {
    const run = await combined({});
    expect(run.error).toBeUndefined();
    expect(run).toMatchObject({ state: 'COMPLETED', stateName: 'Completed' });
    const result = run.result as CombinedResult;
    expect(result.trade_date).toBe(session);
    expect(result.flows.map(({ flow, state }) => [flow, state]).sort()).toEqual(
      [...datasets.map(({ flow }) => flow.name), 'market-gold-etl'].map((flow) => [flow, 'LOADED']).sort(),
    );
    for (const end of result.flows)
      if (end.flow !== 'market-gold-etl') expect(end.rows_loaded, end.flow).toBeGreaterThan(0);
    const { snapshot, report } = result;
    expect(snapshot?.summary?.instruments).toBeGreaterThan(1_000);
    expect(snapshot?.gainers).toHaveLength(5);
    expect(snapshot?.losers).toHaveLength(5);
    expect(snapshot?.options.map(({ symbol }) => symbol)).toEqual(['BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY', 'NIFTY']);
    expect(report).not.toContain('not loaded');
    expect(report).toContain('Market of Friday 2026-10-30');
  }, 90_000);

  it('shows the flows as runs of their own, under it', async () => {
    const engine = await market.stack.engine();
    const [parent] = await engine.runs.list({ flowName: 'combined-market-data-etl', limit: 1 });
    const runs = await engine.runs.list({ limit: 100 });
    expect(runs.filter((run) => run.parentFlowRunId === parent?.id)).toHaveLength(datasets.length + 1);
  });

  it('leaves Parquet copies of gold', async () => {
    for (const table of ['daily_market_summary', 'indicators', 'option_summary']) {
      await access(join(market.home, 'lake/gold', table, `trade_date=${session}`, 'gold.parquet'));
    }
  });

  it('changes nothing when it runs again', async () => {
    const counts = () =>
      market.sql(`SELECT (SELECT count() FROM equity_ohlc), (SELECT count() FROM indicators),
        (SELECT count() FROM bulk_block_deals), (SELECT count() FROM option_chain)`);
    const before = await counts();
    expect(await combined({ trade_date: session })).toMatchObject({ state: 'COMPLETED' });
    expect(await counts()).toEqual(before);
  });
});

describe('an earlier session', () => {
  it('does not ask for what the exchange serves of the latest one only, and says so', async () => {
    const run = await combined({ trade_date: '2026-10-29' });
    expect(run.error).toBeUndefined();
    const { flows, report } = run.result as CombinedResult;
    const skipped = flows.filter(({ state }) => state === 'SKIPPED');
    expect(skipped.map(({ flow }) => flow).sort()).toEqual(
      datasets
        .filter(({ latestOnly }) => latestOnly)
        .map(({ flow }) => flow.name)
        .sort(),
    );
    expect(report).toMatch(/Options +not loaded/);
    expect(report).toMatch(/option-chain-etl +not run: .*2026-10-30/);
  });
});

describe('one that fails', () => {
  it('does not keep the others from loading, and is named', async () => {
    market.simulator.setFaults([parseFault('truncated-zip@2026-10-28')]);
    const run = await combined({ trade_date: '2026-10-28' });
    expect(run).toMatchObject({ state: 'FAILED' });
    expect(run.error?.message).toBe('1 of 8 flows failed: nse-bhavcopy-etl (CORRUPT)');
    const { flows, report } = (run.error?.context.result ?? {}) as CombinedResult;
    const states = Object.fromEntries(flows.map(({ flow, state }) => [flow, state]));
    expect(states).toMatchObject({
      'nse-bhavcopy-etl': 'FAILED',
      'bulk-block-deals-etl': 'LOADED',
      'indices-close-etl': 'LOADED',
      'symbol-master-etl': 'LOADED',
      'trading-calendar-etl': 'LOADED',
      'market-gold-etl': 'LOADED',
    });
    expect(report).toMatch(/Bars +not loaded/);
    expect(report).toMatch(/Indices +Nifty 50 /);
    expect(report).toMatch(/✗ nse-bhavcopy-etl +failed: /);
    expect(await market.sql("SELECT count() FROM bulk_block_deals WHERE trade_date = '2026-10-28'")).not.toEqual([
      ['0'],
    ]);
    expect(await market.sql("SELECT count() FROM daily_market_summary WHERE trade_date = '2026-10-28'")).toEqual([
      ['0'],
    ]);
  });

  it('is made good by running it again', async () => {
    const run = await combined({ trade_date: '2026-10-28' });
    expect(run).toMatchObject({ state: 'COMPLETED' });
    expect((run.result as CombinedResult).snapshot?.summary?.instruments).toBeGreaterThan(1_000);
  });
});

describe('a day without a session', () => {
  it('ends as one, and loads what is of any day', async () => {
    const run = await combined({ trade_date: '2026-10-25' });
    expect(run).toMatchObject({ state: 'COMPLETED', stateName: 'NoSession' });
    const { flows } = run.result as CombinedResult;
    expect(flows.find(({ flow }) => flow === 'nse-bhavcopy-etl')).toMatchObject({ state: 'NO_SESSION' });
    expect(flows.find(({ flow }) => flow === 'trading-calendar-etl')).toMatchObject({ state: 'LOADED' });
  });
});

describe('without the warehouse', () => {
  it('fills the lake and computes no gold', async () => {
    const run = await combined({ trade_date: '2026-10-27', load_to_clickhouse: false });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { snapshot: null } });
    expect((run.result as CombinedResult).report).toMatch(/market-gold-etl +not run: /);
  });
});
