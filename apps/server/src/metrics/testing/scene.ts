import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@champion/core';
import { datasets } from '@champion/datasets';
import { ControlPlane, Engine, flow, task } from '@champion/engine';
import { createExchange } from '@champion/exchange';
import { describeFlows, marketFlows, type Services } from '@champion/flows';
import { type Simulator, startSimulator } from '@champion/simulator';
import { z } from 'zod';
import { parseEnv } from '../../config.ts';
import { openStack } from '../../stack.ts';
import { exchangeMetrics, type Metrics, type MetricsParts, metricsOf } from '../index.ts';

/** A platform with a worker, beside a simulated exchange, and its metrics. */
export interface Scene {
  readonly simulator: Simulator;
  readonly plane: ControlPlane;
  readonly metrics: Metrics;
  readonly parts: MetricsParts;
  /** Has the worker run a flow to its end. @returns the state it ended in */
  run(flowName: string, parameters?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** Flows that the metrics have never heard of. */
const unheardOf = ['first-stranger', 'second-stranger'].map((name) => {
  const odd = task({ name: `${name}-task` }, async (_: null) => null);
  return flow({ name, parameters: z.strictObject({}) }, async () => odd(null));
});

export async function openScene(clock: Clock): Promise<Scene> {
  const home = await mkdtemp(join(tmpdir(), 'champion-metrics-'));
  const simulator = await startSimulator({ clock });
  const config = parseEnv({ CHAMPION_HOME: home, NSE_ARCHIVES_URL: simulator.url, NSE_SITE_URL: simulator.url });
  const stack = await openStack(config, { clock });
  const told = exchangeMetrics();
  const { lake, warehouse, calendar } = stack.services;
  const exchange = createExchange({
    archivesUrl: simulator.url,
    siteUrl: simulator.url,
    requestsPerSecond: 1_000,
    clock,
    onRequest: told.onRequest,
  });
  const services: Services = { exchange, lake, warehouse, calendar, clock };
  const flows = [...marketFlows(datasets, services), ...unheardOf];
  const databaseUrl = await stack.databaseUrl();
  const plane = await ControlPlane.open({ databaseUrl, flows });
  await plane.registerFlows();
  const parts: MetricsParts = {
    plane,
    services,
    datasets,
    flows: describeFlows(datasets),
    database: { probe: () => plane.runs.flows.count() },
    home,
    exchange: told,
    version: '0.1.0',
    log: () => undefined,
  };
  const metrics = metricsOf(parts);
  const worker = await Engine.start({
    databaseUrl,
    flows,
    executorId: 'worker-1',
    serve: { workQueues: ['default'], concurrency: 4 },
  });
  return {
    simulator,
    plane,
    metrics,
    parts,
    run: async (flowName, parameters = {}) => {
      const run = await worker.run(flowName, parameters);
      return (await run.result()).state;
    },
    close: async () => {
      metrics.close();
      await worker.stop();
      await plane.close();
      await exchange.close();
      await stack.close();
      await simulator.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
