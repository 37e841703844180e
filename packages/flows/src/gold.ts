import { type BusinessDate, BusinessDateSchema, plural } from '@champion/core';
import { type Completed, completed, type Flow, flow, type TaskContext, task } from '@champion/engine';
import { z } from 'zod';
import { type MarketSnapshot, takeSnapshot } from './gold-snapshot.ts';
import { marketReport } from './report.ts';
import type { Services } from './services.ts';

/** A gold table's rows of a session. */
interface GoldRows {
  readonly table: string;
  readonly rows: number;
}

export type GoldResult =
  | { readonly outcome: 'NO_SESSION'; readonly trade_date: BusinessDate; readonly reason: string }
  | {
      readonly outcome: 'COMPUTED';
      readonly trade_date: BusinessDate;
      readonly tables: readonly GoldRows[];
      readonly snapshot: MarketSnapshot;
      /** Plain text. */
      readonly report: string;
    };

const Parameters = z.strictObject({ trade_date: BusinessDateSchema });
export type GoldFlow = Flow<typeof Parameters, GoldResult>;

export const GOLD_FLOW = {
  name: 'market-gold-etl',
  description: 'Gold tables of a session from what is loaded: compute, store, sum up',
  tasks: { compute: 'compute_gold', write: 'write_gold_parquet', snapshot: 'take_market_snapshot' },
};

/** The longest of the tables takes some seconds on twenty years of bars. */
const TIMEOUT_MS = 600_000;
const RETRIES = 2;

interface Computed {
  readonly trade_date: BusinessDate;
  readonly tables: readonly GoldRows[];
}

/** Computes a session's gold from what is loaded now; running it again gives the same. */
export function goldFlow(services: Services): GoldFlow {
  const { tasks } = GOLD_FLOW;
  const options = { retries: RETRIES, timeoutMs: TIMEOUT_MS };
  const compute = task({ name: tasks.compute, ...options }, (date: BusinessDate, context) =>
    computeGold(services, date, context),
  );
  const write = task({ name: tasks.write, ...options }, (computed: Computed, context) =>
    writeGold(services, computed, context),
  );
  const snapshot = task({ name: tasks.snapshot, ...options }, async ({ trade_date }: Computed) =>
    takeSnapshot(await services.warehouse(), trade_date),
  );
  return flow(
    {
      name: GOLD_FLOW.name,
      description: GOLD_FLOW.description,
      parameters: Parameters,
      runName: ({ trade_date }) => `market-gold-${trade_date}`,
    },
    async ({ trade_date }): Promise<Completed<GoldResult>> => {
      const day = services.calendar.day(trade_date);
      if (!day.open) {
        const reason = `${trade_date} is no session: ${day.name}`;
        return completed({ outcome: 'NO_SESSION', trade_date, reason }, { name: 'NoSession', message: reason });
      }
      const written = await write(await compute(trade_date));
      const market = await snapshot(written);
      const result: GoldResult = {
        outcome: 'COMPUTED',
        trade_date,
        tables: written.tables,
        snapshot: market,
        report: marketReport(market),
      };
      const rows = written.tables.reduce((sum, table) => sum + table.rows, 0);
      const said = market.summary === null ? `no bars of ${trade_date} are loaded: ` : '';
      return completed(result, {
        message: `${said}${plural(rows, 'row')} in ${plural(written.tables.length, 'table')}`,
      });
    },
  );
}

async function computeGold(services: Services, date: BusinessDate, { log }: TaskContext): Promise<Computed> {
  const warehouse = await services.warehouse();
  const computed = await warehouse.computeGold(date);
  for (const { table, rows, missing } of computed) {
    if (missing.length > 0) log.warn(`${table} is left out: the warehouse has no ${missing.join(', ')}`);
    else log.info(`${table}: ${plural(rows, 'row')}`);
  }
  const there = computed.filter(({ missing }) => missing.length === 0);
  return { trade_date: date, tables: there.map(({ table, rows }) => ({ table, rows })) };
}

/** The Parquet copies: `gold/<table>/trade_date=<date>/gold.parquet`. A table without rows has none. */
async function writeGold(services: Services, computed: Computed, { log }: TaskContext): Promise<Computed> {
  const warehouse = await services.warehouse();
  const lake = await services.lake(undefined);
  for (const { table, rows } of computed.tables) {
    const address = { layer: 'gold', table, date: computed.trade_date, part: 'gold' } as const;
    if (rows === 0) {
      await lake.removeTable(address);
      continue;
    }
    const { path, bytes } = await lake.writeTable({
      ...address,
      write: (file) => warehouse.exportGold({ table, date: computed.trade_date, file }),
    });
    log.info(`${path}: ${bytes} bytes`);
  }
  return computed;
}
