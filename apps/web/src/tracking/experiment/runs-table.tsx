import { useCallback, useMemo } from 'react';
import { count } from '../../lib/numbers.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Duration, Elapsed } from '../../ui/duration.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterMenu } from '../../ui/filter-menu.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import type { Run } from '../api/types.ts';
import { changeSearch, goTo, hrefs } from '../app/location.ts';
import { fieldOf, type Keys, keysOf, type Order, orderText, usualColumns } from '../lib/fields.ts';
import { metricHeader, metricText } from '../lib/metric-text.ts';
import { RunState, secondsOf } from '../lib/run-state.tsx';
import { columnsText, type ExperimentSearch, MOST_COMPARED } from './search.ts';

/** A browser holds this many at most; a filter finds the others. */
const MOST_ROWS = 5_000;
/** The next page is asked for when so few rows are left below. */
const AHEAD = 20;

interface RunsTableProps {
  readonly search: ExperimentSearch;
  /** Undefined while they load. */
  readonly runs: readonly Run[] | undefined;
  /** These and others, whose keys can be columns. */
  readonly known: readonly Run[];
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly onMore: () => void;
}

/** Runs with the columns that were chosen, sorted by any of them; picked ones are compared. */
export function RunsTable({ search, runs: loaded, known, hasMore, isLoadingMore, onMore }: RunsTableProps) {
  const { sort, filter = '', pick = NO_IDS } = search;
  const runs = loaded ?? NONE;
  const keys = useMemo(() => keysOf(known), [known]);
  const names = search.columns ?? usualColumns(keys);
  const columnList = names.join();
  const picked = pick.join();
  const columns = useMemo(
    () => columnsOf(columnList === '' ? [] : columnList.split(','), sort, picked === '' ? [] : picked.split(',')),
    [columnList, sort, picked],
  );
  const mayLoad = hasMore && !isLoadingMore && runs.length < MOST_ROWS;
  const onRange = useCallback(
    (_: number, last: number) => {
      if (mayLoad && last >= runs.length - AHEAD) onMore();
    },
    [mayLoad, runs.length, onMore],
  );
  if (loaded === undefined) return <SkeletonLines lines={10} />;
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <FilterMenu
          label="Columns"
          options={optionsOf(keys, names)}
          selected={names}
          onSelected={(selected) => changeSearch({ columns: columnsText(inOrder(selected, names)) })}
        />
        {search.columns === undefined ? null : (
          <Button variant="quiet" onClick={() => changeSearch({ columns: undefined })}>
            The usual columns
          </Button>
        )}
        <span className="text-sm text-ink-3" aria-live="polite">
          {howMany(runs.length, hasMore)}
        </span>
        <span className="grow" />
        {pick.length === 0 ? (
          <span className="text-sm text-ink-3">Tick two runs or more to compare them</span>
        ) : (
          <>
            {pick.length < 2 ? (
              <span className="text-sm text-ink-3">1 run ticked; one more to compare</span>
            ) : (
              <a href={hrefs.compare(pick)} className={buttonClass('primary')}>
                Compare {pick.length} runs
              </a>
            )}
            <Button variant="quiet" onClick={() => changeSearch({ pick: undefined })}>
              Untick
            </Button>
          </>
        )}
      </div>
      <div className="flex min-h-60 grow flex-col rounded-lg border border-line bg-surface">
        <DataTable
          label="Runs"
          columns={columns}
          count={runs.length}
          row={(index) => runs[index]}
          onOpen={({ id, experimentId }) => goTo(hrefs.run(experimentId, id))}
          onRange={onRange}
          empty={
            filter === '' ? (
              <EmptyState title="The experiment has no runs">They come here as they end.</EmptyState>
            ) : (
              <EmptyState
                title="No run fits the filter"
                action={<Button onClick={() => changeSearch({ filter: undefined })}>Without a filter</Button>}
              />
            )
          }
        />
      </div>
    </>
  );
}

const NONE: readonly Run[] = [];
const NO_IDS: readonly string[] = [];

function howMany(shown: number, hasMore: boolean): string {
  if (!hasMore) return shown === 1 ? '1 run' : `${count(shown)} runs`;
  return shown < MOST_ROWS
    ? `${count(shown)} runs, more as you scroll`
    : `the first ${count(shown)} runs; a filter finds the others`;
}

/** What is chosen newly comes last. */
function inOrder(selected: readonly string[] | undefined, before: readonly string[]): string[] {
  const all = selected ?? [];
  return [...before.filter((name) => all.includes(name)), ...all.filter((name) => !before.includes(name))];
}

