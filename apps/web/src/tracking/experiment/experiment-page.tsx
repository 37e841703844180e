import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Time } from '../../ui/time.tsx';
import { experimentQueries, runQueries } from '../api/queries.ts';
import { changeSearch, hrefs, useLocation } from '../app/location.ts';
import { useTitle } from '../app/use-title.ts';
import { FilterBox, refusalOf } from '../filter/filter-box.tsx';
import { orderGrammar } from '../lib/fields.ts';
import { RunsTable } from './runs-table.tsx';
import { readExperimentSearch, TABS } from './search.ts';

const ChartsTab = lazy(() => import('./charts-tab.tsx'));

/** As many of the latest runs tell which keys and values there are. */
const SUGGESTING_RUNS = 50;

const LABELS = { runs: 'Runs', charts: 'Charts' };

/** An experiment's runs: as a table, and as charts of what they tell. */
export default function ExperimentPage({ experimentId }: { readonly experimentId: string }) {
  const { search: raw } = useLocation();
  const search = useMemo(() => readExperimentSearch(raw), [raw]);
  const { tab = 'runs', filter = '', sort } = search;
  const experiment = useQuery(experimentQueries.read(experimentId));
  const runs = useInfiniteQuery(
    runQueries.pages({ experimentId, filter, orderBy: sort === undefined ? '' : orderGrammar(sort) }),
  );
  const shown = useMemo(() => runs.data?.pages.flatMap(({ items }) => items), [runs.data]);
  // What is suggested must not depend on the present filter, which may find nothing or be wrong.
  const { data: latest } = useQuery({
    ...runQueries.latest(experimentId, '', SUGGESTING_RUNS),
    refetchInterval: false,
  });
  const known = useMemo(() => [...(shown ?? []), ...(latest?.items ?? [])], [shown, latest]);
  useTitle(experiment.data?.name);

  if (experiment.error && experiment.data === undefined) {
    return (
      <Page>
        <PageHeader title="Experiment" above={<Above />} />
        <ErrorState
          error={experiment.error}
          title="The experiment could not be read"
          onRetry={() => void experiment.refetch()}
        />
      </Page>
    );
  }
  const isRefused = refusalOf(runs.error) !== undefined;
  return (
    <Page fill={tab === 'runs'}>
      <PageHeader
        title={experiment.data?.name ?? '…'}
        above={<Above />}
        below={
          experiment.data === undefined ? undefined : (
            <>
              Experiment {experimentId}, created <Time at={experiment.data.createdAt} />
            </>
          )
        }
      />
      <FilterBox
        filter={filter}
        onFilter={(next) => changeSearch({ filter: next, pick: undefined })}
        error={runs.error}
        runs={known}
      />
      <Tabs
        value={tab}
        onValueChange={(next) => changeSearch({ tab: next === 'runs' ? undefined : next })}
        tabs={TABS.map((value) => ({ value, label: LABELS[value] }))}
      >
        {isRefused ? (
          <EmptyState title="The filter cannot be read">
            What is wrong with it is marked above; the runs come once it is right.
          </EmptyState>
        ) : tab === 'charts' ? (
          <Suspense fallback={<SkeletonLines lines={8} />}>
            <ChartsTab experimentId={experimentId} filter={filter} last={search.last ?? '100'} />
          </Suspense>
        ) : runs.error && shown === undefined ? (
          <ErrorState error={runs.error} title="The runs could not be read" onRetry={() => void runs.refetch()} />
        ) : (
          <RunsTable
            search={search}
            runs={shown}
            known={known}
            hasMore={runs.hasNextPage}
            isLoadingMore={runs.isFetchingNextPage}
            onMore={() => void runs.fetchNextPage()}
          />
        )}
      </Tabs>
    </Page>
  );
}

function Above() {
  return (
    <a href={hrefs.experiments()} className="link">
      Experiments
    </a>
  );
}
