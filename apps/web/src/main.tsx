import { QueryClientProvider } from '@tanstack/react-query';
import { createRouter, RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startLive } from './app/live.ts';
import { queryClient } from './app/query-client.ts';
import { parseSearch, stringifySearch } from './lib/search-params.ts';
import { routeTree } from './route-tree.gen.ts';
import { ErrorState } from './ui/error-state.tsx';
import { Page } from './ui/page.tsx';
import './ui/tokens.css';

const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  scrollRestoration: true,
  scrollToTopSelectors: ['#main'],
  defaultErrorComponent: ({ error, reset }) => (
    <Page>
      <ErrorState title="This page could not be shown" error={error} onRetry={reset} />
    </Page>
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

// The server was updated beneath an open page, and the part of the app that is needed now is gone: take the new one. Once
// only, for a part that is missing on a fresh page is missing for good.
window.addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('champion.reloaded') ?? 0);
  if (Date.now() - last < 30_000) return;
  event.preventDefault();
  sessionStorage.setItem('champion.reloaded', String(Date.now()));
  location.reload();
});

startLive();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
