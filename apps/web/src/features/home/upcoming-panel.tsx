import type { FlowRun } from '@champion/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';

const SHOWN = 8;

/** What runs, and what will. */
export function UpcomingPanel({
  query,
  running,
}: {
  readonly query: UseQueryResult<FlowRun[]>;
  readonly running: readonly FlowRun[];
}) {
  const runs = [...running.slice(0, 5), ...(query.data ?? [])].slice(0, SHOWN);
  return (
    <Panel
      title="Now and next"
      aside={
        <Link
          to="/runs"
          search={{ state: ['running', 'late', 'scheduled', 'pending'], sort: 'oldest' }}
          className="link"
        >
          All
        </Link>
      }
      flush
      className="max-lg:order-3"
    >
      {query.error ? (
        <div className="p-3">
          <ErrorState error={query.error} title="The schedule could not be read" onRetry={() => void query.refetch()} />
        </div>
      ) : query.data === undefined ? (
        <div className="px-3">
          <SkeletonLines lines={5} />
        </div>
      ) : runs.length === 0 ? (
        <p className="px-3 py-3 text-sm text-ink-3">
          Nothing runs, and nothing is scheduled: no deployment has an active schedule.
        </p>
      ) : (
        <ul className="py-1">
          {runs.map((run) => (
            <li key={run.id}>
              <Link
                to="/runs/$runId"
                params={{ runId: run.id }}
                className="grid grid-cols-[12px_1fr_auto] items-center gap-2 px-3 py-1 text-sm hover:bg-hover"
              >
                <StateMark type={run.state_type} name={run.state_name} iconOnly />
                <span className="min-w-0 truncate">{run.flow_name}</span>
                <span className="text-ink-3">
                  <Time at={run.start_time ?? run.expected_start_time} format="relative" />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
