import type { Client } from '@champion/contract';
import type { Config, Stack } from '@champion/server';
import type { Cli } from '../cli.ts';
import { printable } from '../output/text.ts';
import { clientFor } from '../remote/connect.ts';
import { VERSION } from '../version.ts';

type ServerModule = typeof import('@champion/server');

/** The platform in this process. */
export interface Platform {
  readonly server: Awaited<ReturnType<ServerModule['startServer']>>;
  readonly stack: Stack;
  readonly client: Client;
}

/** A simulated exchange for the time of `use`; it has published whatever a schedule may ask for. */
export async function withSimulator<T>(
  { startSimulator }: ServerModule,
  use: (simulator: { readonly url: string }) => Promise<T>,
): Promise<T> {
  const simulator = await startSimulator({ publishAll: true });
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

/** Server, scheduler, stores and perhaps a worker for the time of `use`; stopped whatever happens. */
export async function withPlatform<T>(
  { openStack, startServer }: ServerModule,
  cli: Cli,
  { config, worker, simulated }: { readonly config: Config; readonly worker: boolean; readonly simulated: boolean },
  use: (platform: Platform) => Promise<T>,
): Promise<T> {
  const onInternalLog = (level: string, message: string): void => {
    if (level === 'warn' || level === 'error') void cli.note(`${cli.err.yellow(level)}  ${printable(message)}\n`);
  };
  const stack = await openStack(config, {
    version: VERSION,
    onInternalLog,
    ...(worker ? { serve: { workQueues: ['default'], concurrency: config.workerConcurrency } } : {}),
  });
  const server = await startServer({ stack, config, version: VERSION, worker, simulated, onInternalLog });
  try {
    return await use({ server, stack, client: await clientFor(server.url, config.apiKey) });
  } finally {
    await server.stop();
  }
}
