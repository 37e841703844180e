import type { Backfill } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { BackfillDialog } from './backfill-dialog.tsx';
import { BackfillProgress, BackfillState } from './progress.tsx';
import { backfillQueries, isAtWork, useCancelBackfill, useStartBackfill } from './queries.ts';

export function BackfillsPage() {
  const navigate = useNavigate();
  const { data: backfills, error, refetch } = useQuery(backfillQueries.list());
  const [starting, setStarting] = useState(false);
  const start = (
    <Button icon="plus" onClick={() => setStarting(true)}>
      Backfill
    </Button>
  );
  return (
    <Page>
      <PageHeader title="Backfills" below="Sessions loaded after their day" actions={start} />
      {error ? (
        <ErrorState error={error} title="The backfills could not be read" onRetry={() => void refetch()} />
      ) : (
        <Panel flush>
          {backfills === undefined ? (
            <div className="px-3">
              <SkeletonLines />
            </div>
          ) : backfills.length === 0 ? (
            <EmptyState title="Nothing was backfilled yet" action={start}>
              A backfill loads the sessions of a span that are not here. A dataset's coverage shows its gaps.
            </EmptyState>
          ) : (
            <Table backfills={backfills} />
          )}
        </Panel>
      )}
      {starting ? (
        <BackfillDialog
          open
          onOpenChange={setStarting}
          onOpenBackfill={(id) => void navigate({ to: '/backfills/$id', params: { id } })}
        />
      ) : null}
    </Page>
  );
}

function Table({ backfills }: { readonly backfills: readonly Backfill[] }) {
  return (
    <SimpleTable
      caption="Backfills, the one last at work first"
      rows={backfills}
      rowKey={({ id }) => id}
      columns={[
        {
          id: 'dataset',
          header: 'Dataset',
          cell: (backfill) => {
            const { id, dataset, from, to, only } = backfill;
            return (
              <>
                <Link to="/backfills/$id" params={{ id }} className="link font-medium">
                  {dataset}
                </Link>
                <p className="text-xs whitespace-nowrap text-ink-3">
                  {from === to ? from : `${from} – ${to}`}, {only}
                </p>
                <div className="mt-1 sm:hidden">
                  <BackfillProgress backfill={backfill} />
                </div>
              </>
            );
          },
        },
        { id: 'state', header: 'State', cell: (backfill) => <BackfillState backfill={backfill} /> },
        {
          id: 'progress',
          header: 'Progress',
          className: 'w-2/5 max-sm:hidden',
          cell: (backfill) => <BackfillProgress backfill={backfill} />,
        },
        {
          id: 'begun',
          header: 'Begun, IST',
          className: 'max-lg:hidden',
          cell: ({ started_at }) => <Time at={started_at} format="short" />,
        },
        {
          id: 'updated',
          header: 'Last at work',
          className: 'max-md:hidden',
          cell: ({ updated_at }) => <Time at={updated_at} format="relative" />,
        },
        {
          id: 'do',
          header: <span className="sr-only">Actions</span>,
          align: 'end',
          cell: (row) => <Action of={row} />,
        },
      ]}
    />
  );
}

/** Ends one that is at work; goes on with one that is not, and has something left. */
export function Action({ of }: { readonly of: Backfill }) {
  const cancel = useCancelBackfill();
  const start = useStartBackfill();
  if (of.at_work) {
    return (
      <Button size="sm" variant="danger" busy={cancel.isPending} onClick={() => cancel.mutate(of.id)}>
        End
      </Button>
    );
  }
  if (of.state === 'completed' && !isAtWork(of)) return null;
  const { dataset, from, to, only, concurrency } = of;
  return (
    <Button
      size="sm"
      icon="play"
      busy={start.isPending}
      onClick={() => start.mutate({ dataset, from, to, only, concurrency })}
    >
      Resume
    </Button>
  );
}
