import { type BusinessDate, businessDateAt } from '@champion/core';
import type { ChartSeries } from '../../ui/line-chart.tsx';
import type { Run } from '../api/types.ts';

/** The kinds of tasks whose time every flow's run tells. */
const TASKS = [
  ['scrape', 'accent'],
  ['parse', 'completed'],
  ['normalize', 'late'],
  ['write', 'crashed'],
  ['load', 'paused'],
] as const;

/** What a chart draws, with what stands at each place of its x axis. */
export interface Drawing<Place> {
  readonly places: readonly Place[];
  readonly series: readonly ChartSeries[];
}

/** How long each kind of task took, run by run, the oldest first; of other runs their whole time. */
export function durations(runs: readonly Run[]): Drawing<Run> {
  const series = TASKS.map(([task, color]) => ({
    label: task,
    color,
    of: (run: Run) => finite(run, `${task}_duration_seconds`),
  })).filter(({ of }) => runs.some((run) => of(run) !== null));
  const whole = { label: 'total', color: 'ink-3', dashed: true, of: (run: Run) => totalSeconds(run) } as const;
  return drawing(runs, [...series, whole]);
}

/** Rows that each run processed in a second. */
export function throughput(runs: readonly Run[]): Drawing<Run> {
  const of = (run: Run) => {
    const rows = finite(run, 'rows_processed');
    const seconds = totalSeconds(run);
    return rows === null || seconds === null || seconds <= 0 ? null : rows / seconds;
  };
  return drawing(runs, [{ label: 'rows per second', color: 'accent', kind: 'area', of }]);
}

/** The size of each run's Parquet files, in MB. */
export function sizes(runs: readonly Run[]): Drawing<Run> {
  const of = (run: Run) => finite(run, 'file_size_mb');
  return drawing(runs, [{ label: 'Parquet, MB', color: 'accent', kind: 'bars', of }]);
}

/** How many of each day's runs failed, by the Indian calendar. Those that are not at their end do not count. */
export function failures(runs: readonly Run[]): Drawing<BusinessDate> & {
  readonly failed: number;
  readonly ended: number;
} {
  const days = new Map<BusinessDate, { ended: number; failed: number }>();
  for (const { status, startTime } of runs) {
    if (status === 'RUNNING' || status === 'SCHEDULED') continue;
    const day = businessDateAt(new Date(startTime));
    const counted = days.get(day) ?? { ended: 0, failed: 0 };
    counted.ended++;
    if (status === 'FAILED') counted.failed++;
    days.set(day, counted);
  }
  const places = [...days.keys()].sort();
  const values = (of: (day: { ended: number; failed: number }) => number) =>
    places.map((day) => of(days.get(day) ?? { ended: 0, failed: 0 }));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const ended = values((day) => day.ended);
  const failed = values((day) => day.failed);
  return {
    places,
    series: [
      { label: 'runs', values: ended, color: 'ink-3', kind: 'bars' },
      { label: 'failed', values: failed, color: 'failed', kind: 'needles' },
    ],
    ended: sum(ended),
    failed: sum(failed),
  };
}

type Measured = Omit<ChartSeries, 'values'> & { readonly of: (run: Run) => number | null };

/** Runs without any of the numbers have no place: between them lines would break off. */
function drawing(runs: readonly Run[], measured: readonly Measured[]): Drawing<Run> {
  const places = runs.filter((run) => measured.some(({ of }) => of(run) !== null));
  return { places, series: measured.map(({ of, ...rest }) => ({ ...rest, values: places.map(of) })) };
}

function totalSeconds(run: Run): number | null {
  return finite(run, 'total_duration') ?? (run.endTime === null ? null : (run.endTime - run.startTime) / 1000);
}

function finite(run: Run, key: string): number | null {
  const value = run.metrics[key]?.value;
  return value !== undefined && Number.isFinite(value) ? value : null;
}
