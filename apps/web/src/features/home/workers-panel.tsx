import type { Worker } from '@champion/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';

const marks = { online: 'completed', draining: 'paused', offline: 'cancelled' } as const;
const words = { online: 'Online', draining: 'Draining', offline: 'Offline' } as const;

/** Offline ones are of interest for a day: it may be one that should be there. */
const SHOWN_OFFLINE_MS = 86_400_000;

/** Who takes runs from the queues. */
export function WorkersPanel({ query }: { readonly query: UseQueryResult<Worker[]> }) {
  const { data, error } = query;
  const shown = data?.filter(
    ({ status, last_heartbeat_at }) =>
      status !== 'offline' || Date.now() - Date.parse(last_heartbeat_at) < SHOWN_OFFLINE_MS,
  );
  return (
    <Panel
      title="Workers"
      aside={data === undefined ? undefined : `${data.filter(({ status }) => status === 'online').length} online`}
      flush
      className="max-lg:order-5"
    >
      {error ? (
        <div className="p-3">
          <ErrorState error={error} title="The workers could not be read" onRetry={() => void query.refetch()} />
        </div>
      ) : shown === undefined ? (
        <div className="px-3">
          <SkeletonLines lines={2} />
        </div>
      ) : shown.length === 0 ? (
        <p className="px-3 py-3 text-sm text-ink-3">
          None. Runs wait until one is started: <code>champion worker start</code>
        </p>
      ) : (
        <ul className="py-1">
          {shown.map((worker) => (
            <li key={worker.name} className="grid grid-cols-[12px_1fr_auto] items-center gap-x-2 px-3 py-1 text-sm">
              <StateShape kind={marks[worker.status]} />
              <span className="min-w-0 truncate">
                {worker.name} <span className="text-ink-3">{words[worker.status]}</span>
              </span>
              <span className="text-ink-3">
                {worker.status === 'offline' ? (
                  <Time at={worker.last_heartbeat_at} format="relative" />
                ) : (
                  <>
                    {worker.running} of {worker.concurrency} busy
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
