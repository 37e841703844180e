import type { Client } from '@champion/contract';
import { ChampionError } from '@champion/core';
import type { Settings } from '../settings.ts';
import { lightFetch } from './light-fetch.ts';
import { runningServer } from './running-server.ts';

/** A server that commands can talk to. */
export interface Server {
  /** Without /api at the end. */
  readonly url: string;
  readonly client: Client;
  /** It runs on this home, so that files of this machine are its files too. */
  readonly local: boolean;
}

/** The server that was named, whether it answers or not; else the one that runs on the home and answers. */
export async function connect(settings: Settings): Promise<Server | undefined> {
  const { apiUrl, apiKey, home } = settings;
  const url = apiUrl ?? (await runningServer(home))?.url;
  if (url === undefined) return undefined;
  return {
    url: url.replace(/\/+$/, '').replace(/\/api$/, ''),
    client: await clientFor(url, apiKey),
    local: apiUrl === undefined,
  };
}

export async function clientFor(url: string, apiKey: string | undefined): Promise<Client> {
  const { createClient } = await import('@champion/contract');
  return createClient({ baseUrl: url, apiKey, fetch: lightFetch });
}

export function noServer(home: string): ChampionError {
  return new ChampionError('there is no server to ask', {
    code: 'UNREACHABLE',
    hint: 'Start one with: champion up. If it runs elsewhere, set CHAMPION_API_URL to its address.',
    context: { home },
  });
}
