import type { Dataset } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { readDay } from '../../lib/search-params.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Input } from '../../ui/input.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { ResultTable } from '../sql/result-table.tsx';
import { datasetQueries } from './queries.ts';
import type { DatasetSearch } from './search.ts';

const ROWS = 200;

interface PreviewTabProps {
  readonly dataset: Dataset;
  readonly search: DatasetSearch;
  readonly onSearch: (change: DatasetSearch) => void;
}

/** The first rows of a session. */
export function PreviewTab({ dataset, search, onSearch }: PreviewTabProps) {
  const { data: preview, error, refetch } = useQuery(datasetQueries.preview(dataset.name, search.day, ROWS));
  return (
    <div className="flex min-h-0 grow flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3 text-sm">
        <Input
          type="date"
          aria-label="Session"
          value={search.day ?? preview?.trade_date ?? ''}
          onChange={(event) => onSearch({ day: readDay(event.currentTarget.value) })}
        />
        {preview === undefined ? null : (
          <span className="text-ink-3">
            {preview.truncated ? `the first ${preview.rows.length} rows` : `all ${preview.rows.length} rows`}
          </span>
        )}
      </div>
      {error ? (
        <ErrorState error={error} title="The rows could not be read" onRetry={() => void refetch()} />
      ) : preview === undefined ? (
        <SkeletonLines lines={10} />
      ) : preview.rows.length === 0 ? (
        <EmptyState title="This session has no rows">
          {preview.trade_date === null ? 'Nothing is loaded yet.' : 'Coverage says what became of it.'}
        </EmptyState>
      ) : (
        <div className="flex min-h-80 grow flex-col overflow-hidden rounded-lg border border-line bg-surface">
          <ResultTable label={`Preview of ${dataset.name}`} columns={preview.columns} rows={preview.rows} />
        </div>
      )}
    </div>
  );
}
