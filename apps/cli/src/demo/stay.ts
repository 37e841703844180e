import { createServer } from 'node:net';
import { plural } from '@champion/core';
import type { Config } from '@champion/server';
import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../cli.ts';
import { createMeter } from '../commands/backfill-progress.ts';
import { Interrupted, type Interruption } from '../interruption.ts';
import { padEnd } from '../output/text.ts';
import { succeeded } from '../runs/outcome.ts';
import { simulatedSettings } from '../simulated.ts';
import { tellEndedRuns } from '../up/ended-runs.ts';
import { type Platform, withPlatform, withSimulator } from '../up/platform.ts';
import { loadSessions } from './load.ts';
import { renderReport, type Session, whereToLookNext } from './report.ts';

type ServerModule = typeof import('@champion/server');

/** Starts the platform on a simulated market, loads the latest sessions into it, and stays until Ctrl-C. */
export async function demoToStay(sessions: number, command: Command, cli: Cli): Promise<void> {
  const startedAt = performance.now();
  const module = await import('@champion/server');
  await cli.interruptible((interruption) =>
    withSimulator(module, async (simulator) => {
      const settings = simulatedSettings(simulator.url, homeOf(command));
      const config = await withFreePorts(await cli.config(command, settings), cli);
      await cli.note(cli.err.dim(`Starting PostgreSQL and ClickHouse; the data goes to ${config.home}\n`));
      await withPlatform(module, cli, { config, worker: true, simulated: true }, async (platform) => {
        try {
          await load(module, platform, { sessions, config, interruption, startedAt }, cli);
          await tellEndedRuns(cli, platform.client, interruption.signal);
        } catch (error) {
          if (!(error instanceof Interrupted)) throw error;
          await cli.note('The same command goes on with the sessions that are left.\n');
        }
      });
    }),
  );
  // To be stopped is how it ends.
  cli.exitCode = 0;
}

interface Wanted {
  readonly sessions: number;
  readonly config: Config;
  readonly interruption: Interruption;
  readonly startedAt: number;
}

async function load(
  { datasets, latestOfAll, sessionsLoaded }: ServerModule,
  { server, stack, client }: Platform,
  { sessions, config, interruption, startedAt }: Wanted,
  cli: Cli,
): Promise<void> {
  interruption.check();
  const { bold, cyan, dim, yellow } = cli.out;
  const { calendar, clock } = stack.services;
  const dates = calendar.lastSessions(latestOfAll(datasets, calendar, clock), sessions);
  await cli.print(`
${yellow('Simulated exchange')}: a made-up market. No row of it is real.

The web app is at ${bold(cyan(server.url))}
Loading the latest ${plural(dates.length, 'session')}, ${dates[0]} to ${dates.at(-1)}, as far as they are not there yet.
It shows them as they come.

`);
  const meter = createMeter(cli.stderr, cli.err);
  let finished: readonly Session[];
  try {
    finished = await loadSessions({ dates, client, meter, interruption }, cli);
  } finally {
    meter.stop();
  }
  const warehouse = await stack.warehouse();
  const loaded = await warehouse.query(sessionsLoaded, { from: dates[0], to: dates.at(-1), limit: sessions });
  const champion = championFor(config.home);
  await cli.print(renderReport(finished, loaded, champion, performance.now() - startedAt, cli));
  const addresses = [
    ['Web app', cyan(server.url)],
    ['Tracking', server.trackingUrl],
    ['API docs', `${server.url}/api/docs`],
    ['Metrics', `${server.url}/metrics`],
    ['Terminal', `${champion} dashboard`],
  ] as const;
  await cli.print(`${whereToLookNext(champion, cli)}
${bold('It goes on running')}
${addresses.map(([what, where]) => `  ${dim(padEnd(what, 9))} ${where}\n`).join('')}
${dim(finished.every(({ outcome }) => succeeded(outcome)) ? 'Ctrl-C stops it. The same command starts it again, with what is loaded.' : 'Ctrl-C stops it. The same command loads again what failed.')}

`);
}

/** A demo should run beside whatever has the usual ports. */
async function withFreePorts(config: Config, cli: Cli): Promise<Config> {
  const { host } = config;
  const freeOr = async (port: number, what: string): Promise<number> => {
    if (port === 0 || (await isFree(port, host))) return port;
    await cli.note(`Port ${port} is taken: ${what} gets another one.\n`);
    return 0;
  };
  const port = await freeOr(config.port, 'the web app');
  return { ...config, port, trackingPort: await freeOr(config.trackingPort, 'tracking') };
}

/** False where somebody listens; whatever else is wrong with the address, the server itself says better. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
