import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { count } from '../../lib/numbers.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Facts, PageHeader, Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { OutcomeMark } from '../datasets/outcome-mark.tsx';
import { Action } from './backfills-page.tsx';
import { BackfillProgress, BackfillState } from './progress.tsx';
import { backfillQueries } from './queries.ts';

const ONLY = {
  missing: 'what was not loaded',
  failed: 'what was tried and not loaded',
  all: 'everything, loaded or not',
} as const;

/** One backfill: how far it is, what failed, and what of its span is still not here. */
export function BackfillPage({ id }: { readonly id: string }) {
  const { data: backfill, error, refetch } = useQuery(backfillQueries.byId(id));
  const above = (
    <Link to="/backfills" className="link">
      Backfills
    </Link>
  );
  if (error || backfill === undefined) {
    return (
      <Page>
        <PageHeader title="Backfill" above={above} />
        {error ? (
          <ErrorState error={error} title="The backfill could not be read" onRetry={() => void refetch()} />
        ) : (
          <SkeletonLines lines={8} />
        )}
      </Page>
    );
  }
  const { dataset, from, to, failures, failed, gaps, gap_count } = backfill;
  return (
    <Page>
      <PageHeader
        title={`${dataset}, ${from === to ? from : `${from} – ${to}`}`}
        above={above}
        below={<BackfillState backfill={backfill} />}
        actions={<Action of={backfill} />}
      />
      <div className="grid items-start gap-3 lg:grid-cols-[1fr_380px]">
        <div className="flex min-w-0 flex-col gap-3">
          <Panel title="Progress">
            <BackfillProgress backfill={backfill} wide />
            {backfill.message === null ? null : <p className="mt-2 text-sm text-ink-2">{backfill.message}</p>}
          </Panel>
          <Panel
            title="Failed"
            aside={failed > failures.length ? `the first ${failures.length} of ${count(failed)}` : count(failed)}
            flush
          >
            {failures.length === 0 ? (
              <EmptyState title="No session failed" />
            ) : (
              <SimpleTable
                caption="Sessions whose run did not complete"
                rows={failures}
                rowKey={({ trade_date }) => trade_date}
                columns={[
                  {
                    id: 'date',
                    header: 'Session',
                    className: 'whitespace-nowrap',
                    cell: ({ trade_date, flow_run_id }) => (
                      <Link to="/runs/$runId" params={{ runId: flow_run_id }} className="link">
                        {trade_date}
                      </Link>
                    ),
                  },
                  { id: 'code', header: 'Code', cell: ({ code }) => <span className="figures">{code}</span> },
                  { id: 'why', header: 'Why', cell: ({ message }) => message },
                ]}
              />
            )}
          </Panel>
          <Panel
            title="Not here now"
            aside={gap_count > gaps.length ? `the first ${gaps.length} of ${count(gap_count)}` : count(gap_count)}
            flush
          >
            {gaps.length === 0 ? (
              <EmptyState title="Everything of its span is here" />
            ) : (
              <SimpleTable
                caption="What of the span is not in lake and warehouse"
                rows={gaps}
                rowKey={({ trade_date, slice }) => `${trade_date} ${slice}`}
                columns={[
                  {
                    id: 'date',
                    header: 'Session',
                    className: 'whitespace-nowrap',
                    cell: ({ trade_date }) => (
                      <Link
                        to="/datasets/$name"
                        params={{ name: dataset }}
                        search={{ day: trade_date, since: from }}
                        className="link"
                      >
                        {trade_date}
                      </Link>
                    ),
                  },
                  { id: 'slice', header: 'Slice', className: 'max-sm:hidden', cell: ({ slice }) => slice },
                  {
                    id: 'outcome',
                    header: 'Outcome',
                    cell: ({ outcome }) => <OutcomeMark mark={outcome === 'LOADED' ? 'LAKE_ONLY' : outcome} />,
                  },
                  {
                    id: 'why',
                    header: 'Why',
                    className: 'max-sm:hidden',
                    cell: ({ message }) => message ?? <span className="text-ink-3">–</span>,
                  },
                ]}
              />
            )}
          </Panel>
        </div>
        <Panel title="What was asked for">
          <Facts
            items={[
              [
                'Dataset',
                <Link key="d" to="/datasets/$name" params={{ name: dataset }} className="link">
                  {dataset}
                </Link>,
              ],
              ['Span', from === to ? from : `${from} – ${to}`],
              ['Which', ONLY[backfill.only]],
              ['At once', `${backfill.concurrency} sessions`],
              ['Flow', backfill.flow],
              ['Begun', <Time key="b" at={backfill.started_at} />],
              ['Last at work', <Time key="u" at={backfill.updated_at} />],
              ['Ended', <Time key="e" at={backfill.ended_at} />],
              ['Attempts', count(backfill.attempts)],
            ]}
          />
        </Panel>
      </div>
    </Page>
  );
}
