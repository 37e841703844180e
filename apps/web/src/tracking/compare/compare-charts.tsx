import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { count } from '../../lib/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import LineChart, { type ChartSeries } from '../../ui/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { runQueries } from '../api/queries.ts';
import type { Point, Run } from '../api/types.ts';
import { changeSearch, useLocation } from '../app/location.ts';
import { metricText } from '../lib/metric-text.ts';
import { courses } from './courses.ts';
import type { ComparedRow } from './differences.ts';

/** So many charts are drawn unless all are asked for. */
const FIRST = 6;
/** More lines in one chart than this are not told apart. */
const MOST_LINES = 8;

const COLORS = ['accent', 'completed', 'late', 'crashed', 'paused', 'failed', 'running', 'ink-2'] as const;

interface CompareChartsProps {
  readonly runs: readonly Run[];
  readonly rows: readonly ComparedRow<Point>[];
  readonly chosen: string | undefined;
}

/** A chart of each metric with a bar for each run, and the course of one where runs have told it step by step. */
export default function CompareCharts({ runs, rows, chosen }: CompareChartsProps) {
  const { search } = useLocation();
  const isAll = search.charts === 'all';
  // What differs is what is looked for.
  const drawable = useMemo(
    () =>
      rows
        .filter(({ values }) => values.some((point) => point !== undefined && Number.isFinite(point.value)))
        .toSorted((a, b) => Number(b.differs) - Number(a.differs)),
    [rows],
  );
  const stepped = rows.filter(({ values }) => values.some((point) => point !== undefined && point.step !== 0));
  const course = stepped.find(({ key }) => key === chosen) ?? stepped[0];
  if (drawable.length === 0) return null;
  const names = runs.map(({ name }) => name);
  return (
    <>
      {course === undefined ? null : (
        <Courses runs={runs} metric={course.key} metrics={stepped.map(({ key }) => key)} />
      )}
      <div className="grid gap-3 md:grid-cols-2 2xl:grid-cols-3">
        {(isAll ? drawable : drawable.slice(0, FIRST)).map(({ key, values }) => (
          <MetricBars key={key} metric={key} values={values} names={names} />
        ))}
      </div>
      {drawable.length > FIRST ? (
        <div className="text-center">
          <Button onClick={() => changeSearch({ charts: isAll ? undefined : 'all' })}>
            {isAll ? `Only the first ${FIRST} charts` : `All ${drawable.length} charts`}
          </Button>
        </div>
      ) : null}
    </>
  );
}

interface MetricBarsProps {
  readonly metric: string;
  readonly values: readonly (Point | undefined)[];
  readonly names: readonly string[];
}

function MetricBars({ metric, values, names }: MetricBarsProps) {
  const x = useMemo(() => names.map((_, place) => place), [names]);
  const series = useMemo((): readonly ChartSeries[] => {
    const numbers = values.map((point) => (point !== undefined && Number.isFinite(point.value) ? point.value : null));
    return [{ label: metric, values: numbers, color: 'accent', kind: 'bars' }];
  }, [metric, values]);
  const isNegative = values.some((point) => point !== undefined && point.value < 0);
  return (
    <Panel title={metric}>
      <LineChart
        label={`${metric} of each run`}
        x={x}
        series={series}
        height={150}
        formatX={(place) => names[place] ?? ''}
        formatY={(value) => metricText(metric, value)}
        {...(isNegative ? {} : { min: 0 })}
      />
    </Panel>
  );
}

interface CoursesProps {
  readonly runs: readonly Run[];
  readonly metric: string;
  readonly metrics: readonly string[];
}

function Courses({ runs, metric, metrics }: CoursesProps) {
  const drawn = useMemo(() => runs.slice(0, MOST_LINES), [runs]);
  const ids = useMemo(() => drawn.map(({ id }) => id), [drawn]);
  const { data, error, refetch } = useQuery(runQueries.courses(ids, metric));
  const { x, lines } = useMemo(() => courses(data ?? [], ids), [data, ids]);
  const series = useMemo(
    () =>
      lines.map(
        (values, place): ChartSeries => ({
          label: drawn[place]?.name ?? '',
          values,
          color: COLORS[place] ?? 'ink-3',
          joined: true,
          dashed: place % 2 === 1,
        }),
      ),
    [lines, drawn],
  );
  return (
    <Panel
      title="Course by step"
      aside={
        <Select
          aria-label="Metric"
          value={metric}
          onValueChange={(next) => changeSearch({ metric: next })}
          options={metrics.map((value) => ({ value, label: value }))}
        />
      }
    >
      {error && data === undefined ? (
        <ErrorState error={error} title="The histories could not be read" onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <SkeletonLines lines={6} />
      ) : (
        <LineChart
          label={`Course of ${metric} in each run, by step`}
          x={x}
          series={series}
          height={240}
          formatX={(step) => (Number.isInteger(step) ? count(step) : '')}
          formatY={(value) => metricText(metric, value)}
        />
      )}
      {runs.length > MOST_LINES ? <p className="text-xs text-ink-3">Of the first {MOST_LINES} runs.</p> : null}
    </Panel>
  );
}
