import type { Worker, WorkPool, WorkQueue } from '@champion/contract';
import { plural } from '@champion/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { useNewQueue, usePoolChange, useQueueChange } from './actions.ts';
import { PoolLimits, QueueLimits } from './limit-dialog.tsx';
import { workQueries } from './queries.ts';

/** Where runs wait, how many are handed out, and who takes them. */
export function WorkQueuesPage() {
  const pools = useQuery(workQueries.pools());
  const queues = useQuery(workQueries.queues());
  const workers = useQuery(workQueries.workers());
  const failed = pools.error ?? queues.error;
  return (
    <Page>
      <PageHeader title="Work queues" below="Where runs wait until a worker takes them" />
      {failed ? (
        <ErrorState
          error={failed}
          title="The work queues could not be read"
          onRetry={() => void Promise.all([pools.refetch(), queues.refetch()])}
        />
      ) : pools.data === undefined || queues.data === undefined ? (
        <SkeletonLines lines={6} />
      ) : pools.data.length === 0 ? (
        <EmptyState title="There is no work pool">
          The first worker makes the default one: <code>champion worker start</code>
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-3">
          {pools.data.map((pool) => (
            <PoolPanel
              key={pool.id}
              pool={pool}
              queues={(queues.data ?? []).filter(({ work_pool_id }) => work_pool_id === pool.id)}
              workers={workers.data ?? []}
            />
          ))}
        </div>
      )}
    </Page>
  );
}

interface PoolPanelProps {
  readonly pool: WorkPool;
  readonly queues: readonly WorkQueue[];
  readonly workers: readonly Worker[];
}

function PoolPanel({ pool, queues, workers }: PoolPanelProps) {
  const [dialog, setDialog] = useState<'limit' | 'queue' | undefined>();
  const change = usePoolChange(pool);
  return (
    <Panel
      flush
      title={
        <span className="flex flex-wrap items-center gap-2">
          Pool {pool.name}
          <Status status={pool.status} />
        </span>
      }
      aside={
        <span className="flex flex-wrap items-center justify-end gap-1.5">
          <span className="max-sm:hidden">
            {pool.active_slots ?? 0} at work{pool.concurrency_limit === null ? '' : ` of ${pool.concurrency_limit}`}
          </span>
          <Button size="sm" icon="plus" onClick={() => setDialog('queue')}>
            Queue
          </Button>
          <Button size="sm" onClick={() => setDialog('limit')} aria-label={`Limit of the pool ${pool.name}`}>
            Limit
          </Button>
          <Button
            size="sm"
            icon={pool.is_paused ? 'play' : 'pause'}
            busy={change.isPending}
            aria-label={`${pool.is_paused ? 'Resume' : 'Pause'} the pool ${pool.name}`}
            onClick={() => change.mutate({ is_paused: !pool.is_paused })}
          >
            {pool.is_paused ? 'Resume' : 'Pause'}
          </Button>
        </span>
      }
    >
      {pool.description === null ? null : (
        <p className="border-b border-line px-3 py-1.5 text-sm text-ink-2">{pool.description}</p>
      )}
      <SimpleTable
        caption={`Queues of the pool ${pool.name}`}
        rows={queues}
        rowKey={({ id }) => id}
        columns={[
          {
            id: 'name',
            header: 'Queue',
            cell: (queue) => (
              <span className="flex flex-wrap items-center gap-2 font-medium">
                {queue.name}
                <Status status={queue.status} />
              </span>
            ),
          },
          { id: 'depth', header: 'Depth', cell: (queue) => <Depth queue={queue} /> },
          {
            id: 'limit',
            header: 'Limits',
            className: 'max-md:hidden',
            cell: (queue) => limits(queue),
          },
          {
            id: 'priority',
            header: 'Priority',
            align: 'end',
            className: 'max-xl:hidden',
            cell: ({ priority }) => priority,
          },
          {
            id: 'workers',
            header: 'Workers',
            className: 'max-lg:hidden',
            cell: ({ name }) => <TakenBy workers={workers.filter(({ work_queues }) => work_queues.includes(name))} />,
          },
          {
            id: 'polled',
            header: 'Polled',
            className: 'max-xl:hidden',
            cell: ({ last_polled }) => <Time at={last_polled} format="relative" />,
          },
          {
            id: 'actions',
            header: <span className="sr-only">Actions</span>,
            align: 'end',
            cell: (queue) => <QueueActions queue={queue} />,
          },
        ]}
      />
      {dialog === 'limit' ? <PoolLimits pool={pool} onClose={() => setDialog(undefined)} /> : null}
      {dialog === 'queue' ? <NewQueue pool={pool} onClose={() => setDialog(undefined)} /> : null}
    </Panel>
  );
}

function Status({ status }: { readonly status: WorkPool['status'] | null }) {
  if (status === 'READY') return <Badge tone="good">Ready</Badge>;
  return status === 'PAUSED' ? <Badge tone="warn">Paused</Badge> : <Badge>No worker</Badge>;
}

function Depth({ queue }: { readonly queue: WorkQueue }) {
  const { scheduled, late, running } = queue.counts;
  return (
    <span className="flex flex-wrap gap-x-2">
      <span className="whitespace-nowrap">{running} running</span>
      <span className="whitespace-nowrap text-ink-2">{scheduled} scheduled</span>
      {late === 0 ? null : <Badge tone="warn">{late} late</Badge>}
    </span>
  );
}

function limits({ concurrency_limit, rate_limit }: WorkQueue): string {
  const parts = [
    ...(concurrency_limit === null ? [] : [`${concurrency_limit} at once`]),
    ...(rate_limit === null ? [] : [`${plural(rate_limit.runs, 'run')} in ${rate_limit.per_seconds} s`]),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function TakenBy({ workers }: { readonly workers: readonly Worker[] }) {
  const online = workers.filter(({ status }) => status !== 'offline');
  if (online.length === 0) return <span className="text-ink-3">none</span>;
  return (
    <Link to="/workers" className="link">
      {online.map(({ name }) => name).join(', ')}
    </Link>
  );
}

function QueueActions({ queue }: { readonly queue: WorkQueue }) {
  const [editing, setEditing] = useState(false);
  const change = useQueueChange(queue);
  return (
    <span className="flex justify-end gap-1.5">
      <Button size="sm" onClick={() => setEditing(true)} aria-label={`Limits of the queue ${queue.name}`}>
        Limits
      </Button>
      <Button
        size="sm"
        icon={queue.is_paused ? 'play' : 'pause'}
        busy={change.isPending}
        aria-label={`${queue.is_paused ? 'Resume' : 'Pause'} the queue ${queue.name}`}
        onClick={() => change.mutate({ is_paused: !queue.is_paused })}
      >
        {queue.is_paused ? 'Resume' : 'Pause'}
      </Button>
      {editing ? <QueueLimits queue={queue} onClose={() => setEditing(false)} /> : null}
    </span>
  );
}

function NewQueue({ pool, onClose }: { readonly pool: WorkPool; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const make = useNewQueue();
  const given = name.trim();
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`A new queue in ${pool.name}`}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            variant="primary"
            disabled={given === ''}
            busy={make.isPending}
            onClick={() => make.mutate({ pool: pool.name, name: given }, { onSuccess: onClose })}
          >
            Make it
          </Button>
        </>
      }
    >
      <Field label="Name" hint={`Its worker: champion worker start -q ${given === '' ? 'NAME' : given}`}>
        <Input value={name} onChange={(event) => setName(event.currentTarget.value)} />
      </Field>
    </Dialog>
  );
}
