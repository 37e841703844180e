import type { FlowRun } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sessionNow } from '../../app/session-state.tsx';
import { clockTime, countdown, dayName } from '../../lib/time.ts';
import { useNow } from '../../ui/now.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { marketQueries } from '../market/queries.ts';

interface SessionHeaderProps {
  readonly running: readonly FlowRun[] | undefined;
  readonly upcoming: readonly FlowRun[] | undefined;
  readonly failures: readonly FlowRun[] | undefined;
}

/** Today on the exchange, and how much is going on. */
export function SessionHeader({ running, upcoming, failures }: SessionHeaderProps) {
  const { data: today } = useQuery(marketQueries.today());
  const now = useNow(1);
  const dayAgo = now - 86_400_000;
  return (
    <header className="mb-4 flex flex-wrap items-end justify-between gap-x-10 gap-y-3">
      <div>
        <h1 className="text-2xl">{today === undefined ? 'Today' : dayName(`${today.date}T12:00:00+05:30`)}</h1>
        {today === undefined ? (
          <Skeleton className="mt-1.5 h-4 w-72" />
        ) : (
          <p className="text-base text-ink-2">
            <SessionWords today={today} now={now} />
          </p>
        )}
      </div>
      <dl className="flex gap-8">
        <Figure name="Running" value={running?.length} search={{ state: ['running'] }} />
        <Figure
          name="Late"
          value={upcoming?.filter((run) => run.state_name === 'Late').length}
          search={{ state: ['late'] }}
        />
        <Figure
          name="Failed, 24 h"
          value={failures?.filter((run) => Date.parse(run.end_time ?? run.created) > dayAgo).length}
          search={{ state: ['failed', 'crashed'] }}
        />
      </dl>
    </header>
  );
}

function SessionWords({
  today,
  now,
}: {
  readonly today: NonNullable<Parameters<typeof sessionNow>[0]>;
  readonly now: number;
}) {
  const { state, next, at } = sessionNow(today, now);
  const name = today.day.name;
  const words: ReactNode =
    today.day.open && today.opens_at !== null && today.closes_at !== null ? (
      <>
        {today.day.kind === 'regular' ? 'Session' : `${name ?? today.day.kind} session`}{' '}
        {clockTime(today.opens_at, 'minute')}–{clockTime(today.closes_at, 'minute')} IST
      </>
    ) : (
      <>No session{name === null ? '' : `: ${name}`}</>
    );
  return (
    <>
      {words} ·{' '}
      <strong className="font-medium text-ink">
        {state === 'Open'
          ? 'open now'
          : state === 'Closed' && today.day.open
            ? 'closed'
            : `next on ${dayName(`${today.next_session}T12:00:00+05:30`)}`}
      </strong>
      {at === null ? null : (
        <>
          , {next} <span className="font-medium text-ink">{countdown(at - now)}</span>
        </>
      )}
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: number | undefined;
  readonly search: { readonly state: ('running' | 'late' | 'failed' | 'crashed')[] };
}

function Figure({ name, value, search }: FigureProps) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className="text-xl leading-6 font-semibold">
        <Link to="/runs" search={search} className="hover:text-accent">
          {value ?? '–'}
        </Link>
      </dd>
    </div>
  );
}
