import type { System } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { bytes, count, percent } from '../../lib/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Elapsed } from '../../ui/duration.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Facts, PageHeader, Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { Skeleton, SkeletonLines } from '../../ui/skeleton.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { workQueries } from '../work/queries.ts';
import { Availability, ExchangeHosts } from './answers.tsx';
import { systemQueries } from './queries.ts';
import { TrackingLink } from './tracking-link.tsx';

const Charts = lazy(() => import('./charts.tsx'));

/** Stores and circuits are looked at so often while the page is open; what changes faster comes by the stream. */
const LOOK_MS = 45_000;

const STORE_STATES = {
  up: ['completed', 'Up'],
  down: ['failed', 'Down'],
  off: ['no-session', 'Off'],
} as const;

/** What runs here, with what, and how busy it is. */
export function SystemPage() {
  const {
    data: system,
    error,
    refetch,
  } = useQuery({ ...systemQueries.read(), refetchInterval: LOOK_MS, staleTime: 0 });
  const history = useQuery(systemQueries.history());
  const now = history.data?.samples.at(-1);
  return (
    <Page>
      <PageHeader
        title="System"
        below={
          system === undefined ? undefined : (
            <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
              <span>Champion {system.version}</span>
              <span>
                up for <Elapsed since={system.started_at} />
              </span>
              {system.simulated ? <Badge tone="warn">simulated exchange</Badge> : <span>the real exchange</span>}
            </span>
          )
        }
      />
      {error && system === undefined ? (
        <ErrorState error={error} title="The system could not be read" onRetry={() => void refetch()} />
      ) : (
        <div className="flex flex-col gap-3">
          {history.error ? (
            <ErrorState
              error={history.error}
              title="The samples could not be read"
              onRetry={() => void history.refetch()}
            />
          ) : history.data === undefined ? (
            <Skeleton className="h-96 w-full" />
          ) : (
            <Suspense fallback={<Skeleton className="h-96 w-full" />}>
              <Charts history={history.data} />
            </Suspense>
          )}
          <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1fr)_380px]">
            <div className="flex min-w-0 flex-col gap-3">
              <Panel title="Stores" flush>
                {system === undefined ? <Loading /> : <Stores stores={system.stores} />}
              </Panel>
              <Panel title="Exchange" aside="as it answers this process" flush>
                {system === undefined ? <Loading /> : <ExchangeHosts hosts={system.exchange} />}
              </Panel>
              <Workers />
              <Queues />
            </div>
            <div className="flex min-w-0 flex-col gap-3">
              <Panel title="API availability">
                {system === undefined ? <SkeletonLines /> : <Availability api={system.api} since={system.started_at} />}
              </Panel>
              <Panel title="Machine">
                {system === undefined ? (
                  <SkeletonLines />
                ) : (
                  <Facts
                    items={[
                      ['Started', <Time key="s" at={system.started_at} />],
                      [
                        'Home',
                        <span key="h" className="figures break-all">
                          {system.home}
                        </span>,
                      ],
                      [
                        'Cores',
                        `${system.cpu.cores}, ${percent(now?.cpu ?? system.cpu.used / system.cpu.cores)} used by this process`,
                      ],
                      ['Load', system.cpu.load_average.map((load) => load.toFixed(2)).join(', ')],
                      ['Resident', bytes(now?.rss_bytes ?? system.memory.rss_bytes)],
                      ['Heap', bytes(now?.heap_used_bytes ?? system.memory.heap_used_bytes)],
                      [
                        'Memory',
                        `${bytes(system.memory.system_free_bytes)} free of ${bytes(system.memory.system_total_bytes)}`,
                      ],
                      ['Disk', `${bytes(system.disk.free_bytes)} free of ${bytes(system.disk.total_bytes)}`],
                      ['Node', `${system.runtime.node}, ${system.runtime.platform}, process ${system.runtime.pid}`],
                      [
                        'API',
                        <a key="d" href="/api/docs" className="link">
                          its documentation
                        </a>,
                      ],
                      [
                        'Tracking',
                        system.tracking_port === null ? (
                          'not served'
                        ) : (
                          <TrackingLink key="t">experiments and runs</TrackingLink>
                        ),
                      ],
                    ]}
                  />
                )}
              </Panel>
            </div>
          </div>
        </div>
      )}
    </Page>
  );
}

function Loading() {
  return (
    <div className="px-3">
      <SkeletonLines lines={3} />
    </div>
  );
}

