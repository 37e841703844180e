import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { rememberApiKey } from '../../app/api-key.ts';
import { setConnection, useConnection } from '../../app/connection.ts';
import { AwayBar, LockedBar } from '../../app/connection-bar.tsx';
import { queryClient } from '../../app/query-client.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { ThemeSwitch } from '../../app/theme-switch.tsx';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { ask } from '../api/ask.ts';
import { aboutQueries } from '../api/queries.ts';
import { ExperimentsPage } from '../experiments/experiments-page.tsx';
import { goTo, hrefs, type Place, useLocation } from './location.ts';

/** How often it is asked whether a server that was away is back. */
const LOOK_MS = 2_000;

const ExperimentPage = lazy(() => import('../experiment/experiment-page.tsx'));
const RunPage = lazy(() => import('../run/run-page.tsx'));
const ComparePage = lazy(() => import('../compare/compare-page.tsx'));

/** The whole app: its bar, and the page that the address names. */
export function TrackingApp() {
  const { place } = useLocation();
  const connection = useConnection();
  const main = useRef<HTMLElement>(null);
  const which = JSON.stringify(place);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `which` is the page; another one begins at its top
  useEffect(() => {
    main.current?.scrollTo(0, 0);
  }, [which]);
  useShortcuts({
    palette: focusFilter,
    keys: { '/': focusFilter },
    go: { e: () => goTo(hrefs.experiments()) },
  });
  return (
    <>
      {/* A link would take the place of the page's address behind the "#". */}
      <button
        type="button"
        onClick={() => main.current?.focus()}
        className="absolute -top-20 left-2 z-50 rounded-md bg-accent px-3 py-1 text-on-solid focus:top-2"
      >
        Skip to the page
      </button>
      <div className="flex h-dvh flex-col">
        <TopBar />
        {connection === 'down' ? <Away /> : connection === 'locked' ? <LockedBar onKey={unlock} /> : null}
        <main ref={main} id="main" tabIndex={-1} className="min-h-0 min-w-0 grow overflow-y-auto outline-none">
          <Suspense
            fallback={
              <Page>
                <SkeletonLines lines={8} />
              </Page>
            }
          >
            {pageOf(place)}
          </Suspense>
        </main>
      </div>
    </>
  );
}

function focusFilter(): void {
  document.querySelector<HTMLInputElement>('#main [role=combobox]')?.focus();
}

function pageOf(place: Place): ReactNode {
  switch (place.page) {
    case 'experiments':
      return <ExperimentsPage />;
    case 'experiment':
      return <ExperimentPage key={place.experimentId} experimentId={place.experimentId} />;
    case 'run':
      return <RunPage key={place.runId} runId={place.runId} />;
    case 'compare':
      return <ComparePage />;
    case 'nowhere':
      return <Nowhere />;
  }
}

function TopBar() {
  const { data: about } = useQuery(aboutQueries.read());
  return (
    <header className="flex h-10 shrink-0 items-center gap-3 border-b border-line bg-surface px-3">
      <a href={hrefs.experiments()} className="flex items-center gap-2 font-semibold tracking-tight">
        <span className="text-accent">
          <Icon name="market" />
        </span>
        <span className="max-sm:sr-only">Champion</span> Tracking
      </a>
      {about?.simulated ? (
        <Badge tone="warn">
          Simulated<span className="max-sm:hidden">&nbsp;data</span>
        </Badge>
      ) : null}
      <span className="grow" />
      {about?.webUrl == null ? null : (
        <a href={about.webUrl} className="link flex items-center gap-1.5 text-sm">
          Web app
          <Icon name="external" size={13} />
        </a>
      )}
      <ThemeSwitch />
    </header>
  );
}

function Away() {
  // Queries wait for the server while it is away. Whether it is back is asked outside them, and an answer, whatever it
  // says, takes this notice away.
  useEffect(() => {
    const gone = new AbortController();
    const look = () => void ask('/champion/about', { signal: gone.signal }).catch(() => undefined);
    const timer = setInterval(look, LOOK_MS);
    return () => {
      clearInterval(timer);
      gone.abort();
    };
  }, []);
  return <AwayBar />;
}

function unlock(key: string): void {
  rememberApiKey(key);
  setConnection('up');
  void queryClient.invalidateQueries();
}

function Nowhere() {
  return (
    <Page>
      <PageHeader title="There is no such page" />
      <EmptyState
        title="Experiments and their runs are all there is here"
        action={
          <a href={hrefs.experiments()} className="link text-sm">
            Go to the experiments
          </a>
        }
      >
        Models, prompts and traces, which MLflow has pages for, are not kept.
      </EmptyState>
    </Page>
  );
}
