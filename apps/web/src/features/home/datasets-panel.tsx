import type { Dataset } from '@champion/contract';
import { count } from '../../lib/numbers.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { FreshnessMark } from '../datasets/freshness-mark.tsx';

interface DatasetsPanelProps {
  readonly datasets: readonly Dataset[] | undefined;
  readonly error: unknown;
  readonly onRetry: () => void;
}

export function DatasetsPanel({ datasets, error, onRetry }: DatasetsPanelProps) {
  if (error) {
    return (
      <div className="p-3">
        <ErrorState error={error} title="The datasets could not be read" onRetry={onRetry} />
      </div>
    );
  }
  if (datasets === undefined) {
    return (
      <div className="px-3">
        <SkeletonLines lines={6} />
      </div>
    );
  }
  if (datasets.length === 0) return <EmptyState title="There are no datasets" />;
  return (
    <SimpleTable
      caption="Datasets and how fresh they are"
      rows={datasets}
      rowKey={(dataset) => dataset.name}
      columns={[
        { id: 'name', header: 'Dataset', cell: (dataset) => <span className="font-medium">{dataset.name}</span> },
        { id: 'state', header: 'State', cell: (dataset) => <FreshnessMark state={dataset.freshness.state} /> },
        {
          id: 'session',
          header: 'Latest session',
          cell: (dataset) => dataset.last_loaded?.trade_date ?? <span className="text-ink-3">None yet</span>,
        },
        {
          id: 'expected',
          header: 'Due, IST',
          className: 'max-sm:hidden',
          cell: (dataset) => <Time at={dataset.freshness.expected_by} format="short" />,
        },
        {
          id: 'loaded',
          header: 'Loaded',
          className: 'max-md:hidden',
          cell: (dataset) => <Time at={dataset.last_loaded?.at} format="relative" />,
        },
        {
          id: 'rows',
          header: 'Rows in it',
          align: 'end',
          className: 'max-sm:hidden',
          cell: (dataset) => (dataset.last_loaded?.rows == null ? '–' : count(dataset.last_loaded.rows)),
        },
        {
          id: 'all',
          header: 'Rows in all',
          align: 'end',
          className: 'max-md:hidden',
          cell: (dataset) => (dataset.rows === null ? '–' : count(dataset.rows)),
        },
      ]}
    />
  );
}
