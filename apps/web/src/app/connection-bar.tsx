import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Input } from '../ui/input.tsx';

const bar = 'flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5 text-sm';

/** The server is not there. Whoever shows it asks until there is an answer. */
export function AwayBar() {
  return (
    <p role="status" className={`${bar} bg-late-soft`}>
      <span className="text-late">
        <Icon name="warning" />
      </span>
      The server does not answer. What you see is what it said last; the page goes on by itself once it is back.
    </p>
  );
}

interface LockedBarProps {
  /** This browser has a key, which the server does not take. */
  readonly tried?: boolean;
  readonly onKey: (key: string) => void;
}

/** The server wants its key. */
export function LockedBar({ tried = false, onKey }: LockedBarProps) {
  const [key, setKey] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onKey(key.trim());
  };
  return (
    <form onSubmit={submit} className={`${bar} bg-late-soft`}>
      <label htmlFor="api-key">
        {tried ? "The key of this browser is not, or no longer, the server's. Its key" : 'This server asks for its key'}{' '}
        (CHAMPION_API_KEY):
      </label>
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
