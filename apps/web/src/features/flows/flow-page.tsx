import type { Deployment } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { DeploymentActions } from '../deployments/deployment-actions.tsx';
import { DeploymentFacts } from '../deployments/deployment-facts.tsx';
import { deploymentQueries } from '../deployments/queries.ts';
import { FlowRunsTab } from './flow-runs-tab.tsx';
import { flowQueries } from './queries.ts';
import type { FlowSearch, FlowTab } from './search.ts';

const SchedulePanels = lazy(() =>
  import('../deployments/schedule-panels.tsx').then(({ SchedulePanels: part }) => ({ default: part })),
);
const FlowGraphTab = lazy(() => import('./flow-graph-tab.tsx').then(({ FlowGraphTab: part }) => ({ default: part })));

interface FlowPageProps {
  readonly name: string;
  readonly search: FlowSearch;
  readonly onSearch: (change: FlowSearch) => void;
}

/** One flow: how it went, when it runs, where, and what its tasks depend on. */
export function FlowPage({ name, search, onSearch }: FlowPageProps) {
  const flow = useQuery(flowQueries.byName(name));
  const deployments = useQuery(deploymentQueries.list());
  const own = (deployments.data ?? []).filter(({ flow_name }) => flow_name === name);
  const chosen = own.find((deployment) => deployment.name === search.deployment) ?? own[0];
  const tab: FlowTab = search.tab ?? 'runs';
  return (
    <Page>
      <PageHeader
        above={
          <Link to="/flows" className="link">
            Flows
          </Link>
        }
        title={name}
        below={flow.data?.description ?? undefined}
        actions={chosen === undefined ? undefined : <DeploymentActions key={chosen.id} deployment={chosen} />}
      />
      {flow.error ? (
        <ErrorState error={flow.error} onRetry={() => void flow.refetch()} />
      ) : (
        <Tabs<FlowTab>
          value={tab}
          onValueChange={(next) => onSearch({ tab: next === 'runs' ? undefined : next })}
          tabs={[
            { value: 'runs', label: 'Runs' },
            { value: 'schedule', label: 'Schedule' },
            { value: 'deployment', label: 'Deployment', count: own.length > 1 ? own.length : undefined },
            { value: 'graph', label: 'Graph' },
          ]}
        >
          <Suspense fallback={<SkeletonLines lines={6} />}>
            {tab === 'runs' ? <FlowRunsTab name={name} /> : null}
            {tab === 'graph' ? <FlowGraphTab name={name} /> : null}
            {tab === 'schedule' || tab === 'deployment' ? (
              deployments.error ? (
                <ErrorState
                  error={deployments.error}
                  title="The deployments could not be read"
                  onRetry={() => void deployments.refetch()}
                />
              ) : deployments.data === undefined ? (
                <SkeletonLines lines={6} />
              ) : chosen === undefined ? (
                <EmptyState title="It has no deployment">
                  It runs only when it is asked to: <code>champion flow run {name}</code>
                </EmptyState>
              ) : tab === 'schedule' ? (
                <div className="flex flex-col gap-3">
                  {own.length < 2 ? null : (
                    <Select
                      aria-label="Deployment"
                      className="w-72"
                      value={chosen.name}
                      onValueChange={(deployment) => onSearch({ deployment })}
                      options={own.map((each) => ({ value: each.name, label: each.name }))}
                    />
                  )}
                  <SchedulePanels deployment={chosen} month={search.month} onMonth={(month) => onSearch({ month })} />
                </div>
              ) : (
                <div className="grid items-start gap-3 lg:grid-cols-2">
                  {own.map((deployment) => (
                    <DeploymentPanel key={deployment.id} deployment={deployment} />
                  ))}
                </div>
              )
            ) : null}
          </Suspense>
        </Tabs>
      )}
    </Page>
  );
}

function DeploymentPanel({ deployment }: { readonly deployment: Deployment }) {
  return (
    <Panel
      title={deployment.name}
      aside={
        <Link
          to="/deployments/$flowName/$name"
          params={{ flowName: deployment.flow_name, name: deployment.name }}
          className="link"
        >
          Open
        </Link>
      }
    >
      {deployment.description === null ? null : <p className="mb-2 text-sm text-ink-2">{deployment.description}</p>}
      <DeploymentFacts deployment={deployment} />
    </Panel>
  );
}
