import type { Deployment } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { flowQueries } from '../flows/queries.ts';
import { useDeploymentAction } from './actions.ts';
import { DeploymentStatus } from './deployment-facts.tsx';
import { deploymentQueries } from './queries.ts';
import { RunDialog } from './run-dialog.tsx';
import { cronWords, zoneName } from './schedule-words.ts';
import type { DeploymentsSearch } from './search.ts';

interface DeploymentsPageProps {
  readonly search: DeploymentsSearch;
  readonly onSearch: (change: DeploymentsSearch) => void;
}

/** What runs when, and where. */
export function DeploymentsPage({ search, onSearch }: DeploymentsPageProps) {
  const query = useQuery(deploymentQueries.list());
  const [running, setRunning] = useState<Deployment | undefined>();
  const all = query.data ?? [];
  const words = (search.q ?? '').toLowerCase().split(/\s+/);
  const shown = all.filter(({ flow_name, name, tags }) =>
    words.every((word) => `${flow_name}/${name} ${tags.join(' ')}`.toLowerCase().includes(word)),
  );
  const next = useQuery({
    ...flowQueries.nextRuns([...new Set(all.map(({ flow_id }) => flow_id))]),
    enabled: query.data !== undefined,
  });
  return (
    <Page>
      <PageHeader
        title="Deployments"
        below="A flow with its schedules, parameters and queue"
        actions={
          <SearchInput
            aria-label="Find deployments"
            placeholder="Name, flow or tag"
            value={search.q ?? ''}
            onValueChange={(q) => onSearch({ q: q === '' ? undefined : q })}
            className="w-60"
          />
        }
      />
      {query.error ? (
        <ErrorState
          error={query.error}
          title="The deployments could not be read"
          onRetry={() => void query.refetch()}
        />
      ) : query.data === undefined ? (
        <SkeletonLines lines={8} />
      ) : all.length === 0 ? (
        <EmptyState title="No deployments yet">
          <code>champion deploy</code> registers those of the code.
        </EmptyState>
      ) : shown.length === 0 ? (
        <EmptyState title="None has these words" />
      ) : (
        <Panel flush>
          <SimpleTable
            caption="Deployments"
            rows={shown}
            rowKey={({ id }) => id}
            columns={[
              {
                id: 'name',
                header: 'Deployment',
                cell: (deployment) => (
                  <div className="min-w-0 py-0.5">
                    <Link
                      to="/deployments/$flowName/$name"
                      params={{ flowName: deployment.flow_name, name: deployment.name }}
                      className="font-medium hover:text-accent hover:underline"
                    >
                      {deployment.name}
                    </Link>
                    <div className="text-xs text-ink-3">{deployment.flow_name}</div>
                    <div className="text-xs text-ink-2 md:hidden">
                      <ScheduleSummary deployment={deployment} />
                    </div>
                    {deployment.paused ? (
                      <div className="mt-0.5 sm:hidden">
                        <DeploymentStatus deployment={deployment} />
                      </div>
                    ) : null}
                  </div>
                ),
              },
              {
                id: 'schedule',
                header: 'Schedule',
                className: 'max-md:hidden',
                cell: (deployment) => <ScheduleSummary deployment={deployment} />,
              },
              {
                id: 'next',
                header: 'Next run, IST',
                className: 'max-lg:hidden',
                cell: (deployment) => {
                  const of = next.data?.[deployment.flow_id];
                  return deployment.paused ? (
                    <span className="text-ink-3">–</span>
                  ) : (
                    <Time at={of?.next_scheduled_start_time} format="short" />
                  );
                },
              },
              {
                id: 'queue',
                header: 'Queue',
                className: 'max-xl:hidden',
                cell: ({ work_queue_name }) => work_queue_name ?? '–',
              },
              {
                id: 'tags',
                header: 'Tags',
                className: 'max-xl:hidden',
                cell: ({ tags }) => (
                  <span className="flex flex-wrap gap-1">
                    {tags.map((tag) => (
                      <Badge key={tag}>{tag}</Badge>
                    ))}
                  </span>
                ),
              },
              {
                id: 'status',
                header: 'Status',
                className: 'max-sm:hidden',
                cell: (deployment) => <DeploymentStatus deployment={deployment} />,
              },
              {
                id: 'actions',
                header: <span className="sr-only">Actions</span>,
                align: 'end',
                cell: (deployment) => <RowActions deployment={deployment} onRun={() => setRunning(deployment)} />,
              },
            ]}
          />
        </Panel>
      )}
      {running === undefined ? null : <RunDialog deployment={running} onClose={() => setRunning(undefined)} />}
    </Page>
  );
}

function ScheduleSummary({ deployment }: { readonly deployment: Deployment }) {
  if (deployment.schedules.length === 0) return <span className="text-ink-3">On demand</span>;
  return (
    <ul>
      {deployment.schedules.map(({ id, active, schedule, calendar }) => (
        <li key={id} className={active ? undefined : 'text-ink-3'}>
          {cronWords(schedule.cron, schedule.day_or)}, {zoneName(schedule.timezone)}
          <span className="text-ink-3">
            {calendar === null ? '' : ' · sessions'}
            {active ? '' : ' · rests'}
          </span>
        </li>
      ))}
    </ul>
  );
}

function RowActions({ deployment, onRun }: { readonly deployment: Deployment; readonly onRun: () => void }) {
  const action = useDeploymentAction(deployment);
  return (
    <span className="flex justify-end gap-1.5">
      <Button
        size="sm"
        variant="quiet"
        icon={deployment.paused ? 'play' : 'pause'}
        busy={action.isPending}
        aria-label={`${deployment.paused ? 'Resume' : 'Pause'} ${deployment.name}`}
        onClick={() => action.mutate({ kind: deployment.paused ? 'resume' : 'pause' })}
      >
        <span className="max-sm:hidden">{deployment.paused ? 'Resume' : 'Pause'}</span>
      </Button>
      <Button size="sm" onClick={onRun} aria-label={`Run ${deployment.name}`}>
        Run
      </Button>
    </span>
  );
}
