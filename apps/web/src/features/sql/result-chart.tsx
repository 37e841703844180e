import type { SqlAnswer } from '@champion/contract';
import { useMemo, useState } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterMenu } from '../../ui/filter-menu.tsx';
import LineChart, { type ChartSeries } from '../../ui/line-chart.tsx';
import { Select } from '../../ui/select.tsx';
import { shortNumber } from '../market/figures.ts';
import { chartOf, MOST_POINTS, numericColumns, suggestAxes } from './chart-data.ts';

const COLORS = ['accent', 'late', 'completed', 'crashed', 'paused', 'failed'] as const;
const ROW_NUMBER = '';

/** A first look at an answer's shape. */
export default function ResultChart({ answer }: { readonly answer: SqlAnswer }) {
  const suggested = useMemo(() => suggestAxes(answer), [answer]);
  const [x, setX] = useState(suggested.x);
  const [y, setY] = useState(suggested.y);
  const [kind, setKind] = useState<'line' | 'bars'>(suggested.kind);
  const chart = useMemo(() => chartOf(answer, x, y), [answer, x, y]);
  const series = useMemo(
    () =>
      y.map(
        (label, index): ChartSeries => ({
          label,
          values: chart.values[index] ?? [],
          color: COLORS[index % COLORS.length] ?? 'accent',
          kind,
        }),
      ),
    [chart, y, kind],
  );
  const numeric = numericColumns(answer);
  if (numeric.length === 0 || answer.rows.length === 0) {
    return <EmptyState title="Nothing to draw">A chart needs rows and a column of numbers.</EmptyState>;
  }
  const nameAt = (place: number) => {
    if (chart.time) return new Date(place * 1000).toISOString().slice(0, 10);
    return Number.isInteger(place) ? (chart.labels[place] ?? '') : '';
  };
  return (
    <div className="flex min-h-0 flex-col gap-2 overflow-y-auto p-3">
      <div className="flex flex-wrap items-center gap-2">
        <FilterMenu
          label="Draw"
          options={numeric.map((name) => ({ value: name, label: name }))}
          selected={[...y]}
          onSelected={(names) => setY(names ?? [])}
        />
        <Select
          aria-label="Over"
          value={x ?? ROW_NUMBER}
          onValueChange={(name) => setX(name === ROW_NUMBER ? undefined : name)}
          options={[
            { value: ROW_NUMBER, label: 'over the row number' },
            ...answer.columns.map(({ name }) => ({ value: name, label: `over ${name}` })),
          ]}
        />
        <Select
          aria-label="As"
          value={kind}
          onValueChange={setKind}
          options={[
            { value: 'line', label: 'as lines' },
            { value: 'bars', label: 'as bars' },
          ]}
        />
        {answer.rows.length > MOST_POINTS ? (
          <span className="text-sm text-ink-3">the first {MOST_POINTS.toLocaleString('en-IN')} rows</span>
        ) : null}
      </div>
      <LineChart
        label={`${y.join(', ')} over ${x ?? 'the row number'}`}
        x={chart.x}
        time={chart.time}
        series={series}
        height={300}
        formatX={nameAt}
        formatY={shortNumber}
      />
    </div>
  );
}
