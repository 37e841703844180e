import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { systemQueries } from './queries.ts';

/** Leads to the tracking app, which listens beside this one, or to a flow run there; nothing where it does not listen. */
export function TrackingLink({ flowRunId, children }: { readonly flowRunId?: string; readonly children: ReactNode }) {
  const { data } = useQuery(systemQueries.read());
  if (data?.tracking_port == null) return null;
  const { protocol, hostname } = window.location;
  // It finds a run by its id alone, whatever experiment the address says.
  const hash = flowRunId === undefined ? '' : `#/experiments/0/runs/${flowRunId.replaceAll('-', '')}`;
  return (
    <a href={`${protocol}//${hostname}:${data.tracking_port}/${hash}`} className="link">
      {children}
    </a>
  );
}
