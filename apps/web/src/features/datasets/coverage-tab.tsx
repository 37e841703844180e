import type { Dataset } from '@champion/contract';
import { type BusinessDate, businessDate } from '@champion/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import { count } from '../../lib/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { BackfillDialog, type BackfillSpan } from '../backfills/backfill-dialog.tsx';
import { CoverageCalendar } from './coverage-calendar.tsx';
import { nearest, nextGap, type Session, sessionsOf } from './heat-map.ts';
import { OutcomeShape } from './outcome-mark.tsx';
import { isGap, MARK_LABELS, MARK_MEANINGS, MARKS } from './outcomes.ts';
import { datasetQueries } from './queries.ts';
import type { DatasetSearch } from './search.ts';
import { SessionPanel } from './session-panel.tsx';

export interface CoverageTabProps {
  readonly dataset: Dataset;
  readonly search: DatasetSearch;
  readonly onSearch: (change: DatasetSearch) => void;
}

/** What is there of each session, and why the rest is not; a gap can be loaded from here. */
export function CoverageTab({ dataset, search, onSearch }: CoverageTabProps) {
  const navigate = useNavigate();
  const { slice, day, since } = search;
  const { data: coverage, error, refetch } = useQuery(datasetQueries.coverage(dataset.name, { from: since }));
  const sessions = useMemo(() => (coverage === undefined ? [] : sessionsOf(coverage, slice)), [coverage, slice]);
  const near = day === undefined ? -1 : nearest(sessions, day);
  const selected = sessions[near]?.date === day ? near : -1;
  const [span, setSpan] = useState<BackfillSpan | undefined>();
  const select = useCallback((session: Session) => onSearch({ day: session.date }), [onSearch]);

  const panel = useRef<HTMLDivElement>(null);
  const open = useCallback(
    (session: Session) => {
      select(session);
      // Where the panel is below the calendar it would not be seen.
      panel.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    },
    [select],
  );

  if (error) return <ErrorState error={error} title="The coverage could not be read" onRetry={() => void refetch()} />;
  if (coverage === undefined) return <SkeletonLines lines={8} />;

  const gap = nextGap(sessions, selected);
  const first = sessions[0]?.date;
  const earlier = yearBefore(first ?? coverage.from);
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_380px]">
      <Panel
        title="Coverage"
        aside={
          <span className="flex gap-2">
            {gap === undefined ? null : (
              <Button
                size="sm"
                title="The next session that is not here (n)"
                onClick={() => {
                  const session = sessions[gap];
                  if (session !== undefined) select(session);
                }}
              >
                Next gap
              </Button>
            )}
            <Button size="sm" onClick={() => onSearch({ since: earlier })}>
              Show {earlier.slice(0, 4)}
            </Button>
            {dataset.latest_only ? null : (
              <Button
                size="sm"
                icon="plus"
                onClick={() => setSpan({ from: first ?? coverage.from, to: coverage.to, only: 'missing' })}
              >
                Backfill
              </Button>
            )}
          </span>
        }
      >
        <Legend sessions={sessions} />
        {sessions.length === 0 ? (
          <EmptyState title="Nothing was tried yet">A run or a backfill fetches the first session.</EmptyState>
        ) : (
          <CoverageCalendar sessions={sessions} selected={selected} onSelect={select} onOpen={open} />
        )}
      </Panel>
      <div ref={panel} className="min-w-0 xl:sticky xl:top-4">
        <SessionPanel dataset={dataset} sessions={sessions} selected={selected} onBackfill={setSpan} />
      </div>
      {span === undefined ? null : (
        <BackfillDialog
          open
          onOpenChange={(open) => {
            if (!open) setSpan(undefined);
          }}
          dataset={dataset.name}
          span={span}
          onOpenBackfill={(id) => void navigate({ to: '/backfills/$id', params: { id } })}
        />
      )}
    </div>
  );
}

/** The first of January of the year that begins before a day. */
function yearBefore(day: BusinessDate): BusinessDate {
  const year = Number(day.slice(0, 4));
  return businessDate(`${day.slice(5) === '01-01' || day < `${year}-01-08` ? year - 1 : year}-01-01`);
}

function Legend({ sessions }: { readonly sessions: readonly Session[] }) {
  const counted = MARKS.map((mark) => ({ mark, of: sessions.filter((session) => session.mark === mark).length }));
  const gaps = sessions.filter(({ mark }) => isGap(mark)).length;
  return (
    <ul aria-label="Sessions by outcome" className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm">
      {counted.map(({ mark, of }) => (
        <li key={mark} className={of === 0 ? 'text-ink-3' : ''}>
          <Tooltip content={MARK_MEANINGS[mark]}>
            <button type="button" className="inline-flex cursor-help items-center gap-1.5 rounded-sm">
              <OutcomeShape mark={mark} size={12} />
              {MARK_LABELS[mark]}
              <span className="font-medium">{count(of)}</span>
            </button>
          </Tooltip>
        </li>
      ))}
      <li className="ml-auto text-ink-3">{gaps === 0 ? 'nothing is lacking' : `${count(gaps)} can be loaded`}</li>
    </ul>
  );
}
