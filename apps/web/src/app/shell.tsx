import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { systemQueries } from '../features/system/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Toasts } from '../ui/toast.tsx';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { Commands } from './commands.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { destinations } from './navigation.ts';
import { PhoneBar } from './phone-bar.tsx';
import { IstClock, SessionState } from './session-state.tsx';
import { ShortcutList } from './shortcut-list.tsx';
import { useShortcuts } from './shortcuts.ts';
import { ThemeSwitch } from './theme-switch.tsx';

/** What is around every page: where one is, what the market does, and the ways to everything else. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [palette, setPalette] = useState(false);
  const [keys, setKeys] = useState(false);
  const navigate = useNavigate();
  useShortcuts({
    palette: () => setPalette((open) => !open),
    keys: {
      '?': () => setKeys(true),
      '/': () => document.querySelector<HTMLInputElement>('#main input[type=search]')?.focus(),
    },
    go: Object.fromEntries(destinations.map(({ key, to }) => [key, () => void navigate({ to })])),
  });
  return (
    <TooltipProvider>
      <Toasts>
        <a
          href="#main"
          className="absolute -top-20 left-2 z-50 rounded-md bg-accent px-3 py-1 text-on-solid focus:top-2"
        >
          Skip to the page
        </a>
        <div className="flex h-dvh flex-col">
          <TopBar onPalette={() => setPalette(true)} onKeys={() => setKeys(true)} />
          <ConnectionNotice />
          <div className="flex min-h-0 grow">
            <Sidebar />
            <main id="main" tabIndex={-1} className="min-w-0 grow overflow-y-auto outline-none">
              {children}
            </main>
          </div>
          <PhoneBar />
        </div>
        <Commands open={palette} onOpenChange={setPalette} onKeys={() => setKeys(true)} />
        <ShortcutList open={keys} onOpenChange={setKeys} />
      </Toasts>
    </TooltipProvider>
  );
}

function TopBar({ onPalette, onKeys }: { readonly onPalette: () => void; readonly onKeys: () => void }) {
  const { data: system } = useQuery(systemQueries.read());
  return (
    <header className="flex h-10 shrink-0 items-center gap-3 border-b border-line bg-surface px-3">
      <Link to="/" className="flex items-center gap-2 font-semibold tracking-tight md:w-43" aria-label="Champion: Home">
        <span className="text-accent">
          <Icon name="market" />
        </span>
        <span className="max-md:hidden">Champion</span>
      </Link>
      <SessionState />
      {system?.simulated ? (
        <Badge tone="warn">
          Simulated<span className="max-sm:hidden">&nbsp;data</span>
        </Badge>
      ) : null}
      <span className="grow" />
      <IstClock />
      <button
        type="button"
        onClick={onPalette}
        className="flex h-7 items-center gap-2 rounded-md border border-line px-2 text-sm text-ink-3 hover:border-line-strong hover:text-ink-2 max-sm:hidden"
      >
        <Icon name="search" size={14} />
        <span className="max-lg:hidden">Go to or do</span>
        <Kbd>Ctrl K</Kbd>
      </button>
      <span className="flex max-sm:hidden">
        <Button
          variant="quiet"
          size="sm"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={onKeys}
        >
          ?
        </Button>
      </span>
      <ThemeSwitch />
    </header>
  );
}

function Sidebar() {
  const groups = [...new Set(destinations.map(({ group }) => group))];
  return (
    <nav
      aria-label="Pages"
      className="w-46 shrink-0 overflow-y-auto border-r border-line bg-surface px-2 py-2 max-md:hidden"
    >
      {groups.map((group) => (
        <div key={group} className="mb-3">
          <p className="label-caps px-2 py-1">{group}</p>
          {destinations
            .filter((destination) => destination.group === group)
            .map(({ to, label, icon }) => (
              <Link
                key={to}
                to={to}
                activeOptions={{ exact: to === '/', includeSearch: false }}
                className="flex h-7 items-center gap-2 rounded-md px-2 text-sm text-ink-2 hover:bg-hover hover:text-ink data-[status=active]:bg-selected data-[status=active]:font-medium data-[status=active]:text-ink"
              >
                <Icon name={icon} size={15} />
                {label}
              </Link>
            ))}
        </div>
      ))}
    </nav>
  );
}
