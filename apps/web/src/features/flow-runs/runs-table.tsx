import type { FlowRunQuery } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { runQueries } from './queries.ts';
import { runColumns } from './run-columns.tsx';
import { useRunPages } from './run-pages.ts';
import type { RunConditions, RunsSearch } from './search.ts';

interface RunsTableProps {
  readonly search: RunsSearch;
  readonly conditions: RunConditions;
  readonly sort: FlowRunQuery['sort'];
}

/** The runs that fit, however many. Apart from the page, for it is drawn again at every step of scrolling. */
export function RunsTable({ search, conditions, sort }: RunsTableProps) {
  const navigate = useNavigate();
  const total = useQuery(runQueries.count(conditions));
  const { row, onRange, error, refetch } = useRunPages(conditions, sort);
  const failure = total.error ?? error;
  const retry = total.error ? () => void total.refetch() : refetch;
  const { sort: _, upcoming: __, ...chosen } = search;
  const filtered = Object.keys(chosen).length > 0;
  return (
    <section
      aria-label="Runs"
      className="flex min-h-72 grow flex-col overflow-hidden rounded-lg border border-line bg-surface"
    >
      {failure ? (
        <div className="p-3">
          <ErrorState error={failure} title="The runs could not be read" onRetry={retry} />
        </div>
      ) : total.data === undefined ? (
        <div className="px-3">
          <SkeletonLines lines={10} />
        </div>
      ) : (
        <DataTable
          label="Runs"
          columns={runColumns}
          count={total.data}
          row={row}
          onRange={onRange}
          onOpen={(run) => void navigate({ to: '/runs/$runId', params: { runId: run.id } })}
          empty={
            filtered ? (
              <EmptyState
                title="No run fits these conditions"
                action={<Button onClick={() => void navigate({ to: '/runs', search: {} })}>Show all runs</Button>}
              />
            ) : (
              <EmptyState title="Nothing has run yet">
                Start one on the command line, for example <code>champion flow run nse-bhavcopy-etl</code>, or wait for
                a schedule.
              </EmptyState>
            )
          }
        />
      )}
    </section>
  );
}
