import { ChampionError } from '@champion/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { count } from '../../lib/numbers.ts';
import { duration } from '../../lib/time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { Skeleton, SkeletonLines } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { EXAMPLES } from './examples.ts';
import { ExportMenu } from './export-menu.tsx';
import { runSql, sqlQueries, TIMEOUT_SECONDS } from './queries.ts';
import { ResultTable } from './result-table.tsx';
import { SavedMenu } from './saved-menu.tsx';
import { ROW_LIMITS, type SqlSearch } from './search.ts';
import { TableList } from './table-list.tsx';

const Editor = lazy(() => import('./editor.tsx'));
const ResultChart = lazy(() => import('./result-chart.tsx'));

export interface SqlPageProps {
  readonly search: SqlSearch;
  readonly onSearch: (change: SqlSearch) => void;
}

const DRAFT = 'champion.sql-draft';

/** Asks the warehouse anything that only reads. */
export function SqlPage({ search, onSearch }: SqlPageProps) {
  const { data: tables, error: tablesError } = useQuery(sqlQueries.tables());
  const [text, setText] = useState(() => search.q ?? localStorage.getItem(DRAFT) ?? EXAMPLES[0]?.sql ?? '');
  const [view, setView] = useState<'table' | 'chart'>('table');
  const [ran, setRan] = useState(0);
  const running = useRef<AbortController>(undefined);
  const limit = search.rows ?? '10000';
  const question = useMutation({
    mutationFn: (query: string) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      return runSql(query, Number(limit), controller.signal);
    },
    onSettled: () => setRan((times) => times + 1),
  });
  useEffect(() => () => running.current?.abort(), []);

  const change = useCallback((next: string) => {
    setText(next);
    localStorage.setItem(DRAFT, next);
  }, []);
  const run = useCallback(
    (query: string) => {
      if (query.trim() === '') return;
      onSearch({ q: query });
      question.mutate(query);
    },
    [onSearch, question.mutate],
  );

  const { data: answer, error, isPending } = question;
  const cancelled = error instanceof ChampionError && error.code === 'CANCELLED';
  return (
    <Page fill>
      <PageHeader
        title="SQL"
        below={`ClickHouse, reading only: up to ${TIMEOUT_SECONDS} s and ${count(Number(limit))} rows a query`}
        actions={
          <>
            <SavedMenu text={text} onChoose={change} />
            <Select
              aria-label="Rows at most"
              value={limit}
              onValueChange={(rows) => onSearch({ rows: rows === '10000' ? undefined : rows })}
              options={ROW_LIMITS.map((value) => ({ value, label: `${count(Number(value))} rows at most` }))}
            />
            {isPending ? (
              <Button icon="stop" variant="danger" onClick={() => running.current?.abort()}>
                Stop
              </Button>
            ) : (
              <Button icon="play" variant="primary" onClick={() => run(text)}>
                Run
                <span className="max-sm:hidden">
                  <Kbd>Ctrl ↵</Kbd>
                </span>
              </Button>
            )}
          </>
        }
      />
      <div className="grid min-h-0 grow grid-rows-[minmax(150px,34%)_minmax(0,1fr)] gap-3 lg:grid-cols-[minmax(0,1fr)_250px]">
        <div className="min-h-0 overflow-hidden rounded-lg border border-line bg-surface">
          <Suspense fallback={<Skeleton className="m-3 h-20 w-1/2" />}>
            <Editor value={text} onChange={change} onRun={run} tables={tables ?? []} />
          </Suspense>
        </div>
        <TableList
          tables={tables}
          error={tablesError}
          onChoose={(name) => change(`SELECT *\nFROM ${name}\nLIMIT 100`)}
        />
        <section
          aria-label="Answer"
          aria-busy={isPending}
          className="flex min-h-0 min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface"
        >
          {isPending ? (
            <div className="px-3">
              <SkeletonLines lines={6} />
            </div>
          ) : error ? (
            <div className="p-3">
              {cancelled ? (
                <EmptyState title="The query was stopped" />
              ) : (
                <ErrorState error={error} title="The query was not answered" />
              )}
            </div>
          ) : answer === undefined ? (
            <EmptyState title="No query was run yet">
              Ctrl-Enter runs what is selected, or everything. Ctrl-Space completes tables and columns; Tab leaves the
              editor.
            </EmptyState>
          ) : (
            <>
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 pt-1.5 text-sm" role="status">
                <span>
                  {count(answer.rows.length)} {answer.rows.length === 1 ? 'row' : 'rows'}
                </span>
                <span className="text-ink-3">{duration(answer.elapsed_ms / 1000)}</span>
                {answer.truncated ? <Badge tone="warn">cut off: there are more rows</Badge> : null}
                <span className="grow" />
                <ExportMenu key={ran} query={question.variables ?? ''} answer={answer} />
              </div>
              <div className="flex min-h-0 grow flex-col [&_[role=tablist]]:px-3 [&_[role=tabpanel]]:pt-0">
                <Tabs
                  value={view}
                  onValueChange={setView}
                  tabs={[
                    { value: 'table', label: 'Table' },
                    { value: 'chart', label: 'Chart' },
                  ]}
                >
                  {view === 'table' ? (
                    answer.rows.length === 0 ? (
                      <EmptyState title="The answer has no rows" />
                    ) : (
                      <ResultTable key={ran} label="Answer" columns={answer.columns} rows={answer.rows} />
                    )
                  ) : (
                    <Suspense fallback={<SkeletonLines />}>
                      <ResultChart key={ran} answer={answer} />
                    </Suspense>
                  )}
                </Tabs>
              </div>
            </>
          )}
        </section>
      </div>
    </Page>
  );
}
