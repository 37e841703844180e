import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { count as grouped } from '../../lib/numbers.ts';
import { Page } from '../../ui/page.tsx';
import { PageHeader } from '../../ui/panel.tsx';
import { runQueries } from './queries.ts';
import { RunFilters } from './run-filters.tsx';
import { RunsTable } from './runs-table.tsx';
import { ScatterChart } from './scatter-chart.tsx';
import { type RunsSearch, runConditions, SORT_OF, upcomingConditions } from './search.ts';

/** Dots of the chart: more than can be told apart are not drawn. */
const DOTS = 1000;

export interface RunsPageProps {
  readonly search: RunsSearch;
  /** Changes some of it; undefined takes a condition away. */
  readonly onSearch: (change: RunsSearch) => void;
}

export function RunsPage({ search, onSearch }: RunsPageProps) {
  const navigate = useNavigate();
  const conditions = useMemo(() => runConditions(search), [search]);
  const total = useQuery(runQueries.count(conditions));
  const upcoming = useQuery(runQueries.count(useMemo(() => upcomingConditions(search), [search])));
  const bars = useQuery(runQueries.bars(conditions, DOTS));
  const open = (runId: string) => void navigate({ to: '/runs/$runId', params: { runId } });

  return (
    <Page fill>
      <PageHeader
        title={
          <>
            Runs{' '}
            <span className="text-base font-normal text-ink-3" aria-live="polite">
              {total.data === undefined ? '' : grouped(total.data)}
            </span>
          </>
        }
      />
      <RunFilters search={search} onSearch={onSearch} upcoming={upcoming.data} />
      <section aria-label="Duration over time" className="mb-3 rounded-lg border border-line bg-surface px-2 pt-1">
        {bars.data === undefined ? <div className="h-[150px]" /> : <ScatterChart bars={bars.data} onOpen={open} />}
      </section>
      <RunsTable search={search} conditions={conditions} sort={SORT_OF[search.sort ?? 'newest']} />
    </Page>
  );
}
