import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BusinessDate, fixedClock, median } from '@champion/core';
import { bhavcopy } from '@champion/datasets';
import { Engine, flow, startEmbeddedPostgres, task } from '@champion/engine';
import { createExchange } from '@champion/exchange';
import { backfill, openStack, parseEnv } from '@champion/server';
import { openWarehouse } from '@champion/warehouse';
import { type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { z } from 'zod';

function stackIn(home: string, url: string, now = '2026-11-01T20:00:00+05:30') {
  const config = parseEnv({
    CHAMPION_HOME: home,
    NSE_ARCHIVES_URL: url,
    NSE_SITE_URL: url,
    NSE_REQUESTS_PER_SECOND: '1000',
  });
  return openStack(config, { clock: fixedClock(now) });
}

function report(value: unknown): void {
  process.send?.(value);
}

/** Milliseconds since this process began, until engine and warehouse are ready. */
export async function startUp(home: string, url: string): Promise<void> {
  const stack = await stackIn(home, url);
  await Promise.all([stack.engine(), stack.warehouse()]);
  report(performance.now());
  await stack.close();
  process.disconnect();
}

/** Median of 50 runs of five tasks that do nothing. */
export async function emptyTasks(home: string): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') });
  const tasks = [1, 2, 3, 4, 5].map((n) =>
    task({ name: `empty_${n}` }, async (input: { n: number }) => ({ n: input.n + 1 })),
  );
  const five = flow({ name: 'five-empty-tasks', parameters: z.strictObject({}) }, async () => {
    let value = { n: 0 };
    for (const next of tasks) value = await next(value);
    return value;
  });
  const engine = await Engine.start({ databaseUrl: postgres.url, flows: [five] });
  const once = async () => {
    const from = performance.now();
    await (await engine.run('five-empty-tasks', {})).result();
    return performance.now() - from;
  };
  for (let i = 0; i < 10; i++) await once();
  const times: number[] = [];
  for (let i = 0; i < 50; i++) times.push(await once());
  report(median(times));
  await engine.stop();
  await postgres.stop();
  process.disconnect();
}

/** The product: the flow over the sessions, one after another for the warm-up and the median, then four at a time. */
export async function product(home: string, url: string, list: string, warmUp: string): Promise<void> {
  const sessions = list.split(',');
  const stack = await stackIn(home, url);
  const engine = await stack.engine();
  await stack.warehouse();
  const ingest = async (trade_date: string, output_base_path?: string) => {
    const run = await engine.run('nse-bhavcopy-etl', { trade_date, ...(output_base_path ? { output_base_path } : {}) });
    const outcome = await run.result();
    if (outcome.state !== 'COMPLETED') throw new Error(`${trade_date}: ${outcome.message}`);
    return Number((outcome.result as { rows_loaded: number }).rows_loaded);
  };
  const [first, rest] = [sessions.slice(0, Number(warmUp)), sessions.slice(Number(warmUp))];
  for (const session of first) await ingest(session);
  const from = performance.now();
  const rows = await inParallel(rest, 4, (session) => ingest(session));
  const allMs = performance.now() - from;
  // The median of single sessions comes from the same sessions once their rows are out of the warehouse again.
  const warehouse = await stack.warehouse();
  for (const trade_date of rest) {
    await warehouse.loadSlice({ table: bhavcopy.table, scope: { trade_date }, source: '', rows: 0, file: undefined });
  }
  const times: number[] = [];
  for (const session of rest) times.push(await timed(() => ingest(session)));
  report({
    oneMs: median(times),
    allMs,
    rows: sum(rows),
    peakMib: process.resourceUsage().maxRSS / 1024,
  });
  await stack.close();
  process.disconnect();
}

/** `champion backfill` over the sessions, four at a time, after a warm-up. */
export async function backfilled(home: string, url: string, list: string, warmUp: string): Promise<void> {
  const sessions = list.split(',') as BusinessDate[];
  const stack = await stackIn(home, url);
  const engine = await stack.engine();
  await stack.warehouse();
  const [first, rest] = [sessions.slice(0, Number(warmUp)), sessions.slice(Number(warmUp))];
  const run = async (some: readonly BusinessDate[]) => {
    const [from, to] = [some[0], some.at(-1)];
    if (!from || !to) throw new Error('there are no sessions to backfill');
    const done = await backfill(stack.services, engine, {
      dataset: bhavcopy,
      from,
      to,
      only: 'missing',
      concurrency: 4,
    });
    if (done.state !== 'completed') throw new Error(`the backfill is ${done.state}: ${done.message}`);
  };
  await run(first);
  const allMs = await timed(() => run(rest));
  const rows = await (await stack.warehouse()).sql('SELECT count() FROM equity_ohlc');
  report({
    oneMs: allMs / rest.length,
    allMs,
    rows: Number(rows.rows[0]?.[0]),
    peakMib: process.resourceUsage().maxRSS / 1024,
  });
  await stack.close();
  process.disconnect();
}

