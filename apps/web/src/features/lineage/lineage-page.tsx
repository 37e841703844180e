import type { Lineage } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { count } from '../../lib/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { FreshnessMark } from '../datasets/freshness-mark.tsx';
import { KINDS } from './layout.ts';
import { lineageQueries } from './queries.ts';
import type { LineageSearch } from './search.ts';

const LineageGraph = lazy(() => import('./lineage-graph.tsx'));

export interface LineagePageProps {
  readonly search: LineageSearch;
  readonly onSearch: (change: LineageSearch) => void;
}

/** Narrower than this, a graph of six columns cannot be read. */
const wide = () => matchMedia('(min-width: 900px)').matches;

export function LineagePage({ search, onSearch }: LineagePageProps) {
  const { data: lineage, error, refetch } = useQuery(lineageQueries.read());
  const view = search.view ?? (wide() ? 'graph' : 'table');
  return (
    <Page fill={view === 'graph'}>
      <PageHeader
        title="Lineage"
        below="Where the data comes from and what it becomes"
        actions={
          <Button
            icon={view === 'graph' ? 'menu' : 'lineage'}
            onClick={() => onSearch({ view: view === 'graph' ? 'table' : 'graph' })}
          >
            {view === 'graph' ? 'As a table' : 'As a graph'}
          </Button>
        }
      />
      {error ? (
        <ErrorState error={error} title="The lineage could not be read" onRetry={() => void refetch()} />
      ) : lineage === undefined ? (
        <SkeletonLines lines={10} />
      ) : lineage.nodes.length === 0 ? (
        <EmptyState title="There are no datasets" />
      ) : view === 'graph' ? (
        <div className="lineage min-h-96 grow overflow-hidden rounded-lg border border-line bg-sunken">
          <Suspense fallback={<SkeletonLines lines={10} />}>
            <LineageGraph lineage={lineage} wide={wide()} />
          </Suspense>
        </div>
      ) : (
        <Panel flush>
          <LineageTable lineage={lineage} />
        </Panel>
      )}
    </Page>
  );
}

function LineageTable({ lineage }: { readonly lineage: Lineage }) {
  const nodes = [...lineage.nodes].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const name = (id: string) => lineage.nodes.find((node) => node.id === id)?.name ?? id;
  return (
    <SimpleTable
      caption="What the data is, from the exchange on"
      rows={nodes}
      rowKey={({ id }) => id}
      columns={[
        {
          id: 'name',
          header: 'Name',
          cell: ({ name: own, kind, dataset }) => (
            <>
              {dataset === null ? (
                <span className="font-medium">{own}</span>
              ) : (
                <Link to="/datasets/$name" params={{ name: dataset }} className="link font-medium">
                  {own}
                </Link>
              )}
              <p className="text-xs text-ink-3">{kind}</p>
            </>
          ),
        },
        {
          id: 'from',
          header: 'Made of',
          className: 'max-md:hidden',
          cell: ({ id }) => (
            <span className="text-ink-2">
              {lineage.edges
                .filter(({ to }) => to === id)
                .map(({ from }) => name(from))
                .join(', ')}
            </span>
          ),
        },
        {
          id: 'state',
          header: 'State',
          cell: ({ freshness }) => (freshness === null ? '–' : <FreshnessMark state={freshness} />),
        },
        { id: 'as-of', header: 'Latest', className: 'whitespace-nowrap', cell: ({ as_of }) => as_of ?? '–' },
        {
          id: 'run',
          header: 'Last run',
          className: 'max-sm:hidden',
          cell: ({ last_run }) =>
            last_run === null ? (
              '–'
            ) : (
              <Link
                to="/runs/$runId"
                params={{ runId: last_run.id }}
                className="inline-flex items-center gap-2 hover:underline"
              >
                <StateMark type={last_run.state_type} name={last_run.state_name} iconOnly />
                <Time at={last_run.at} format="relative" />
              </Link>
            ),
        },
        {
          id: 'rows',
          header: 'Rows',
          align: 'end',
          className: 'max-sm:hidden',
          cell: ({ rows }) => (rows === null ? '–' : count(rows)),
        },
      ]}
    />
  );
}
