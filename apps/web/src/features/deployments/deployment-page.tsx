import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ErrorState } from '../../ui/error-state.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { DeploymentActions } from './deployment-actions.tsx';
import { DeploymentFacts, DeploymentStatus } from './deployment-facts.tsx';
import { deploymentQueries } from './queries.ts';
import { SchedulePanels } from './schedule-panels.tsx';
import type { DeploymentSearch } from './search.ts';

interface DeploymentPageProps {
  readonly flowName: string;
  readonly name: string;
  readonly search: DeploymentSearch;
  readonly onSearch: (change: DeploymentSearch) => void;
}

/** One deployment: when it runs, with what, and where. */
export function DeploymentPage({ flowName, name, search, onSearch }: DeploymentPageProps) {
  const query = useQuery(deploymentQueries.byName(flowName, name));
  const deployment = query.data;
  return (
    <Page>
      <PageHeader
        above={
          <>
            <Link to="/deployments" className="link">
              Deployments
            </Link>{' '}
            /{' '}
            <Link to="/flows/$name" params={{ name: flowName }} className="link">
              {flowName}
            </Link>
          </>
        }
        title={
          <span className="inline-flex flex-wrap items-center gap-2">
            {name}
            {deployment === undefined ? null : <DeploymentStatus deployment={deployment} />}
          </span>
        }
        below={deployment?.description ?? undefined}
        actions={deployment === undefined ? undefined : <DeploymentActions deployment={deployment} />}
      />
      {query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : deployment === undefined ? (
        <SkeletonLines lines={8} />
      ) : (
        <div className="flex flex-col gap-3">
          <SchedulePanels deployment={deployment} month={search.month} onMonth={(month) => onSearch({ month })} />
          <div className="grid items-start gap-3 lg:grid-cols-2">
            <Panel
              title="Deployment"
              aside={
                <Link to="/runs" search={{ flow: [flowName], deployment: [name] }} className="link">
                  Its runs
                </Link>
              }
            >
              <DeploymentFacts deployment={deployment} />
            </Panel>
            <Panel title="Parameters that it runs with">
              {Object.keys(deployment.parameters).length === 0 ? (
                <p className="text-sm text-ink-3">
                  The defaults of its flow
                  {deployment.session_parameter === null
                    ? '.'
                    : `, and the session of each slot in ${deployment.session_parameter}.`}
                </p>
              ) : (
                <JsonView value={deployment.parameters} />
              )}
            </Panel>
          </div>
        </div>
      )}
    </Page>
  );
}
