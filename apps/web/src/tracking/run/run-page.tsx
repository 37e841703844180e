import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { readChoice, readText } from '../../lib/search-params.ts';
import { Badge } from '../../ui/badge.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Duration, Elapsed } from '../../ui/duration.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Icon } from '../../ui/icon.tsx';
import { CopyButton } from '../../ui/json-view.tsx';
import { Page } from '../../ui/page.tsx';
import { Facts, PageHeader, Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { aboutQueries, experimentQueries, runQueries } from '../api/queries.ts';
import type { Run } from '../api/types.ts';
import { changeSearch, hrefs, useLocation } from '../app/location.ts';
import { useTitle } from '../app/use-title.ts';
import { metricText } from '../lib/metric-text.ts';
import { RunState, secondsOf } from '../lib/run-state.tsx';
import { AXES } from './history-points.ts';

const History = lazy(() => import('./history.tsx'));

/** Everything that one run told. */
export default function RunPage({ runId }: { readonly runId: string }) {
  const { data: run, error, refetch } = useQuery(runQueries.read(runId));
  useTitle(run?.name);
  if (run === undefined) {
    return (
      <Page>
        <PageHeader title="Run" above={<Above />} />
        {error ? (
          <ErrorState error={error} title="The run could not be read" onRetry={() => void refetch()} />
        ) : (
          <SkeletonLines lines={8} />
        )}
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader
        title={run.name}
        above={<Above experimentId={run.experimentId} />}
        below={
          <span className="flex flex-wrap items-center gap-x-4">
            <RunState run={run} />
            <Time at={run.startTime} />
            {run.endTime === null ? <Elapsed since={run.startTime} /> : <Duration seconds={secondsOf(run)} />}
            {run.isDeleted ? <Badge tone="warn">Deleted</Badge> : null}
          </span>
        }
        actions={<FlowRunLink run={run} />}
      />
      <div className="grid items-start gap-3 lg:grid-cols-2 xl:grid-cols-3">
        <div className="grid gap-3 xl:col-span-2">
          <Metrics run={run} />
        </div>
        <div className="grid gap-3">
          <Panel title="Parameters">
            <Texts of={run.params} none="The run has no parameters" />
          </Panel>
          <Panel title="Tags">
            <Texts of={run.tags} none="The run has no tags" />
          </Panel>
          <Panel title="Run">
            <Facts
              items={[
                ['Run id', <Copied key="id" text={run.id} />],
                ['Began', <Time key="began" at={run.startTime} format="exact" />],
                ['Ended', <Time key="ended" at={run.endTime} format="exact" />],
                ['User', run.user === '' ? '–' : run.user],
              ]}
            />
          </Panel>
        </div>
      </div>
    </Page>
  );
}

function Above({ experimentId }: { readonly experimentId?: string }) {
  const { data } = useQuery({
    ...experimentQueries.read(experimentId ?? ''),
    enabled: experimentId !== undefined,
  });
  return (
    <>
      <a href={hrefs.experiments()} className="link">
        Experiments
      </a>
      {experimentId === undefined ? null : (
        <>
          {' / '}
          <a href={hrefs.experiment(experimentId)} className="link">
            {data?.name ?? experimentId}
          </a>
        </>
      )}
    </>
  );
}

/** To the flow run that the numbers are of, if they are of one, and if the web app that shows it is there. */
function FlowRunLink({ run }: { readonly run: Run }) {
  const { data: about } = useQuery(aboutQueries.read());
  const id = run.tags.flow_run_id;
  if (id === undefined || about === undefined) return null;
  if (about.webUrl === null) {
    return (
      <span className="text-sm text-ink-3">The web app, which shows the flow run, is not built on this server</span>
    );
  }
  return (
    <a href={`${about.webUrl}/runs/${encodeURIComponent(id)}`} className={buttonClass()}>
      <Icon name="external" size={15} />
      The flow run in the web app
    </a>
  );
}

function Metrics({ run }: { readonly run: Run }) {
  const { search } = useLocation();
  const keys = Object.keys(run.metrics).sort((a, b) => a.localeCompare(b));
  // One with a course says more than one that was told once.
  const first = keys.find((key) => run.metrics[key]?.step !== 0) ?? keys[0];
  const shown = keys.find((key) => key === readText(search.metric)) ?? first;
  if (shown === undefined) {
    return (
      <Panel title="Metrics">
        <EmptyState title="The run told no metrics" />
      </Panel>
    );
  }
  const course = (
    <Suspense
      fallback={
        <Panel title={`Course of ${shown}`}>
          <SkeletonLines lines={6} />
        </Panel>
      }
    >
      <History
        runId={run.id}
        metric={shown}
        axis={readChoice(search.axis, AXES)}
        onAxis={(axis) => changeSearch({ axis })}
      />
    </Suspense>
  );
  // What was told once has no course to look at first.
  const isOnceTold = keys.every((key) => run.metrics[key]?.step === 0);
  return (
    <>
      {isOnceTold ? null : course}
      <Panel title="Metrics" aside={`${keys.length}, the newest value of each`} flush>
        <SimpleTable
          caption="Metrics of the run"
          rows={keys}
          rowKey={(key) => key}
          columns={[
            {
              id: 'key',
              header: 'Metric',
              cell: (key) => (
                <button
                  type="button"
                  aria-pressed={key === shown}
                  onClick={() => changeSearch({ metric: key })}
                  className={`text-left break-all ${key === shown ? 'font-medium text-ink' : 'link'}`}
                >
                  {key}
                </button>
              ),
            },
            {
              id: 'value',
              header: 'Value',
              align: 'end',
              className: 'whitespace-nowrap',
              cell: (key) => {
                const value = run.metrics[key]?.value ?? Number.NaN;
                return <span title={String(value)}>{metricText(key, value)}</span>;
              },
            },
            {
              id: 'step',
              header: 'Step',
              align: 'end',
              className: 'max-sm:hidden',
              cell: (key) => run.metrics[key]?.step,
            },
            {
              id: 'at',
              header: 'Told at, IST',
              align: 'end',
              className: 'max-sm:hidden',
              cell: (key) => <Time at={run.metrics[key]?.timestamp} format="short" />,
            },
          ]}
        />
      </Panel>
      {isOnceTold ? course : null}
    </>
  );
}

function Texts({ of, none }: { readonly of: Readonly<Record<string, string>>; readonly none: string }) {
  const entries = Object.entries(of).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return <p className="text-sm text-ink-3">{none}</p>;
  return (
    <Facts
      items={entries.map(([key, text]): readonly [string, ReactNode] => [
        key,
        <span key={key} className="figures break-all whitespace-pre-wrap">
          {text === '' ? '–' : text}
        </span>,
      ])}
    />
  );
}

function Copied({ text }: { readonly text: string }) {
  return (
    <span className="flex items-center gap-2">
      <span className="figures break-all">{text}</span>
      <CopyButton text={text} />
    </span>
  );
}
