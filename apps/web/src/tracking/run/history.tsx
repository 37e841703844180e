import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { count } from '../../lib/numbers.ts';
import { clockTime, exactMoment, shortMoment } from '../../lib/time.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import LineChart from '../../ui/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { runQueries } from '../api/queries.ts';
import { metricText } from '../lib/metric-text.ts';
import { type Axis, along, usualAxis } from './history-points.ts';

const DAY_S = 86_400;

interface HistoryProps {
  readonly runId: string;
  readonly metric: string;
  /** The fitting one when not given. */
  readonly axis: Axis | undefined;
  readonly onAxis: (axis: Axis) => void;
}

/** A metric's whole course in a run. */
export default function History({ runId, metric, axis, onAxis }: HistoryProps) {
  const { data, error, refetch } = useQuery(runQueries.history(runId, metric));
  const chosen = axis ?? usualAxis(data?.points ?? []);
  const { x, y } = useMemo(() => along(data?.points ?? [], chosen), [data, chosen]);
  const series = useMemo(
    () => [{ label: metric, values: y, color: 'accent', kind: 'area', joined: true }] as const,
    [metric, y],
  );
  const [only] = data?.points ?? [];
  const spansDays = (x.at(-1) ?? 0) - (x[0] ?? 0) > DAY_S;
  return (
    <Panel
      title={`Course of ${metric}`}
      aside={
        x.length < 2 ? undefined : (
          <Select
            aria-label="Axis"
            value={chosen}
            onValueChange={onAxis}
            options={[
              { value: 'step', label: 'by step' },
              { value: 'time', label: 'by time' },
            ]}
          />
        )
      }
    >
      {error && data === undefined ? (
        <ErrorState error={error} title="The history could not be read" onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <SkeletonLines lines={6} />
      ) : x.length < 2 ? (
        <p className="py-2 text-sm text-ink-2">
          {only === undefined ? (
            'It was never told.'
          ) : (
            <>
              It was told once: <span className="font-medium text-ink">{metricText(metric, only.value)}</span> at{' '}
              {exactMoment(only.timestamp)}.
            </>
          )}
        </p>
      ) : (
        <>
          <LineChart
            label={`Course of ${metric} by ${chosen}`}
            x={x}
            series={series}
            time={chosen === 'time'}
            height={220}
            formatX={(at) =>
              chosen === 'step'
                ? Number.isInteger(at)
                  ? count(at)
                  : ''
                : spansDays
                  ? shortMoment(at * 1000, Date.now())
                  : clockTime(at * 1000)
            }
            formatY={(value) => metricText(metric, value)}
          />
          <p className="text-xs text-ink-3">
            {data.hasMore ? `The first ${count(x.length)} points of more` : `${count(x.length)} points`}
            {y.includes(null) ? '; those that are no finite number are gaps' : ''}.
          </p>
        </>
      )}
    </Panel>
  );
}
