import { useQueries, useQuery } from '@tanstack/react-query';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { datasetQueries } from '../datasets/queries.ts';
import { runQueries } from '../flow-runs/queries.ts';
import { STRIP_RUNS } from '../flows/flow-strip.tsx';
import { flowQueries } from '../flows/queries.ts';
import { workQueries } from '../work/queries.ts';
import { AttentionPanel } from './attention-panel.tsx';
import { DatasetsPanel } from './datasets-panel.tsx';
import { FlowsPanel } from './flows-panel.tsx';
import { SessionHeader } from './session-header.tsx';
import { UpcomingPanel } from './upcoming-panel.tsx';
import { WorkersPanel } from './workers-panel.tsx';

/** Failures older than this are history rather than something to do. */
const FAILURES_MS = 3 * 86_400_000;
// To the hour, so that the query stays the same for a while.
const since = () => new Date(Math.floor((Date.now() - FAILURES_MS) / 3_600_000) * 3_600_000).toISOString();

/** What someone who comes in wants to know: is the market open, did everything arrive, is there anything to do. */
export function HomePage() {
  const flows = useQuery(flowQueries.list());
  const recent = useQueries({
    queries: (flows.data ?? []).map(({ name }) => runQueries.recentOfFlow(name, STRIP_RUNS)),
  });
  const failures = useQuery(runQueries.failures(since()));
  const upcoming = useQuery(runQueries.upcoming(40));
  const running = useQuery(runQueries.running());
  const datasets = useQuery(datasetQueries.list());
  const workers = useQuery(workQueries.workers());
  const recentRuns = recent.flatMap(({ data }) => data ?? []);

  return (
    <Page>
      <SessionHeader running={running.data} upcoming={upcoming.data} failures={failures.data} />
      <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1fr)_minmax(300px,380px)]">
        <div className="contents lg:flex lg:flex-col lg:gap-3">
          <Panel title="Flows" aside="last 30 runs, the latest at the right" flush className="max-lg:order-2">
            {flows.error ? (
              <div className="p-3">
                <ErrorState
                  error={flows.error}
                  title="The flows could not be read"
                  onRetry={() => void flows.refetch()}
                />
              </div>
            ) : flows.data === undefined ? (
              <div className="px-3">
                <SkeletonLines lines={8} />
              </div>
            ) : (
              <FlowsPanel
                flows={flows.data}
                recent={new Map(flows.data.map(({ name }, at) => [name, recent[at]?.data]))}
                upcoming={upcoming.data ?? []}
              />
            )}
          </Panel>
          <Panel title="Datasets" aside="against when they should be there" flush className="max-lg:order-4">
            <DatasetsPanel datasets={datasets.data} error={datasets.error} onRetry={() => void datasets.refetch()} />
          </Panel>
        </div>
        <div className="contents lg:flex lg:flex-col lg:gap-3">
          <AttentionPanel
            failures={failures}
            recent={recentRuns}
            datasets={datasets.data ?? []}
            workers={workers.data}
            late={(upcoming.data ?? []).filter((run) => run.state_name === 'Late')}
          />
          <UpcomingPanel query={upcoming} running={running.data ?? []} />
          <WorkersPanel query={workers} />
        </div>
      </div>
    </Page>
  );
}
