import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@champion/core';
import type { IngestResult } from '@champion/flows';
import { type Simulator, type SimulatorOptions, startSimulator } from '@champion/simulator';
import { parseEnv } from '../config.ts';
import { openStack, type Stack } from '../stack.ts';

/** A platform of its own in a temporary folder, beside a simulated exchange. */
export interface Market {
  readonly home: string;
  readonly simulator: Simulator;
  readonly stack: Stack;
  /** Runs a flow to its end. */
  run(flow: string, parameters: Record<string, unknown>): Promise<Ended>;
  /** Runs nse-bhavcopy-etl to its end. */
  ingest(parameters: Record<string, unknown>): Promise<Ended>;
  /** Rows of a statement; decimals and 64-bit integers come as text. */
  sql(text: string): Promise<unknown[][]>;
  close(): Promise<void>;
}

interface Ended {
  readonly id: string;
  readonly state: string;
  readonly stateName: string;
  readonly message: string;
  readonly result: IngestResult | undefined;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string } | undefined;
}

export async function openMarket(options: { clock: Clock; simulator?: SimulatorOptions }): Promise<Market> {
  const home = await mkdtemp(join(tmpdir(), 'champion-market-'));
  const simulator = await startSimulator({ clock: options.clock, ...options.simulator });
  const config = parseEnv({
    CHAMPION_HOME: home,
    NSE_ARCHIVES_URL: simulator.url,
    NSE_SITE_URL: simulator.url,
    NSE_REQUESTS_PER_SECOND: '1000',
  });
  const stack = await openStack(config, { clock: options.clock });
  const run: Market['run'] = async (flow, parameters) => {
    const engine = await stack.engine();
    const started = await engine.run(flow, parameters);
    return (await started.result()) as unknown as Ended;
  };
  return {
    home,
    simulator,
    stack,
    run,
    ingest: (parameters) => run('nse-bhavcopy-etl', parameters),
    sql: async (text) => (await (await stack.warehouse()).sql(text)).rows,
    close: async () => {
      await stack.close();
      await simulator.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
