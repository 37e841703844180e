import { type UseQueryResult, useQueries } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { readChoice, readList, readText } from '../../lib/search-params.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { Duration } from '../../ui/duration.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { ScrollX } from '../../ui/scroll-x.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { runQueries } from '../api/queries.ts';
import type { Run } from '../api/types.ts';
import { changeSearch, hrefs, useLocation } from '../app/location.ts';
import { useTitle } from '../app/use-title.ts';
import { MOST_COMPARED } from '../experiment/search.ts';
import { metricText } from '../lib/metric-text.ts';
import { RunState, secondsOf } from '../lib/run-state.tsx';
import { type ComparedRow, changeText, comparedMetrics, comparedTexts } from './differences.ts';

const CompareCharts = lazy(() => import('./compare-charts.tsx'));

/** Runs side by side: what each was given, what it told, and where they differ. */
export default function ComparePage() {
  const { search } = useLocation();
  const ids = useMemo(() => readRunIds(search.runs), [search.runs]);
  const onlyDifferences = readChoice(search.rows, ['differing']) !== undefined;
  const { runs, failed, isWhole } = useQueries({ queries: ids.map((id) => runQueries.read(id)), combine: together });
  useTitle(`${ids.length} runs compared`);
  return (
    <Page>
      <PageHeader
        title={ids.length === 0 ? 'Compare runs' : `${ids.length} runs compared`}
        above={<Above runs={runs} />}
        below="Changes are against the first run. ≠ marks what is not the same in all of them."
        actions={
          ids.length < 2 ? undefined : (
            <Button
              aria-pressed={onlyDifferences}
              onClick={() => changeSearch({ rows: onlyDifferences ? undefined : 'differing' })}
            >
              {onlyDifferences ? 'Show all rows' : 'Show only what differs'}
            </Button>
          )
        }
      />
      {ids.length < 2 ? (
        <EmptyState
          title="There is nothing to compare"
          action={
            <a href={hrefs.experiments()} className="link text-sm">
              Go to the experiments
            </a>
          }
        >
          Tick two runs of an experiment or more, and choose Compare.
        </EmptyState>
      ) : failed !== undefined ? (
        <ErrorState error={failed.error} title="A run could not be read" onRetry={() => void failed.refetch()} />
      ) : !isWhole ? (
        <SkeletonLines lines={10} />
      ) : (
        <Compared runs={runs} onlyDifferences={onlyDifferences} chosen={readText(search.metric)} />
      )}
    </Page>
  );
}

interface ComparedProps {
  readonly runs: readonly Run[];
  readonly onlyDifferences: boolean;
  /** The metric whose course is drawn. */
  readonly chosen: string | undefined;
}