function optionsOf({ metrics, params, tags }: Keys, shown: readonly string[]) {
  const of = (entity: string, keys: readonly string[]) => keys.map((key) => `${entity}.${key}`);
  const known = [...of('params', params), ...of('metrics', metrics), ...of('tags', tags)];
  // A column of an address may be of runs that are not on this page.
  return [...new Set([...known, ...shown])].map((value) => ({ value, label: value }));
}

function columnsOf(names: readonly string[], sort: Order | undefined, picked: readonly string[]): Column<Run>[] {
  const header = (name: string, label: string) => <SortButton name={name} label={label} sort={sort} />;
  const sorted = (name: string) => (sort?.name === name ? (sort.ascending ? 'ascending' : 'descending') : undefined);
  return [
    {
      id: 'pick',
      header: <span className="sr-only">Compare</span>,
      width: '20px',
      cell: (run) => <Pick run={run} picked={picked} />,
    },
    {
      id: 'run_name',
      header: header('run_name', 'Run'),
      sorted: sorted('run_name'),
      width: 'minmax(190px, 2fr)',
      cell: (run) => (
        <a href={hrefs.run(run.experimentId, run.id)} className="link" title={run.name}>
          {run.name}
        </a>
      ),
    },
    {
      id: 'status',
      header: header('status', 'State'),
      sorted: sorted('status'),
      width: '118px',
      cell: (run) => <RunState run={run} />,
    },
    {
      id: 'start_time',
      header: header('start_time', 'Began, IST'),
      sorted: sorted('start_time'),
      width: '118px',
      from: 600,
      cell: ({ startTime }) => <Time at={startTime} format="short" />,
    },
    {
      id: 'duration',
      header: header('duration', 'Duration'),
      sorted: sorted('duration'),
      width: '84px',
      align: 'end',
      cell: (run) => (run.endTime === null ? <Elapsed since={run.startTime} /> : <Duration seconds={secondsOf(run)} />),
    },
    ...names.map((name): Column<Run> => {
      const field = fieldOf(name);
      const isMetric = field?.entity === 'metrics';
      const key = field?.key ?? name;
      return {
        id: name,
        header: header(name, isMetric ? metricHeader(key) : key),
        sorted: sorted(name),
        width: `minmax(${isMetric ? 96 : 110}px, 1fr)`,
        align: isMetric ? 'end' : 'start',
        cell: (run) => <Value run={run} entity={field?.entity} name={key} />,
      };
    }),
  ];
}

function SortButton({ name, label, sort }: { name: string; label: string; sort: Order | undefined }) {
  const isSorted = sort?.name === name;
  const next = nextOrder(name, sort);
  return (
    <button
      type="button"
      title={`${name}: ${next === undefined ? 'not sorted by it' : next.ascending ? 'sort upwards' : 'sort downwards'}`}
      onClick={() => changeSearch({ sort: next === undefined ? undefined : orderText(next) })}
      className="label-caps inline-flex max-w-full items-center gap-0.5 tracking-normal normal-case hover:text-ink"
    >
      <span className="truncate">{label}</span>
      {isSorted ? <Icon name={sort.ascending ? 'up' : 'down'} size={11} /> : null}
    </button>
  );
}

/** Texts begin upwards, numbers downwards; then the other way; then not at all. */
function nextOrder(name: string, sort: Order | undefined): Order | undefined {
  const first = name === 'run_name' || name === 'status' || name.startsWith('params.') || name.startsWith('tags.');
  if (sort?.name !== name) return { name, ascending: first };
  return sort.ascending === first ? { name, ascending: !first } : undefined;
}

function Pick({ run, picked }: { readonly run: Run; readonly picked: readonly string[] }) {
  const isPicked = picked.includes(run.id);
  return (
    <input
      type="checkbox"
      aria-label={`Compare ${run.name}`}
      checked={isPicked}
      disabled={!isPicked && picked.length >= MOST_COMPARED}
      onChange={() => changeSearch({ pick: isPicked ? picked.filter((id) => id !== run.id) : [...picked, run.id] })}
      className="block size-3.5 accent-(--color-accent)"
    />
  );
}

interface ValueProps {
  readonly run: Run;
  readonly entity: 'metrics' | 'params' | 'tags' | 'attributes' | undefined;
  readonly name: string;
}

function Value({ run, entity, name }: ValueProps) {
  if (entity === 'metrics') {
    const point = run.metrics[name];
    if (point !== undefined) return <span title={String(point.value)}>{metricText(name, point.value)}</span>;
  } else {
    const text = entity === 'params' ? run.params[name] : run.tags[name];
    if (text !== undefined) return <span title={text}>{text}</span>;
  }
  return <span className="text-ink-3">–</span>;
}
