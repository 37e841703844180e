import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { count } from '../../lib/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { experimentQueries } from '../api/queries.ts';
import type { ListedExperiment } from '../api/types.ts';
import { hrefs } from '../app/location.ts';
import { useTitle } from '../app/use-title.ts';
import { RunState } from '../lib/run-state.tsx';

export function ExperimentsPage() {
  useTitle(undefined);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    experimentQueries.list(),
  );
  const experiments = useMemo(() => data?.pages.flatMap(({ items }) => items), [data]);
  return (
    <Page>
      <PageHeader
        title="Experiments"
        below="Each flow has one, and each of its runs tells its parameters and metrics there once it has ended."
      />
      {error && experiments === undefined ? (
        <ErrorState error={error} title="The experiments could not be read" onRetry={() => void refetch()} />
      ) : experiments === undefined ? (
        <SkeletonLines lines={6} />
      ) : experiments.length === 0 ? (
        <EmptyState title="There are no experiments">
          A flow's first run makes one, and so does <code>mlflow.set_experiment</code>.
        </EmptyState>
      ) : (
        <Panel flush>
          <SimpleTable caption="Experiments" columns={COLUMNS} rows={experiments} rowKey={({ id }) => id} />
        </Panel>
      )}
      {hasNextPage ? (
        <div className="mt-3 text-center">
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            More experiments
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

const COLUMNS = [
  {
    id: 'name',
    header: 'Experiment',
    cell: ({ id, name }: ListedExperiment) => (
      <a href={hrefs.experiment(id)} className="link font-medium break-words">
        {name}
      </a>
    ),
  },
  { id: 'runs', header: 'Runs', align: 'end', cell: ({ runs }: ListedExperiment) => count(runs) },
  {
    id: 'last',
    header: 'Last run',
    cell: ({ id, lastRun }: ListedExperiment) =>
      lastRun === null ? (
        <span className="text-ink-3">none yet</span>
      ) : (
        <span className="flex flex-wrap items-center gap-x-3">
          <a href={hrefs.run(id, lastRun.id)} className="link">
            {lastRun.name}
          </a>
          <RunState run={lastRun} />
        </span>
      ),
  },
  {
    id: 'at',
    header: 'Began',
    className: 'max-md:hidden',
    cell: ({ lastRun }: ListedExperiment) => <Time at={lastRun?.startTime} />,
  },
  {
    id: 'created',
    header: 'Created',
    className: 'max-lg:hidden',
    cell: ({ createdAt }: ListedExperiment) => <Time at={createdAt} />,
  },
] as const;
