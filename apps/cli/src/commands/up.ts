import type { Client } from '@champion/contract';
import { plural } from '@champion/core';
import type { Config } from '@champion/server';
import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../cli.ts';
import type { Interruption } from '../interruption.ts';
import { wholeNumber } from '../options.ts';
import { SIMULATED_HOME, simulatedSettings } from '../simulated.ts';
import { tellEndedRuns } from '../up/ended-runs.ts';
import { withPlatform, withSimulator } from '../up/platform.ts';
import { nextRuns, renderScreen } from '../up/screen.ts';

interface Options {
  readonly worker: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly trackingPort?: number;
  readonly concurrency?: number;
  readonly simulated?: true;
}

type Server = typeof import('@champion/server');

/** `champion up` and, as Prefect has it, `champion server start`. */
export function upCommand(parent: Command, cli: Cli, name = 'up'): void {
  const line = name === 'up' ? 'champion up' : `champion server ${name}`;
  parent
    .command(name)
    .description('start the platform: server, scheduler, worker and stores, until Ctrl-C')
    .option('--no-worker', 'run no flows here; start workers with champion worker start')
    .option('--host <address>', 'address to listen on; one that others can reach needs CHAMPION_API_KEY')
    .option(
      '-p, --port <n>',
      'port of the API and the web app (default: 4200); 0 takes any that is free',
      wholeNumber(0, 65_535),
    )
    .option(
      '--tracking-port <n>',
      'port of the tracking API (default: 5000, or any that is free beside --port 0)',
      wholeNumber(0, 65_535),
    )
    .option('--concurrency <n>', 'runs at once (default: 5)', wholeNumber(1, 1_000))
    .option('--simulated', `with a simulated exchange beside it, in a home of its own (./${SIMULATED_HOME})`)
    .addHelpText(
      'after',
      `
Without DATABASE_URL and CLICKHOUSE_URL the stores are embedded. The first Ctrl-C lets runs end for ten seconds, the
second leaves at once; what is left of them goes on at the next start.

Examples:
  ${line}
  ${line} --simulated
  ${line} --no-worker --port 4300`,
    )
    .action(async (options: Options, command: Command) => {
      const server = await import('@champion/server');
      await cli.interruptible((interruption) =>
        options.simulated
          ? withSimulator(server, ({ url }) =>
              start(server, simulatedSettings(url, homeOf(command)), options, interruption, command, cli),
            )
          : start(server, {}, options, interruption, command, cli),
      );
      // To be stopped is how it ends.
      cli.exitCode = 0;
    });
}

async function start(
  module: Server,
  settings: Readonly<Record<string, string | undefined>>,
  { worker, host, port, trackingPort = port === 0 ? 0 : undefined, concurrency, simulated }: Options,
  interruption: Interruption,
  command: Command,
  cli: Cli,
): Promise<void> {
  const startedAt = performance.now();
  const config = await cli.config(command, {
    ...settings,
    ...(host === undefined ? {} : { CHAMPION_HOST: host }),
    ...(port === undefined ? {} : { CHAMPION_PORT: String(port) }),
    ...(trackingPort === undefined ? {} : { CHAMPION_TRACKING_PORT: String(trackingPort) }),
    ...(concurrency === undefined ? {} : { CHAMPION_WORKER_CONCURRENCY: String(concurrency) }),
  });
  await cli.note(cli.err.dim(`Starting PostgreSQL and ClickHouse; the data goes to ${config.home}\n`));
  await withPlatform(module, cli, { config, worker, simulated: simulated === true }, async ({ server, client }) => {
    if (interruption.happened) return;
    await welcome(client, { config, worker, simulated: simulated === true, server }, command, cli, startedAt);
    await tellEndedRuns(cli, client, interruption.signal);
  });
}

interface Running {
  readonly config: Config;
  readonly worker: boolean;
  readonly simulated: boolean;
  readonly server: { readonly url: string; readonly trackingUrl: string };
}

async function welcome(
  client: Client,
  { config, worker, simulated, server }: Running,
  command: Command,
  cli: Cli,
  startedAt: number,
): Promise<void> {
  const registered = await deployFirst(client);
  const [system, workers, next] = await Promise.all([client.readSystem(), client.listWorkers(), nextRuns(client)]);
  const champion = championFor(simulated ? config.home : homeOf(command));
  const startedInMs = performance.now() - startedAt;
  await cli.print(renderScreen({ ...server, system, workers, next, champion, startedInMs }, cli.out));
  if (registered > 0)
    await cli.print(`${plural(registered, 'deployment')} of the code registered, for there were none.\n`);
  if (simulated && worker) await loadFirst(client, cli);
}

/** A new home gets the deployments of the code; where there are some already, people may have changed them. */
async function deployFirst(client: Client): Promise<number> {
  if ((await client.filterDeployments({ body: { limit: 1 } })).length > 0) return 0;
  const { changes } = await client.deploy({ body: { apply: true } });
  return new Set(changes.map(({ deployment }) => deployment)).size;
}

/** On a new home nothing would happen until a schedule is due: one session shows how it goes. */
async function loadFirst(client: Client, cli: Cli): Promise<void> {
  const begun = { state: { type: { not_any_: ['SCHEDULED' as const] } } };
  if ((await client.filterFlowRuns({ body: { flow_runs: begun, limit: 1 } })).length > 0) return;
  const { previous_session } = await client.readToday();
  const name = 'combined-market-data-etl';
  await client.runFlow({ params: { name }, body: { parameters: { trade_date: previous_session } } });
  await cli.print(`Loading ${previous_session}, so that there is something to look at.\n`);
}
