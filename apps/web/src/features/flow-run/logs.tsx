import { type FlowRunDetail, LOG_LEVELS, type LogLevel } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { count } from '../../lib/numbers.ts';
import { isOver } from '../../lib/states.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { runQueries } from '../flow-runs/queries.ts';
import { LogLines } from './log-lines.tsx';
import { lineHas, logFile, wordsOf } from './log-text.ts';
import type { RunSearch } from './search.ts';
import { MOST_LINES, useRunLogs } from './use-run-logs.ts';

const LEVELS: readonly { readonly value: LogLevel; readonly label: string }[] = [
  { value: 'debug', label: 'All levels' },
  { value: 'info', label: 'Info and above' },
  { value: 'warn', label: 'Warnings and errors' },
  { value: 'error', label: 'Errors' },
];

interface LogsProps {
  readonly run: FlowRunDetail;
  readonly search: RunSearch;
  readonly onSearch: (change: RunSearch) => void;
}

/** Everything that the run said, as it says it. */
export function Logs({ run, search, onSearch }: LogsProps) {
  const { lines, complete, full, error, retry } = useRunLogs(run.id, search.level);
  const { data: tasks } = useQuery(runQueries.tasks(run.id));
  const names = useMemo(() => new Map((tasks ?? []).map((task) => [task.id, task.name])), [tasks]);
  const words = useMemo(() => wordsOf(search.q), [search.q]);
  const shown = useMemo(
    () =>
      words.length === 0
        ? lines
        : lines.filter((line) =>
            lineHas(line, words, line.task_run_id === null ? undefined : names.get(line.task_run_id)),
          ),
    [lines, words, names],
  );
  const download = () => {
    const url = URL.createObjectURL(new Blob([logFile(shown, (id) => names.get(id))], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${run.flow_name}-${run.name}.log`;
    link.click();
    URL.revokeObjectURL(url);
  };

  return (
    <div className="flex min-h-72 grow flex-col">
      <div className="mb-2 flex flex-wrap items-center gap-1.5">
        <SearchInput
          value={search.q ?? ''}
          onValueChange={(q) => onSearch({ q: q === '' ? undefined : q })}
          placeholder="Find in the log"
          aria-label="Find in the log"
          className="w-64 max-sm:w-full"
        />
        <Select
          aria-label="Level"
          value={search.level ?? LOG_LEVELS[0]}
          onValueChange={(level) => onSearch({ level: level === LOG_LEVELS[0] ? undefined : level })}
          options={LEVELS}
        />
        <Button icon="download" onClick={download} disabled={shown.length === 0}>
          Download
        </Button>
        <span role="status" className="ml-auto text-sm text-ink-3">
          {count(shown.length)}
          {shown.length === lines.length ? '' : ` of ${count(lines.length)}`} lines{complete ? '' : ', reading…'}
        </span>
      </div>
      {full ? (
        <p className="mb-2 text-sm text-ink-2">
          These are the first {count(MOST_LINES)} lines; a higher level shows later ones as well.
        </p>
      ) : null}
      {error ? <ErrorState error={error} title="The log could not be read on" onRetry={retry} /> : null}
      {shown.length > 0 ? (
        <LogLines
          key={`${search.level ?? ''} ${search.q ?? ''}`}
          lines={shown}
          names={names}
          pointed={search.line}
          follow={!isOver(run.state_type) && search.line === undefined}
          onPoint={(line) => onSearch({ line })}
        />
      ) : complete ? (
        <EmptyState
          title={
            lines.length === 0
              ? search.level === undefined
                ? 'It has said nothing yet'
                : 'No line of this level'
              : 'No line has these words'
          }
        />
      ) : error ? null : (
        <SkeletonLines lines={12} />
      )}
    </div>
  );
}
