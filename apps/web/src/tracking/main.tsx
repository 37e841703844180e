import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from '../app/query-client.ts';
import { reloadWhenReplaced } from '../app/reload.ts';
import { TrackingApp } from './app/tracking-app.tsx';
import '../ui/tokens.css';

reloadWhenReplaced();

const root = document.getElementById('root');
if (root === null) throw new Error('tracking.html has no element with the id "root"');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <TrackingApp />
    </QueryClientProvider>
  </StrictMode>,
);
