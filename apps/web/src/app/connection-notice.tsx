import { useEffect } from 'react';
import { api, setApiKey } from './api.ts';
import { readApiKey } from './api-key.ts';
import { setConnection, useConnection } from './connection.ts';
import { AwayBar, LockedBar } from './connection-bar.tsx';
import { queryClient } from './query-client.ts';

const LOOK_MS = 2000;

/** Says that the server is away, or that it wants a key; goes by itself. */
export function ConnectionNotice() {
  const connection = useConnection();
  if (connection === 'up') return null;
  return connection === 'down' ? <Away /> : <LockedBar tried={readApiKey() !== undefined} onKey={unlock} />;
}

function Away() {
  useEffect(() => {
    // It needs no key, and its answer takes this notice away.
    const timer = setInterval(
      () =>
        void api()
          .readHealth()
          .catch(() => undefined),
      LOOK_MS,
    );
    return () => clearInterval(timer);
  }, []);
  return <AwayBar />;
}

function unlock(key: string): void {
  setApiKey(key);
  setConnection('up');
  void queryClient.invalidateQueries();
}
