import type { FlowRunDetail, RunMetric } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { count } from '../../lib/numbers.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { TrackingLink } from '../system/tracking-link.tsx';
import { factQueries } from './fact-queries.ts';
import { metricName, metricRange, metricSentence, metricValue, VERDICTS } from './metric-words.ts';
import { SpreadStrip, VerdictShape } from './spread-strip.tsx';

const GROUPS = [
  { title: 'How long it took', kinds: ['run', 'task', 'flow'] },
  { title: 'What it made', kinds: ['result'] },
] as const;

/** The run's numbers beside those of its flow's last completed runs. */
export function Metrics({ run }: { readonly run: FlowRunDetail }) {
  const { data, error, refetch } = useQuery(factQueries.metrics(run.id));
  if (error) return <ErrorState error={error} title="The metrics could not be read" onRetry={() => void refetch()} />;
  if (data === undefined) return <SkeletonLines lines={8} />;
  const { metrics, compared_with, since, flow_name } = data;
  if (metrics.length === 0) {
    return <EmptyState title="Nothing to measure yet">No task of it has ended.</EmptyState>;
  }
  const odd = metrics.filter(({ verdict }) => verdict === 'above' || verdict === 'below');
  return (
    <div className="flex flex-col gap-3">
      <div className="text-sm">
        {run.end_time == null ? null : (
          <p className="float-right">
            <TrackingLink flowRunId={run.id}>In the tracking</TrackingLink>
          </p>
        )}
        {compared_with === 0 ? (
          <p>It is the first completed run of {flow_name}: there is nothing to compare it with.</p>
        ) : (
          <>
            <p className="text-ink-2">
              Beside the {compared_with === 1 ? 'one completed run' : `last ${count(compared_with)} completed runs`} of{' '}
              {flow_name} before it{since === null ? null : ', since '}
              {since === null ? null : <Time at={since} format="short" />}. Usual is where nearly all of them were.
            </p>
            {odd.length === 0 ? null : (
              <ul className="mt-1.5 flex flex-col gap-1" aria-label="Out of the usual">
                {odd.map((metric) => (
                  <li key={`${metric.kind} ${metric.name}`} className="flex items-center gap-1.5 font-medium text-late">
                    <VerdictShape verdict={metric.verdict} />
                    <span>{metricSentence(metric)}</span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </div>
      {GROUPS.map(({ title, kinds }) => {
        const rows = metrics.filter(({ kind }) => (kinds as readonly string[]).includes(kind));
        return rows.length === 0 ? null : (
          <Panel key={title} title={title} flush>
            <MetricTable caption={title} rows={rows} />
          </Panel>
        );
      })}
    </div>
  );
}

function MetricTable({ caption, rows }: { readonly caption: string; readonly rows: readonly RunMetric[] }) {
  return (
    <SimpleTable
      caption={caption}
      rows={rows}
      rowKey={({ kind, name }) => `${kind} ${name}`}
      columns={[
        { id: 'name', header: 'What', cell: (metric) => <span className="font-medium">{metricName(metric)}</span> },
        {
          id: 'own',
          header: 'This run',
          align: 'end',
          className: 'whitespace-nowrap',
          cell: ({ unit, value }) => (value === null ? '–' : metricValue(unit, value)),
        },
        {
          id: 'usual',
          header: 'Usually',
          align: 'end',
          className: 'whitespace-nowrap',
          cell: ({ unit, usual }) => (usual === null ? '–' : metricRange(unit, usual.low, usual.high)),
        },
        {
          id: 'median',
          header: 'Median',
          align: 'end',
          className: 'whitespace-nowrap max-md:hidden',
          cell: ({ unit, usual }) => (usual === null ? '–' : metricValue(unit, usual.median)),
        },
        {
          id: 'spread',
          header: 'Spread',
          className: 'w-[34%] max-md:hidden',
          cell: (metric) => <SpreadStrip metric={metric} />,
        },
        {
          id: 'verdict',
          header: 'So',
          cell: ({ verdict }) => (
            <span
              className={`relative flex items-center gap-1.5 whitespace-nowrap ${verdict === 'above' || verdict === 'below' ? 'text-late' : 'text-ink-2'}`}
            >
              <VerdictShape verdict={verdict} />
              <span className="max-sm:sr-only">{VERDICTS[verdict]}</span>
            </span>
          ),
        },
      ]}
    />
  );
}
