import type { Dataset } from '@champion/contract';
import type { BusinessDate } from '@champion/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { count } from '../../lib/numbers.ts';
import { readDay } from '../../lib/search-params.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Input } from '../../ui/input.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { MadeFiles, RawFiles } from './file-tables.tsx';
import { type Session, sessionsOf } from './heat-map.ts';
import { OutcomeMark } from './outcome-mark.tsx';
import { datasetQueries } from './queries.ts';
import type { DatasetSearch } from './search.ts';

interface FilesTabProps {
  readonly dataset: Dataset;
  readonly search: DatasetSearch;
  readonly onSearch: (change: DatasetSearch) => void;
}

/** Sessions that are listed; earlier ones are found by their date. */
const LISTED = 60;

/** What the lake holds: session by session, every version as served, and what was made of it. */
export function FilesTab({ dataset, search, onSearch }: FilesTabProps) {
  const day = search.day ?? dataset.last_loaded?.trade_date;
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_340px]">
      <div className="flex min-w-0 flex-col gap-3">
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
        {day === undefined ? (
          <Panel>
            <EmptyState title="Nothing is loaded yet">Choose a session to see its files.</EmptyState>
          </Panel>
        ) : (
          <DayFiles dataset={dataset} day={day} />
        )}
      </div>
      <Sessions dataset={dataset} day={day} onDay={(chosen) => onSearch({ day: chosen })} />
    </div>
  );
}

function DayFiles({ dataset, day }: { readonly dataset: Dataset; readonly day: BusinessDate }) {
  const { name, per } = dataset;
  const { data, error, refetch } = useQuery(datasetQueries.files(name, day));
  const gold = useQuery({ ...datasetQueries.goldFiles(day), enabled: per === 'session' });
  if (error) return <ErrorState error={error} title="The files could not be read" onRetry={() => void refetch()} />;
  if (data === undefined) return <SkeletonLines lines={6} />;
  const raw = data.filter(({ layer }) => layer === 'raw').reverse();
  const made = data.filter(({ layer }) => layer !== 'raw');
  return (
    <>
      <Panel title="As served" aside={filesIn(raw.length)} flush>
        {raw.length === 0 ? (
          <EmptyState title="No file of this session is in the lake" />
        ) : (
          <RawFiles caption={`Files of ${name} on ${day}, as served`} dataset={name} files={raw} />
        )}
      </Panel>
      {made.length === 0 ? null : (
        <Panel title="Made of them" aside={filesIn(made.length)} flush>
          <MadeFiles caption={`Tables of ${name} on ${day}`} dataset={name} files={made} />
        </Panel>
      )}
      {gold.data === undefined || gold.data.length === 0 ? null : (
        <Panel title="Gold of the session, of all datasets" aside={filesIn(gold.data.length)} flush>
          <MadeFiles caption={`Gold of ${day}`} files={gold.data} />
        </Panel>
      )}
    </>
  );
}

interface SessionsProps {
  readonly dataset: Dataset;
  readonly day: BusinessDate | undefined;
  readonly onDay: (day: BusinessDate) => void;
}

/** The last sessions that were tried, with what is there of each. */
function Sessions({ dataset, day, onDay }: SessionsProps) {
  const { data: coverage, error } = useQuery({
    ...datasetQueries.coverage(dataset.name),
    placeholderData: keepPreviousData,
  });
  const sessions = useMemo(
    () =>
      coverage === undefined
        ? undefined
        : sessionsOf(coverage, undefined)
            .filter(({ slices }) => slices.some(({ updated_at }) => updated_at !== null))
            .slice(-LISTED)
            .reverse(),
    [coverage],
  );
  return (
    <Panel title="Sessions" aside={sessions === undefined ? undefined : `the last ${sessions.length}`} flush>
      {error ? (
        <div className="p-3">
          <ErrorState error={error} title="The sessions could not be read" compact />
        </div>
      ) : sessions === undefined ? (
        <div className="px-3">
          <SkeletonLines lines={5} />
        </div>
      ) : sessions.length === 0 ? (
        <EmptyState title="No session was tried yet" />
      ) : (
        <div className="max-h-[70vh] overflow-y-auto">
          <SimpleTable
            caption="The last sessions"
            rows={sessions}
            rowKey={({ date }) => date}
            columns={[
              {
                id: 'date',
                header: 'Session',
                cell: ({ date }) => (
                  <button
                    type="button"
                    className="link whitespace-nowrap"
                    aria-current={date === day ? 'date' : undefined}
                    onClick={() => onDay(date)}
                  >
                    <span className={date === day ? 'font-semibold' : ''}>{date}</span>
                  </button>
                ),
              },
              { id: 'rows', header: 'Rows', align: 'end', cell: (session) => orDash(rowsOf(session)) },
              { id: 'revision', header: 'Rev.', align: 'end', cell: (session) => orDash(revisionOf(session)) },
              { id: 'mark', header: 'State', cell: ({ mark }) => <OutcomeMark mark={mark} /> },
            ]}
          />
        </div>
      )}
    </Panel>
  );
}

function rowsOf({ slices }: Session): number | null {
  const known = slices.flatMap(({ rows }) => rows ?? []);
  return known.length === 0 ? null : known.reduce((sum, rows) => sum + rows, 0);
}

/** The highest of its slices. */
function revisionOf({ slices }: Session): number | null {
  const known = slices.flatMap(({ revision }) => revision ?? []);
  return known.length === 0 ? null : Math.max(...known);
}

function orDash(value: number | null): string {
  return value === null ? '–' : count(value);
}

function filesIn(files: number): string {
  return `${count(files)} ${files === 1 ? 'file' : 'files'}`;
}
