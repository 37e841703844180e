import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { systemQueries } from '../features/system/queries.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Input } from '../ui/input.tsx';
import { setApiKey } from './api.ts';
import { setConnection, useConnection } from './connection.ts';
import { queryClient } from './query-client.ts';

const bar = 'flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5 text-sm';

/** Says that the server is away, or that it wants a key; goes by itself. */
export function ConnectionNotice() {
  const connection = useConnection();
  if (connection === 'up') return null;
  return connection === 'down' ? <Away /> : <Locked />;
}

function Away() {
  // The page asks until there is an answer; the answer takes this notice away.
  useQuery({ ...systemQueries.read(), refetchInterval: 2000, retry: false });
  return (
    <p role="status" className={`${bar} bg-late-soft`}>
      <span className="text-late">
        <Icon name="warning" />
      </span>
      The server does not answer. What you see is what it said last; the page goes on by itself once it is back.
    </p>
  );
}

function Locked() {
  const [key, setKey] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setApiKey(key.trim());
    setConnection('up');
    void queryClient.invalidateQueries();
  };
  return (
    <form onSubmit={submit} className={`${bar} bg-late-soft`}>
      <label htmlFor="api-key">This server asks for its key (CHAMPION_API_KEY):</label>
      <Input
        id="api-key"
        type="password"
        autoComplete="current-password"
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        className="w-60"
      />
      <Button type="submit" variant="primary" disabled={key.trim() === ''}>
        Use it
      </Button>
    </form>
  );
}
