import type { Deployment } from '@champion/contract';
import { businessDateAt } from '@champion/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { runQueries } from '../flow-runs/queries.ts';
import { runConditions } from '../flow-runs/search.ts';
import { MonthCalendar } from './month-calendar.tsx';
import { addMonths, monthBounds, monthOf } from './months.ts';
import { deploymentQueries } from './queries.ts';
import { ScheduleCard } from './schedule-card.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { SlotList } from './slot-list.tsx';

/** The most that the API tells ahead. */
const SLOTS = 200;
const NEXT = 10;
const BARS = 1000;

interface SchedulePanelsProps {
  readonly deployment: Deployment;
  /** "2026-01"; undefined: the present one. */
  readonly month: string | undefined;
  readonly onMonth: (month: string) => void;
}

/** A deployment's schedules: in words, on a calendar, and what comes next. */
export function SchedulePanels({ deployment, month, onMonth }: SchedulePanelsProps) {
  const [adding, setAdding] = useState(false);
  const today = businessDateAt(new Date(useNow(60)));
  const shown = month ?? monthOf(today);
  const upcoming = useQuery(deploymentQueries.upcoming(deployment.id, SLOTS));
  const { from, to } = monthBounds(shown);
  const runs = useQuery(
    runQueries.bars(runConditions({ flow: [deployment.flow_name], deployment: [deployment.name], from, to }), BARS),
  );
  const slots = upcoming.data ?? [];
  const last = slots.at(-1);
  const next = slots.filter((slot) => slot.runs).slice(0, NEXT);
  // Closed days between the next runs tell why there is none.
  const until = next.at(-1)?.at ?? last?.at ?? '';
  return (
    <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1.5fr)_minmax(300px,1fr)]">
      <div className="flex min-w-0 flex-col gap-3">
        <Panel
          title="Schedules"
          flush
          aside={
            <Button size="sm" icon="plus" onClick={() => setAdding(true)}>
              Add a schedule
            </Button>
          }
        >
          {deployment.schedules.length === 0 ? (
            <p className="px-3 py-4 text-sm text-ink-3">None: it runs only when it is asked to.</p>
          ) : (
            deployment.schedules.map((schedule) => (
              <ScheduleCard key={schedule.id} deployment={deployment} schedule={schedule} />
            ))
          )}
        </Panel>
        <MonthCalendar
          month={shown}
          onMonth={onMonth}
          slots={slots}
          runs={(runs.data ?? []).filter((run) => run.state_type !== 'SCHEDULED')}
          knownUntil={
            slots.length === SLOTS && last !== undefined && last.at < `${addMonths(shown, 1)}-01` ? last.at : undefined
          }
        />
      </div>
      <Panel title={`Next ${NEXT} runs`} aside="IST" flush>
        {upcoming.error ? (
          <div className="p-3">
            <ErrorState
              error={upcoming.error}
              title="The next runs could not be read"
              onRetry={() => void upcoming.refetch()}
            />
          </div>
        ) : upcoming.data === undefined ? (
          <div className="px-3">
            <SkeletonLines lines={8} />
          </div>
        ) : slots.length === 0 ? (
          <p className="px-3 py-4 text-sm text-ink-3">Nothing is ahead: it has no schedule.</p>
        ) : (
          <SlotList
            slots={next.length === 0 ? slots.slice(0, NEXT) : slots.filter((slot) => slot.at <= until)}
            label={`Next runs of ${deployment.name}`}
          />
        )}
      </Panel>
      {adding ? <ScheduleDialog deployment={deployment} schedule={undefined} onClose={() => setAdding(false)} /> : null}
    </div>
  );
}
