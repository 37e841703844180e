import { type Client, createClient, type FetchLike } from '@champion/contract';
import { readApiKey, rememberApiKey } from './api-key.ts';
import { setConnection } from './connection.ts';

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
  return createClient({
    baseUrl: '',
    apiKey: readApiKey(),
    fetch: watched,
    // app/live.ts takes the stream up again itself: it has to know that it was away.
    reconnect: { attempts: 1 },
  });
}

let client: Client | undefined;

/** The client of the server that the page came from. */
export function api(): Client {
  client ??= connect();
  return client;
}

/** Remembers the key for this browser. */
export function setApiKey(key: string): void {
  rememberApiKey(key);
  client = undefined;
}
