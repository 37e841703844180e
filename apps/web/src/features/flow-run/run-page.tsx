import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useLiveRuns } from '../../app/live.ts';
import { isOver, wentWrong } from '../../lib/states.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { runQueries } from '../flow-runs/queries.ts';
import { Artifacts } from './artifacts.tsx';
import { Logs } from './logs.tsx';
import { Metrics } from './metrics.tsx';
import { RunHeader } from './run-header.tsx';
import type { RunSearch } from './search.ts';
import { Tasks } from './tasks.tsx';
import { Timeline } from './timeline.tsx';
import { ValueView } from './value-view.tsx';

const Graph = lazy(() => import('./graph.tsx'));

export interface RunPageProps {
  readonly runId: string;
  readonly search: RunSearch;
  readonly onSearch: (change: RunSearch) => void;
}

/** One run: what it does or did, and what can be done about it. */
export function RunPage({ runId, search, onSearch }: RunPageProps) {
  const { data: run, error, refetch } = useQuery(runQueries.detail(runId));
  const tasks = useQuery(runQueries.tasks(runId));
  useLiveRuns(run !== undefined && !isOver(run.state_type) ? [runId] : []);
  const tab = search.tab ?? 'timeline';

  if (run === undefined) {
    return (
      <Page>
        {error ? (
          <ErrorState error={error} title="This run could not be read" onRetry={() => void refetch()} />
        ) : (
          <SkeletonLines lines={8} />
        )}
      </Page>
    );
  }
  const showTask = (task: string) => onSearch({ tab: 'tasks', task });
  const failed = tasks.data?.filter((task) => wentWrong(task.state_type)).length ?? 0;
  return (
    <Page fill>
      <RunHeader run={run} tasks={tasks.data ?? []} />
      <Tabs
        value={tab}
        onValueChange={(next) => onSearch({ tab: next === 'timeline' ? undefined : next })}
        tabs={[
          { value: 'timeline', label: 'Timeline' },
          { value: 'graph', label: 'Graph' },
          { value: 'logs', label: 'Log' },
          { value: 'tasks', label: failed > 0 ? `Tasks, ${failed} failed` : 'Tasks', count: tasks.data?.length },
          { value: 'result', label: 'Result' },
          { value: 'artifacts', label: 'Artifacts' },
          { value: 'metrics', label: 'Metrics' },
          { value: 'parameters', label: 'Parameters' },
        ]}
      >
        {tab === 'timeline' ? <Timeline run={run} onTask={showTask} /> : null}
        {tab === 'graph' ? (
          <Suspense fallback={<SkeletonLines lines={5} />}>
            <Graph run={run} onTask={showTask} />
          </Suspense>
        ) : null}
        {tab === 'logs' ? <Logs run={run} search={search} onSearch={onSearch} /> : null}
        {tab === 'tasks' ? <Tasks run={run} selected={search.task} onSelect={(task) => onSearch({ task })} /> : null}
        {tab === 'result' ? (
          run.result === null || run.result === undefined ? (
            <EmptyState title={isOver(run.state_type) ? 'It returned nothing' : 'It has not ended'}>
              {wentWrong(run.state_type) ? 'A run that failed has an error instead, above.' : null}
            </EmptyState>
          ) : (
            <Panel>
              <ValueView value={run.result} />
            </Panel>
          )
        ) : null}
        {tab === 'artifacts' ? <Artifacts run={run} /> : null}
        {tab === 'metrics' ? <Metrics run={run} /> : null}
        {tab === 'parameters' ? (
          Object.keys(run.parameters).length === 0 ? (
            <EmptyState title="It was given no parameters">Everything stood at its default.</EmptyState>
          ) : (
            <JsonView value={run.parameters} />
          )
        ) : null}
      </Tabs>
    </Page>
  );
}