/** The combined flow of one evening, in a process that ran the evening before. */
export async function combined(home: string, url: string): Promise<void> {
  const stack = await stackIn(home, url, '2026-10-30T21:00:00+05:30');
  const engine = await stack.engine();
  const evening = async (trade_date: string) => {
    const outcome = await (await engine.run('combined-market-data-etl', { trade_date })).result();
    if (outcome.state !== 'COMPLETED') throw new Error(`${trade_date}: ${outcome.message}`);
  };
  await evening('2026-10-29');
  report(await timed(() => evening('2026-10-30')));
  await stack.close();
  process.disconnect();
}

/**
 * The floor: the same Polars and chDB work in a straight line. It reads, checks (also against the session before), writes
 * the bronze and the silver file and inserts, all in memory from step to step, without engine, lake and records.
 */
export async function floor(home: string, url: string, list: string, warmUp: string): Promise<void> {
  await mkdir(home, { recursive: true });
  const sessions = list.split(',') as BusinessDate[];
  const path = join(home, 'warehouse');
  const prepared = await openWarehouse({ kind: 'embedded', path });
  await prepared.migrate(bhavcopy.migrations);
  await prepared.close();
  // The two packages each declare the same Connection; only a private field of an unused class sets them apart.
  const connection = createChdbConnection({ path }) as unknown as NonNullable<
    ClickHouseClientConfigOptions['connection']
  >;
  const clickhouse = createClient({ connection });
  const exchange = createExchange({ archivesUrl: url, siteUrl: url, requestsPerSecond: 1000 });
  let previous: Parameters<typeof bhavcopy.normalize>[0]['previous'];
  const ingest = async (date: BusinessDate) => {
    const [slice] = bhavcopy.slices(date, {});
    const request = slice?.inputs[0].requests[0];
    if (!slice || !request) throw new Error(`nothing to ask for on ${date}`);
    const { bytes } = await exchange.fetch(request);
    const parsed = await bhavcopy.parse({ slice, files: { bhavcopy: { bytes, fileName: 'bhavcopy.csv.zip' } }, date });
    const bronze = parsed.bronze.bhavcopy;
    if (!bronze) throw new Error(`no rows on ${date}`);
    bronze.writeParquet(join(home, `${date}.bronze.parquet`), { compression: 'zstd' });
    const { silver } = bhavcopy.normalize({
      slice,
      bronze: parsed.bronze,
      format: parsed.format,
      date,
      source: `floor/${date}`,
      ingestTime: new Date(),
      previous,
      snapshot: undefined,
      latestSnapshot: undefined,
      recentRowCounts: [],
    });
    previous = { date, adjacent: true, silver };
    const file = join(home, `${date}.parquet`);
    silver.writeParquet(file, { compression: 'zstd' });
    const columns = silver.columns.join(', ');
    await clickhouse.command({
      query: `INSERT INTO champion.equity_ohlc (${columns}) SELECT ${columns} FROM file('${file}', Parquet)`,
    });
    return silver.height;
  };
  const [first, rest] = [sessions.slice(0, Number(warmUp)), sessions.slice(Number(warmUp))];
  for (const session of first) await ingest(session);
  const times: number[] = [];
  let rows = 0;
  const from = performance.now();
  for (const session of rest) {
    times.push(
      await timed(async () => {
        rows += await ingest(session);
      }),
    );
  }
  const allMs = performance.now() - from;
  report({ oneMs: median(times), allMs, rows, peakMib: process.resourceUsage().maxRSS / 1024 });
  await clickhouse.close();
  await exchange.close();
  process.disconnect();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** Runs `work` over the items, at most `width` at a time. */
async function inParallel<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const [i, item] of queue) results[i] = await work(item);
    }),
  );
  return results;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
