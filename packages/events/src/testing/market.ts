import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedClock } from '@champion/core';
import { openStack, parseEnv, type Stack } from '@champion/server';
import { parseFault, startSimulator } from '@champion/simulator';

/** The whole platform on a home of its own, beside a simulated exchange, with rows going to Kafka. */
export interface Market {
  /** Runs a flow to its end. */
  run(flow: string, parameters: Readonly<Record<string, unknown>>): Promise<{ state: string; message?: string }>;
  readonly stack: () => Stack;
  /** Ends the process, as far as the platform is concerned, and begins a new one. */
  restart(): Promise<void>;
  /** Whether the exchange has corrected its files. */
  revised(yes: boolean): void;
  close(): Promise<void>;
}

/** @param now the market's time, with its offset */
export async function openMarket(brokers: string | undefined, now: string): Promise<Market> {
  const home = await mkdtemp(join(tmpdir(), 'champion-events-market-'));
  const clock = fixedClock(new Date(now));
  const simulator = await startSimulator({ clock });
  const config = parseEnv({
    CHAMPION_HOME: home,
    NSE_ARCHIVES_URL: simulator.url,
    NSE_SITE_URL: simulator.url,
    NSE_REQUESTS_PER_SECOND: '1000',
    KAFKA_BROKERS: brokers,
  });
  let stack = await openStack(config, { clock });
  return {
    stack: () => stack,
    run: async (flow, parameters) => {
      const run = await (await stack.engine()).run(flow, parameters);
      return run.result();
    },
    restart: async () => {
      await stack.close();
      stack = await openStack(config, { clock });
    },
    revised: (yes) => simulator.setFaults(yes ? [parseFault('revised')] : []),
    close: async () => {
      await stack.close();
      await simulator.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
