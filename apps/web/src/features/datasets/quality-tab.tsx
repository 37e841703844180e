import type { Dataset } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { bytes, count, percent } from '../../lib/numbers.ts';
import { dayBounds } from '../../lib/time.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import LineChart from '../../ui/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { qualityBySession } from './quality-series.ts';
import { datasetQueries } from './queries.ts';

/** Sessions of the table; the charts have all. */
const TABLE_ROWS = 60;

interface QualityTabProps {
  readonly dataset: Dataset;
  readonly slice: string | undefined;
}

export default function QualityTab({ dataset, slice }: QualityTabProps) {
  const { data, error, refetch } = useQuery(datasetQueries.quality(dataset.name, slice));
  const sessions = useMemo(() => qualityBySession(data ?? []), [data]);
  const x = useMemo(() => sessions.map((_, index) => index), [sessions]);
  const charts = useMemo(
    () => ({
      rows: [
        { label: 'Rows loaded', values: sessions.map(({ loaded }) => loaded), color: 'accent', kind: 'line' },
        {
          label: 'Expected (median of 20 before)',
          values: sessions.map(({ expected }) => expected),
          color: 'ink-3',
          dashed: true,
        },
      ] as const,
      // A rejected row of thousands is to be seen, so the axis does not begin at nothing.
      lowestPass: Math.min(0.99, ...sessions.map(({ passRate }) => passRate - (1 - passRate) / 10)),
      pass: [
        {
          label: 'Pass rate',
          values: sessions.map(({ passRate }) => passRate),
          color: 'completed',
          kind: 'line',
        },
      ] as const,
      marks: [
        { label: 'Anomalies', values: sessions.map(({ anomalies }) => anomalies), color: 'late', kind: 'bars' },
        { label: 'Quarantined', values: sessions.map(({ filtered }) => filtered), color: 'failed', kind: 'needles' },
      ] as const,
    }),
    [sessions],
  );
  if (error) return <ErrorState error={error} title="The quality could not be read" onRetry={() => void refetch()} />;
  if (data === undefined) return <SkeletonLines lines={8} />;
  if (sessions.length === 0) {
    return <EmptyState title="Nothing was loaded yet">Each load records how good its rows were.</EmptyState>;
  }
  const dateAt = (place: number) => sessions[Math.round(place)]?.date ?? '';
  const whole = (value: number) => (Number.isInteger(value) ? count(value) : '');
  return (
    <div className="flex flex-col gap-3">
      <div className="grid gap-3 xl:grid-cols-3">
        <Panel title="Rows of each session">
          <LineChart label="Rows of each session" x={x} series={charts.rows} formatX={dateAt} formatY={whole} />
        </Panel>
        <Panel title="Share that broke no rule">
          <LineChart
            label="Validation pass rate of each session"
            x={x}
            series={charts.pass}
            formatX={dateAt}
            formatY={(share) => percent(share, 2)}
            min={charts.lowestPass}
            max={1}
          />
        </Panel>
        <Panel title="What was wrong with them">
          <LineChart
            label="Quarantined rows and anomalies of each session"
            x={x}
            series={charts.marks}
            formatX={dateAt}
            formatY={whole}
            min={0}
          />
        </Panel>
      </div>
      <Panel title="Sessions" aside={`the last ${Math.min(TABLE_ROWS, sessions.length)}`} flush>
        <SimpleTable
          caption="Quality of the last sessions"
          rows={sessions.slice(-TABLE_ROWS).reverse()}
          rowKey={({ date }) => date}
          columns={[
            {
              id: 'date',
              header: 'Session',
              className: 'whitespace-nowrap',
              cell: ({ date }) => (
                <Link to="/datasets/$name" params={{ name: dataset.name }} search={{ day: date }} className="link">
                  <time dateTime={dayBounds(date).from}>{date}</time>
                </Link>
              ),
            },
            { id: 'loaded', header: 'Rows', align: 'end', cell: ({ loaded }) => count(loaded) },
            {
              id: 'expected',
              header: 'Expected',
              align: 'end',
              className: 'max-sm:hidden',
              cell: ({ expected }) => (expected === null ? '–' : count(Math.round(expected))),
            },
            {
              id: 'pass',
              header: 'Pass rate',
              align: 'end',
              className: 'whitespace-nowrap',
              cell: ({ passRate }) => percent(passRate, 2),
            },
            {
              id: 'filtered',
              header: 'Quarantined',
              align: 'end',
              cell: ({ filtered }) => (filtered === 0 ? '0' : <span className="text-failed">{count(filtered)}</span>),
            },
            {
              id: 'anomalies',
              header: 'Anomalies',
              align: 'end',
              cell: ({ anomalies }) => (anomalies === 0 ? '0' : <span className="text-late">{count(anomalies)}</span>),
            },
            {
              id: 'size',
              header: 'File',
              align: 'end',
              className: 'whitespace-nowrap max-md:hidden',
              cell: (row) => bytes(row.bytes),
            },
            {
              id: 'rules',
              header: 'Rules',
              className: 'max-md:hidden',
              cell: ({ rules }) => (
                <span className="text-ink-2">
                  {rules.map(([rule, of]) => `${rule} ${count(of)}`).join(', ') || '–'}
                </span>
              ),
            },
          ]}
        />
      </Panel>
    </div>
  );
}