function Stores({ stores }: { readonly stores: System['stores'] }) {
  return (
    <SimpleTable
      caption="Stores"
      rows={stores}
      rowKey={({ name }) => name}
      columns={[
        { id: 'name', header: 'Store', cell: ({ name }) => <span className="font-medium">{name}</span> },
        {
          id: 'state',
          header: 'State',
          cell: ({ state }) => {
            const [kind, word] = STORE_STATES[state];
            return (
              <span className="inline-flex items-center gap-1.5">
                <StateShape kind={kind} />
                {word}
              </span>
            );
          },
        },
        { id: 'kind', header: 'Kind', className: 'max-sm:hidden', cell: ({ kind }) => kind },
        {
          id: 'detail',
          header: 'Detail',
          cell: ({ detail }) => <span className="break-all text-ink-2">{detail}</span>,
        },
      ]}
    />
  );
}

function Workers() {
  const { data: workers, error, refetch } = useQuery(workQueries.workers());
  return (
    <Panel title="Workers" aside={workers === undefined ? undefined : count(workers.length)} flush>
      {error ? (
        <div className="p-3">
          <ErrorState error={error} onRetry={() => void refetch()} />
        </div>
      ) : workers === undefined ? (
        <Loading />
      ) : workers.length === 0 ? (
        <EmptyState title="No worker is there">champion worker start begins one.</EmptyState>
      ) : (
        <SimpleTable
          caption="Workers"
          rows={workers}
          rowKey={({ name }) => name}
          columns={[
            { id: 'name', header: 'Worker', cell: ({ name }) => <span className="font-medium">{name}</span> },
            {
              id: 'status',
              header: 'State',
              cell: ({ status }) => (
                <span className="inline-flex items-center gap-1.5">
                  <StateShape kind={status === 'online' ? 'completed' : 'crashed'} />
                  {status}
                </span>
              ),
            },
            {
              id: 'running',
              header: 'At work',
              align: 'end',
              className: 'whitespace-nowrap',
              cell: ({ running, concurrency }) => `${running} of ${concurrency}`,
            },
            {
              id: 'where',
              header: 'Where',
              className: 'max-md:hidden',
              cell: ({ host, pid }) => `${host}, process ${pid}`,
            },
            { id: 'queues', header: 'Queues', className: 'max-sm:hidden', cell: (row) => row.work_queues.join(', ') },
            {
              id: 'beat',
              header: 'Heartbeat',
              className: 'max-sm:hidden',
              cell: ({ last_heartbeat_at }) => <Time at={last_heartbeat_at} format="relative" />,
            },
          ]}
        />
      )}
    </Panel>
  );
}

function Queues() {
  const { data: queues, error, refetch } = useQuery(workQueries.queues());
  const deepest = Math.max(1, ...(queues ?? []).map(({ counts }) => counts.scheduled + counts.running));
  return (
    <Panel title="Queue depths" flush>
      {error ? (
        <div className="p-3">
          <ErrorState error={error} onRetry={() => void refetch()} />
        </div>
      ) : queues === undefined ? (
        <Loading />
      ) : queues.length === 0 ? (
        <EmptyState title="There are no queues" />
      ) : (
        <SimpleTable
          caption="Work queues and how much waits in them"
          rows={queues}
          rowKey={({ id }) => id}
          columns={[
            {
              id: 'name',
              header: 'Queue',
              cell: ({ name, is_paused }) => (
                <span className="inline-flex items-center gap-2">
                  <span className="font-medium">{name}</span>
                  {is_paused ? <Badge tone="warn">paused</Badge> : null}
                </span>
              ),
            },
            {
              id: 'depth',
              header: 'Depth',
              className: 'w-1/3 max-sm:hidden',
              cell: ({ counts }) => (
                <span aria-hidden="true" className="flex h-2 gap-px">
                  <span className="bg-running" style={{ width: `${(100 * counts.running) / deepest}%` }} />
                  <span className="hatched text-waiting" style={{ width: `${(100 * counts.scheduled) / deepest}%` }} />
                </span>
              ),
            },
            { id: 'running', header: 'Running', align: 'end', cell: ({ counts }) => count(counts.running) },
            { id: 'scheduled', header: 'Waiting', align: 'end', cell: ({ counts }) => count(counts.scheduled) },
            { id: 'late', header: 'Late', align: 'end', cell: ({ counts }) => count(counts.late) },
            {
              id: 'limit',
              header: 'Limit',
              align: 'end',
              cell: ({ concurrency_limit }) => concurrency_limit ?? <span className="text-ink-3">none</span>,
            },
          ]}
        />
      )}
    </Panel>
  );
}
