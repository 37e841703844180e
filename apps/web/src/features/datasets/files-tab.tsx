import type { Dataset } from '@champion/contract';
import { skipToken, useQuery } from '@tanstack/react-query';
import { bytes } from '../../lib/numbers.ts';
import { readDay } from '../../lib/search-params.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Input } from '../../ui/input.tsx';
import { CopyButton } from '../../ui/json-view.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { datasetQueries } from './queries.ts';
import type { DatasetSearch } from './search.ts';

interface FilesTabProps {
  readonly dataset: Dataset;
  readonly search: DatasetSearch;
  readonly onSearch: (change: DatasetSearch) => void;
}

/** What the exchange served for a session: every version of every file, as it lies in the lake. */
export function FilesTab({ dataset, search, onSearch }: FilesTabProps) {
  const day = search.day ?? dataset.last_loaded?.trade_date;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3 text-sm">
        <Input
          type="date"
          aria-label="Session"
          value={day ?? ''}
          onChange={(event) => onSearch({ day: readDay(event.currentTarget.value) })}
        />
        <span className="text-ink-3">
          A file that the exchange served anew is a revision; the bytes of each are kept.
        </span>
      </div>
      <Panel flush>
        {day === undefined ? (
          <EmptyState title="Nothing is loaded yet">Choose a session to see its files.</EmptyState>
        ) : (
          <Revisions name={dataset.name} day={day} />
        )}
      </Panel>
    </div>
  );
}

type Day = NonNullable<DatasetSearch['day']>;

function Revisions({ name, day }: { readonly name: string; readonly day: Day | undefined }) {
  const options = datasetQueries.revisions(name, day ?? ('' as Day));
  const { data, error, refetch } = useQuery(day === undefined ? { ...options, queryFn: skipToken } : options);
  if (error) {
    return (
      <div className="p-3">
        <ErrorState error={error} title="The files could not be read" onRetry={() => void refetch()} />
      </div>
    );
  }
  if (data === undefined) {
    return (
      <div className="px-3">
        <SkeletonLines lines={3} />
      </div>
    );
  }
  if (data.length === 0) return <EmptyState title="No file of this session is in the lake" />;
  return (
    <SimpleTable
      caption={`Files of ${name} on ${day}`}
      rows={[...data].reverse()}
      rowKey={({ path, input, revision }) => `${path}:${input}:${revision}`}
      columns={[
        {
          id: 'input',
          header: 'File',
          cell: ({ input, slice, current, url }) => (
            <span className="inline-flex items-center gap-2">
              <a href={url} className="link" title={url} rel="noreferrer" target="_blank">
                {input}
              </a>
              {slice === input ? null : <span className="text-ink-3">of {slice}</span>}
              {current ? <Badge tone="good">in the tables</Badge> : <Badge>superseded</Badge>}
            </span>
          ),
        },
        { id: 'revision', header: 'Revision', align: 'end', cell: ({ revision }) => revision },
        { id: 'bytes', header: 'Size', align: 'end', className: 'whitespace-nowrap', cell: (row) => bytes(row.bytes) },
        {
          id: 'fetched',
          header: 'Fetched, IST',
          className: 'max-sm:hidden',
          cell: ({ fetched_at }) => <Time at={fetched_at} format="short" />,
        },
        {
          id: 'sha',
          header: 'SHA-256',
          className: 'max-lg:hidden',
          cell: ({ sha256 }) => (
            <span className="figures" title={sha256}>
              {sha256.slice(0, 12)}…
            </span>
          ),
        },
        {
          id: 'path',
          header: 'In the lake',
          className: 'max-md:hidden',
          cell: ({ path }) => (
            <span className="flex items-center gap-1">
              <span className="figures max-w-[46ch] truncate" title={path}>
                {path}
              </span>
              <CopyButton text={path} />
            </span>
          ),
        },
      ]}
    />
  );
}
