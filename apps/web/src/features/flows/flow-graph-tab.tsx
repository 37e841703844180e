import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { runQueries } from '../flow-runs/queries.ts';
import { STRIP_RUNS } from './flow-strip.tsx';

const Graph = lazy(() => import('../flow-run/graph.tsx'));

/** What the flow's tasks depend on, as its latest run drew it. */
export function FlowGraphTab({ name }: { readonly name: string }) {
  const navigate = useNavigate();
  const recent = useQuery(runQueries.recentOfFlow(name, STRIP_RUNS));
  // One that completed went all the way.
  const latest = recent.data?.find(({ state_name }) => state_name === 'Completed') ?? recent.data?.[0];
  const run = useQuery({ ...runQueries.detail(latest?.id ?? ''), enabled: latest !== undefined });
  const failed = recent.error ?? run.error;
  if (failed) {
    const again = () => void (recent.error ? recent.refetch() : run.refetch());
    return <ErrorState error={failed} title="The graph could not be read" onRetry={again} />;
  }
  if (recent.data !== undefined && latest === undefined) {
    return <EmptyState title="It has never run">Its tasks are known once it has.</EmptyState>;
  }
  if (run.data === undefined) return <SkeletonLines lines={6} />;
  const { id, name: runName, start_time } = run.data;
  return (
    <section aria-label={`Task dependencies of ${name}`} className="flex h-[60dvh] min-h-100 flex-col gap-2">
      <p className="text-sm text-ink-2">
        As{' '}
        <Link to="/runs/$runId" params={{ runId: id }} search={{ tab: 'graph' }} className="link">
          {runName}
        </Link>{' '}
        drew it, <Time at={start_time} format="relative" />
      </p>
      <Graph
        run={run.data}
        onTask={(task) => void navigate({ to: '/runs/$runId', params: { runId: id }, search: { task } })}
      />
    </section>
  );
}