function Compared({ runs, onlyDifferences, chosen }: ComparedProps) {
  const { metrics, params, tags } = useMemo(
    () => ({
      metrics: comparedMetrics(runs),
      params: comparedTexts(runs, (run) => run.params),
      tags: comparedTexts(runs, (run) => run.tags),
    }),
    [runs],
  );
  const text = (value: string | undefined) =>
    value === undefined ? (
      <span className="text-ink-3">–</span>
    ) : (
      <span className="line-clamp-3 break-words" title={value}>
        {value === '' ? '–' : value}
      </span>
    );
  const filtered = <T,>(rows: readonly ComparedRow<T>[]) =>
    onlyDifferences ? rows.filter(({ differs }) => differs) : rows;
  return (
    <div className="grid gap-3">
      <Panel flush>
        <ScrollX label="Runs side by side">
          <table className="w-full border-collapse text-sm">
            <caption className="sr-only">Runs side by side</caption>
            <thead>
              <tr className="border-b border-line align-top">
                <th scope="col" className={keyCell}>
                  <span className="label-caps">Run</span>
                </th>
                {runs.map((run) => (
                  <th key={run.id} scope="col" className="min-w-40 px-3 py-1.5 text-right font-normal">
                    <a href={hrefs.run(run.experimentId, run.id)} className="link font-medium break-words">
                      {run.name}
                    </a>
                    <span className="flex justify-end">
                      <RunState run={run} />
                    </span>
                    <span className="block text-ink-2">
                      <Time at={run.startTime} format="short" /> · <Duration seconds={secondsOf(run)} />
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <Rows title="Parameters" rows={filtered(params)} width={runs.length} cell={text} />
            <Rows
              title="Metrics"
              rows={filtered(metrics)}
              width={runs.length}
              cell={(point, { key, values }) => {
                if (point === undefined) return <span className="text-ink-3">–</span>;
                const [base] = values;
                const change = base === undefined || base === point ? undefined : changeText(point.value, base.value);
                return (
                  <span title={String(point.value)}>
                    {metricText(key, point.value)}
                    {change === undefined ? null : <span className="block text-xs text-ink-3">{change}</span>}
                  </span>
                );
              }}
            />
            <Rows title="Tags" rows={filtered(tags)} width={runs.length} cell={text} />
          </table>
        </ScrollX>
      </Panel>
      <Suspense fallback={<SkeletonLines lines={6} />}>
        <CompareCharts runs={runs} rows={metrics} chosen={chosen} />
      </Suspense>
    </div>
  );
}

/** Names stay in sight while many runs scroll by; on a phone they would leave no room for them. */
const keyCell = 'bg-surface px-3 py-1 text-left font-normal sm:sticky sm:left-0';

interface RowsProps<T> {
  readonly title: string;
  readonly rows: readonly ComparedRow<T>[];
  readonly width: number;
  readonly cell: (value: T | undefined, row: ComparedRow<T>) => React.ReactNode;
}

function Rows<T>({ title, rows, width, cell }: RowsProps<T>) {
  if (rows.length === 0) return null;
  return (
    <tbody>
      <tr className="border-b border-line">
        <th scope="rowgroup" colSpan={width + 1} className="bg-sunken px-3 py-1 text-left">
          <span className="label-caps">{title}</span>
        </th>
      </tr>
      {rows.map((row) => (
        <tr key={row.key} className="border-b border-line align-top last:border-0">
          <th scope="row" className={cx(keyCell, 'break-words', row.differs ? 'font-medium' : 'text-ink-2')}>
            {row.differs ? (
              <span className="mr-1 text-late" title="not the same in all runs">
                <span aria-hidden="true">≠</span>
                <span className="sr-only">differs: </span>
              </span>
            ) : null}
            {row.key}
          </th>
          {row.values.map((value, place) => (
            <td
              // biome-ignore lint/suspicious/noArrayIndexKey: a place is a run, and runs do not move
              key={place}
              className={cx('px-3 py-1 text-right', !row.differs && 'text-ink-2')}
            >
              {cell(value, row)}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function Above({ runs }: { readonly runs: readonly Run[] }) {
  const experiments = [...new Set(runs.map(({ experimentId }) => experimentId))];
  const [only] = experiments;
  return (
    <>
      <a href={hrefs.experiments()} className="link">
        Experiments
      </a>
      {only === undefined || experiments.length > 1 ? null : (
        <>
          {' / '}
          <a href={hrefs.experiment(only, { pick: runs.map(({ id }) => id) })} className="link">
            The experiment, with these runs ticked
          </a>
        </>
      )}
    </>
  );
}

/** "a,b", or MLflow's own ["a","b"]. */
function readRunIds(text: string | undefined): string[] {
  return (readList(text?.replaceAll(/[[\]"\s]/g, '')) ?? []).slice(0, MOST_COMPARED);
}

/** One function for good, so that the list of runs stays the same until one of them changes. */
function together(asked: readonly UseQueryResult<Run>[]) {
  const failed = asked.find(({ data, error }) => data === undefined && error !== null);
  return {
    runs: asked.flatMap(({ data }) => (data === undefined ? [] : [data])),
    failed: failed === undefined ? undefined : { error: failed.error, refetch: failed.refetch },
    isWhole: asked.every(({ data }) => data !== undefined),
  };
}
