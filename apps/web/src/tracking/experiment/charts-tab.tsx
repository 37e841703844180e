import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { count, percent } from '../../lib/numbers.ts';
import { duration, shortMoment } from '../../lib/time.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import LineChart, { type ChartSeries } from '../../ui/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { runQueries } from '../api/queries.ts';
import type { Run } from '../api/types.ts';
import { changeSearch } from '../app/location.ts';
import { durations, failures, sizes, throughput } from './chart-series.ts';
import { CHARTED } from './search.ts';

interface ChartsTabProps {
  readonly experimentId: string;
  readonly filter: string;
  readonly last: (typeof CHARTED)[number];
}

/** What the latest runs tell: how long tasks take, how fast rows go, how much fails, how large the files are. */
export default function ChartsTab({ experimentId, filter, last }: ChartsTabProps) {
  const { data, error, refetch } = useQuery(runQueries.latest(experimentId, filter, Number(last)));
  const drawn = useMemo(() => {
    const runs = (data?.items ?? []).toReversed();
    return { trend: durations(runs), speed: throughput(runs), errors: failures(runs), files: sizes(runs) };
  }, [data]);
  if (error && data === undefined) {
    return <ErrorState error={error} title="The runs could not be read" onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <SkeletonLines lines={8} />;
  const { trend, speed, errors, files } = drawn;
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2 text-sm text-ink-2">
        <span>The latest</span>
        <Select
          aria-label="How many of the latest runs"
          value={last}
          onValueChange={(next) => changeSearch({ last: next === '100' ? undefined : next })}
          options={CHARTED.map((value) => ({ value, label: value }))}
        />
        <span aria-live="polite">
          runs{filter === '' ? '' : ' that fit the filter'}
          {data.hasMore ? '' : `; there are ${count(data.items.length)}`}, in the order in which they began.
        </span>
      </div>
      {data.items.length === 0 ? (
        <EmptyState title={filter === '' ? 'The experiment has no runs' : 'No run fits the filter'} />
      ) : (
        <div className="grid gap-3 xl:grid-cols-2">
          <RunChart
            title="Duration trend"
            aside="per kind of task"
            places={trend.places}
            series={trend.series}
            formatY={duration}
            none="No run has ended"
          />
          <RunChart
            title="Throughput"
            aside="rows per second, of the whole run"
            places={speed.places}
            series={speed.series}
            formatY={rowsText}
            none="No run tells how many rows it processed"
          />
          <Panel
            title="Error rate"
            aside={`${count(errors.failed)} of ${count(errors.ended)} runs failed${errors.ended === 0 ? '' : `, ${percent(errors.failed / errors.ended)}`}`}
          >
            {errors.places.length === 0 ? (
              <EmptyState title="No run has ended" />
            ) : (
              <Chart
                label="Failed runs of all runs, by day"
                ticks={errors.places}
                names={errors.places}
                series={errors.series}
                formatY={wholeText}
              />
            )}
          </Panel>
          <RunChart
            title="Storage"
            aside="Parquet files of each run"
            places={files.places}
            series={files.series}
            formatY={megabytes}
            none="No run wrote Parquet files"
          />
        </div>
      )}
    </>
  );
}

interface RunChartProps {
  readonly title: string;
  readonly aside: string;
  readonly places: readonly Run[];
  readonly series: readonly ChartSeries[];
  readonly formatY: (value: number) => string;
  /** Where there is nothing to draw. */
  readonly none: string;
}

function RunChart({ title, aside, places, series, formatY, none }: RunChartProps) {
  const moments = useMemo(() => places.map(({ startTime }) => shortMoment(startTime, Date.now())), [places]);
  const names = useMemo(() => places.map(({ name }, place) => `${name}, ${moments[place]}`), [places, moments]);
  return (
    <Panel title={title} aside={aside}>
      {places.length === 0 ? (
        <EmptyState title={none} />
      ) : (
        <Chart label={`${title}, ${aside}`} ticks={moments} names={names} series={series} formatY={formatY} />
      )}
    </Panel>
  );
}

interface ChartProps {
  readonly label: string;
  /** What stands at each place of the x axis. */
  readonly ticks: readonly string[];
  /** The same in full. */
  readonly names: readonly string[];
  readonly series: readonly ChartSeries[];
  readonly formatY: (value: number) => string;
}

function Chart({ label, ticks, names, series, formatY }: ChartProps) {
  const x = useMemo(() => names.map((_, index) => index), [names]);
  // The last one would be cut off at the edge.
  const last = ticks.length > 1 ? ticks.length - 1 : -1;
  return (
    <LineChart
      label={label}
      x={x}
      series={series}
      height={220}
      formatX={(place) => (place === last ? '' : (ticks[place] ?? ''))}
      nameX={(place) => names[place] ?? ''}
      formatY={formatY}
      min={0}
    />
  );
}

function rowsText(value: number): string {
  return count(Math.round(value));
}

function wholeText(value: number): string {
  return Number.isInteger(value) ? count(value) : '';
}

function megabytes(value: number): string {
  return value < 0.1 && value > 0 ? value.toPrecision(2) : value.toFixed(2);
}
