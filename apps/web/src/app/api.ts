import { type Client, createClient, type FetchLike } from '@champion/contract';
import { setConnection } from './connection.ts';

const KEY = 'champion.api-key';

/** Tells the app whether the server is there, by every request that is made anyway. */
const watched: FetchLike = async (url, init) => {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    // A request that we broke off ourselves says nothing of the server.
    if (!init.signal?.aborted) setConnection('down');
    throw error;
  }
  setConnection(response.status === 401 ? 'locked' : 'up');
  return response;
};

function connect(): Client {
  return createClient({ baseUrl: '', apiKey: localStorage.getItem(KEY) ?? undefined, fetch: watched });
}

let client: Client | undefined;

/** The client of the server that the page came from. */
export function api(): Client {
  client ??= connect();
  return client;
}

/** Remembers the key for this browser. */
export function setApiKey(key: string): void {
  localStorage.setItem(KEY, key);
  client = undefined;
}
