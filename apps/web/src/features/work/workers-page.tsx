import type { FlowRun, Worker } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Elapsed } from '../../ui/duration.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Facts, PageHeader, Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { StateMark, StateShape } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { runQueries } from '../flow-runs/queries.ts';
import { workQueries } from './queries.ts';

const SHAPES = { online: 'completed', draining: 'paused', offline: 'cancelled' } as const;
const WORDS = {
  online: 'Online',
  draining: 'Draining: it finishes what it has',
  offline: 'Offline',
} as const;

/** Who executes runs: whether they are alive, and what they are at. */
export function WorkersPage() {
  const query = useQuery(workQueries.workers());
  const running = useQuery(runQueries.running());
  const workers = query.data;
  return (
    <Page>
      <PageHeader
        title="Workers"
        below="Processes that take runs from the work queues"
        actions={
          workers === undefined ? undefined : (
            <span className="text-sm text-ink-2">
              {workers.filter(({ status }) => status === 'online').length} of {workers.length} online
            </span>
          )
        }
      />
      {query.error ? (
        <ErrorState error={query.error} title="The workers could not be read" onRetry={() => void query.refetch()} />
      ) : workers === undefined ? (
        <SkeletonLines lines={6} />
      ) : workers.length === 0 ? (
        <EmptyState title="No workers">
          Runs wait until one is started: <code>champion worker start -q default</code>
        </EmptyState>
      ) : (
        <div className="grid items-start gap-3 md:grid-cols-2 2xl:grid-cols-3">
          {workers.map((worker) => (
            <WorkerPanel
              key={worker.name}
              worker={worker}
              runs={(running.data ?? []).filter(({ worker_name }) => worker_name === worker.name)}
            />
          ))}
        </div>
      )}
    </Page>
  );
}

function WorkerPanel({ worker, runs }: { readonly worker: Worker; readonly runs: readonly FlowRun[] }) {
  const offline = worker.status === 'offline';
  return (
    <Panel
      title={worker.name}
      aside={
        <span className="flex items-center gap-1.5">
          <StateShape kind={SHAPES[worker.status]} />
          {WORDS[worker.status]}
        </span>
      }
    >
      <Facts
        items={[
          ['Takes from', worker.work_queues.join(', ')],
          [
            'Busy',
            offline ? (
              '–'
            ) : (
              <span key="busy" className="flex items-center gap-2">
                <Slots busy={worker.running} of={worker.concurrency} />
                {worker.running} of {worker.concurrency}
              </span>
            ),
          ],
          ['Heartbeat', <Time key="beat" at={worker.last_heartbeat_at} />],
          ['Since', <Time key="since" at={worker.started_at} />],
          ['Process', `${worker.pid} on ${worker.host}, version ${worker.version}`],
        ]}
      />
      {runs.length === 0 ? null : (
        <ul aria-label={`Runs of ${worker.name}`} className="mt-2 border-t border-line pt-1.5">
          {runs.map((run) => (
            <li key={run.id} className="flex items-center gap-2 py-0.5 text-sm">
              <StateMark type={run.state_type} name={run.state_name} iconOnly />
              <Link to="/runs/$runId" params={{ runId: run.id }} className="link min-w-0 grow truncate">
                {run.flow_name} · {run.name}
              </Link>
              {run.start_time === null ? null : (
                <span className="text-ink-3">
                  <Elapsed since={run.start_time} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** A box for each run that it could have at once, those in use filled; only for as many as can be taken in. */
function Slots({ busy, of }: { readonly busy: number; readonly of: number }) {
  if (of > 20) return null;
  return (
    <span aria-hidden="true" className="flex gap-0.5">
      {Array.from({ length: of }, (_, slot) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: they are told apart by nothing else
          key={slot}
          className={slot < busy ? 'size-2.5 rounded-sm bg-running' : 'size-2.5 rounded-sm border border-line-strong'}
        />
      ))}
    </span>
  );
}
