import type { Flow, FlowRun } from '@champion/contract';
import { median } from '@champion/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Duration } from '../../ui/duration.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { runQueries } from '../flow-runs/queries.ts';
import { FlowStrip, STRIP_RUNS } from './flow-strip.tsx';
import { flowQueries } from './queries.ts';
import type { FlowsSearch } from './search.ts';

interface FlowsPageProps {
  readonly search: FlowsSearch;
  readonly onSearch: (change: FlowsSearch) => void;
}

/** What can run, how it went lately, and when it runs next. */
export function FlowsPage({ search, onSearch }: FlowsPageProps) {
  const query = useQuery(flowQueries.list());
  const flows = query.data ?? [];
  const next = useQuery({ ...flowQueries.nextRuns(flows.map(({ id }) => id)), enabled: query.data !== undefined });
  const recent = useQueries({ queries: flows.map(({ name }) => runQueries.recentOfFlow(name, STRIP_RUNS)) });
  const runsOf = new Map(flows.map(({ name }, index) => [name, recent[index]?.data ?? []]));
  const words = (search.q ?? '').toLowerCase().split(/\s+/);
  const shown = flows.filter(({ name, description }) =>
    words.every((word) => `${name} ${description ?? ''}`.toLowerCase().includes(word)),
  );
  return (
    <Page>
      <PageHeader
        title="Flows"
        below="What can run: one flow per dataset, and those that work on all of them"
        actions={
          <SearchInput
            aria-label="Find flows"
            placeholder="Name or description"
            value={search.q ?? ''}
            onValueChange={(q) => onSearch({ q: q === '' ? undefined : q })}
            className="w-60"
          />
        }
      />
      {query.error ? (
        <ErrorState error={query.error} title="The flows could not be read" onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <SkeletonLines lines={8} />
      ) : flows.length === 0 ? (
        <EmptyState title="No flows yet">
          A worker registers the flows of its code when it starts: <code>champion worker start</code>
        </EmptyState>
      ) : shown.length === 0 ? (
        <EmptyState title="None has these words" />
      ) : (
        <Panel flush>
          <FlowTable flows={shown} runsOf={runsOf} next={next.data ?? {}} />
        </Panel>
      )}
    </Page>
  );
}

interface FlowTableProps {
  readonly flows: readonly Flow[];
  /** The latest first, by the flow's name. */
  readonly runsOf: ReadonlyMap<string, readonly FlowRun[]>;
  /** By the flow's id. */
  readonly next: Readonly<Record<string, { readonly next_scheduled_start_time: string } | null>>;
}

function FlowTable({ flows, runsOf, next }: FlowTableProps) {
  return (
    <SimpleTable
      caption="Flows and their last runs"
      rows={flows}
      rowKey={({ id }) => id}
      columns={[
        {
          id: 'flow',
          header: 'Flow',
          cell: ({ name, description }) => (
            <div className="py-0.5">
              <Link to="/flows/$name" params={{ name }} className="font-medium hover:text-accent hover:underline">
                {name}
              </Link>
              {description === null ? null : <div className="text-xs text-ink-3 max-md:hidden">{description}</div>}
            </div>
          ),
        },
        {
          id: 'strip',
          header: `Last ${STRIP_RUNS}`,
          className: 'w-[230px] max-sm:hidden',
          cell: ({ name }) => <FlowStrip flowName={name} runs={runsOf.get(name) ?? []} />,
        },
        {
          id: 'last',
          header: 'Last run',
          cell: ({ name }) => <LastRun run={runsOf.get(name)?.[0]} />,
        },
        {
          id: 'median',
          header: 'Median',
          align: 'end',
          className: 'max-xl:hidden',
          cell: ({ name }) => <Duration seconds={medianSeconds(runsOf.get(name) ?? [])} />,
        },
        {
          id: 'next',
          header: 'Next, IST',
          align: 'end',
          className: 'max-lg:hidden',
          cell: ({ id }) => <Time at={next[id]?.next_scheduled_start_time} format="short" />,
        },
      ]}
    />
  );
}

function LastRun({ run }: { readonly run: FlowRun | undefined }) {
  if (run === undefined) return <span className="text-ink-3">Never</span>;
  return (
    <Link to="/runs/$runId" params={{ runId: run.id }} className="flex flex-wrap gap-x-2 hover:underline">
      <StateMark type={run.state_type} name={run.state_name} />
      <span className="text-ink-3">
        <Time at={run.start_time} format="relative" />
      </span>
    </Link>
  );
}

/** Of those that completed; null where none did. */
export function medianSeconds(runs: readonly FlowRun[]): number | null {
  const known = runs.flatMap(({ state_type, duration }) =>
    state_type === 'COMPLETED' && duration !== null ? [duration] : [],
  );
  return median(known) ?? null;
}
