import type { Dataset } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { count } from '../../lib/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { BackfillDialog } from '../backfills/backfill-dialog.tsx';
import { FreshnessMark } from './freshness-mark.tsx';
import { datasetQueries } from './queries.ts';

export function DatasetsPage() {
  const navigate = useNavigate();
  const { data: datasets, error, refetch } = useQuery(datasetQueries.list());
  const [backfilling, setBackfilling] = useState(false);
  const rows = datasets?.reduce((sum, dataset) => sum + (dataset.rows ?? 0), 0);
  return (
    <Page>
      <PageHeader
        title="Datasets"
        below={
          datasets === undefined
            ? 'What is fetched from the exchange, and how much of it is here'
            : `${datasets.length} datasets, ${count(rows ?? 0)} rows in the warehouse`
        }
        actions={
          <>
            <Link to="/backfills" className={buttonClass('quiet')}>
              Backfills
            </Link>
            <Button icon="plus" onClick={() => setBackfilling(true)}>
              Backfill
            </Button>
          </>
        }
      />
      {error ? (
        <ErrorState error={error} title="The datasets could not be read" onRetry={() => void refetch()} />
      ) : (
        <Panel flush>
          {datasets === undefined ? (
            <div className="px-3">
              <SkeletonLines lines={7} />
            </div>
          ) : datasets.length === 0 ? (
            <EmptyState title="There are no datasets" />
          ) : (
            <Table datasets={datasets} />
          )}
        </Panel>
      )}
      {backfilling ? (
        <BackfillDialog
          open
          onOpenChange={setBackfilling}
          onOpenBackfill={(id) => void navigate({ to: '/backfills/$id', params: { id } })}
        />
      ) : null}
    </Page>
  );
}

const OF = { session: 'each session', day: 'each day' } as const;

function Table({ datasets }: { readonly datasets: readonly Dataset[] }) {
  return (
    <SimpleTable
      caption="Datasets"
      rows={datasets}
      rowKey={({ name }) => name}
      columns={[
        {
          id: 'name',
          header: 'Dataset',
          cell: ({ name, title }) => (
            <>
              <Link to="/datasets/$name" params={{ name }} className="link font-medium">
                {name}
              </Link>
              <p className="text-xs text-ink-3">{title}</p>
            </>
          ),
        },
        { id: 'state', header: 'State', cell: ({ freshness }) => <FreshnessMark state={freshness.state} /> },
        {
          id: 'latest',
          header: 'Latest session',
          className: 'whitespace-nowrap',
          cell: ({ last_loaded }) => last_loaded?.trade_date ?? <span className="text-ink-3">None yet</span>,
        },
        {
          id: 'due',
          header: 'Due, IST',
          className: 'max-lg:hidden',
          cell: ({ freshness }) => <Time at={freshness.expected_by} format="short" />,
        },
        {
          id: 'loaded',
          header: 'Loaded',
          className: 'max-md:hidden',
          cell: ({ last_loaded }) => <Time at={last_loaded?.at} format="relative" />,
        },
        {
          id: 'table',
          header: 'Table',
          className: 'max-lg:hidden',
          cell: ({ table }) => <span className="figures">{table}</span>,
        },
        {
          id: 'published',
          header: 'Published, IST',
          className: 'max-xl:hidden whitespace-nowrap',
          cell: ({ publication }) => `${publication.from} – ${publication.deadline}`,
        },
        {
          id: 'per',
          header: 'Rows of',
          className: 'max-lg:hidden whitespace-nowrap',
          cell: ({ per, latest_only }) => (
            <span className="inline-flex items-center gap-2">
              {OF[per]}
              {latest_only ? <Badge>present only</Badge> : null}
            </span>
          ),
        },
        {
          id: 'last',
          header: 'Last load',
          align: 'end',
          className: 'max-sm:hidden',
          cell: ({ last_loaded }) => (last_loaded?.rows == null ? '–' : count(last_loaded.rows)),
        },
        {
          id: 'rows',
          header: 'Rows in all',
          align: 'end',
          className: 'max-sm:hidden',
          cell: ({ rows }) => (rows === null ? '–' : count(rows)),
        },
      ]}
    />
  );
}
