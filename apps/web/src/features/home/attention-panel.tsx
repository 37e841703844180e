import type { Dataset, FlowRun, Worker } from '@champion/contract';
import { plural } from '@champion/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type StateKind, stateKind } from '../../lib/states.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { useRunAction } from '../flow-run/actions.ts';
import { troubles } from './attention.ts';

interface AttentionPanelProps {
  readonly failures: UseQueryResult<FlowRun[]>;
  readonly recent: readonly FlowRun[];
  readonly datasets: readonly Dataset[];
  /** Undefined while they load. */
  readonly workers: readonly Worker[] | undefined;
  readonly late: readonly FlowRun[];
}

/** What is not as it should be, and what to do about each. */
export function AttentionPanel({ failures, recent, datasets, workers, late }: AttentionPanelProps) {
  const action = useRunAction();
  const open = troubles(failures.data ?? [], recent);
  const missing = datasets.filter(({ freshness }) => freshness.state === 'missing');
  const idle = workers !== undefined && !workers.some(({ status }) => status === 'online');
  const items = open.length + missing.length + (idle ? 1 : 0) + (late.length > 0 ? 1 : 0);
  return (
    <Panel
      title="Needs attention"
      aside={failures.data === undefined ? undefined : items === 0 ? 'nothing' : plural(items, 'thing')}
      flush
      className="max-lg:order-1"
    >
      {failures.error ? (
        <div className="p-3">
          <ErrorState
            error={failures.error}
            title="The failures could not be read"
            onRetry={() => void failures.refetch()}
          />
        </div>
      ) : failures.data === undefined ? (
        <div className="px-3">
          <SkeletonLines lines={3} />
        </div>
      ) : items === 0 ? (
        <p className="flex items-center gap-2 px-3 py-3 text-sm text-ink-2">
          <StateShape kind="completed" />
          All that ran in the last three days is well, or was put right since.
        </p>
      ) : (
        <ul className="max-h-[60vh] divide-y divide-line overflow-y-auto">
          {idle ? (
            <Item kind="late" title="No worker is online" todo="Runs wait until one is: champion worker start" />
          ) : null}
          {late.length > 0 ? (
            <Item
              kind="late"
              title={
                <Link to="/runs" search={{ state: ['late'] }} className="hover:underline">
                  {plural(late.length, 'run')} late
                </Link>
              }
              what={late
                .slice(0, 3)
                .map((run) => run.flow_name)
                .join(', ')}
              todo="The workers are busy, or none takes this queue."
            />
          ) : null}
          {missing.map((dataset) => (
            <Item
              key={dataset.name}
              kind="failed"
              title={`${dataset.name}: ${dataset.freshness.trade_date ?? 'the latest session'} is missing`}
              when={dataset.freshness.expected_by}
              todo="Look at the last run of its flow, or backfill the session."
              actions={
                <Link to="/runs" search={{ flow: [dataset.flow.name] }} className="link">
                  Runs
                </Link>
              }
            />
          ))}
          {open.map(({ flow, run, times }) => (
            <Item
              key={run.id}
              kind={stateKind(run.state_type, run.state_name)}
              title={
                <Link to="/runs/$runId" params={{ runId: run.id }} className="hover:underline">
                  {flow}
                  {times > 1 ? <span className="font-normal text-ink-3"> × {times}</span> : null}
                </Link>
              }
              when={run.end_time}
              what={run.error?.message ?? run.state?.message ?? undefined}
              todo={run.error?.hint}
              actions={
                <>
                  <Button
                    size="sm"
                    icon="retry"
                    busy={action.isPending && action.variables.id === run.id}
                    onClick={() => action.mutate({ kind: 'retry', id: run.id })}
                  >
                    Run again
                  </Button>
                  <Link
                    to="/runs/$runId"
                    params={{ runId: run.id }}
                    search={{ tab: 'logs', level: 'warn' }}
                    className="link"
                  >
                    Logs
                  </Link>
                </>
              }
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface ItemProps {
  readonly kind: StateKind;
  readonly title: ReactNode;
  readonly when?: string | null;
  readonly what?: string | undefined;
  readonly todo?: string | undefined;
  readonly actions?: ReactNode;
}

function Item({ kind, title, when, what, todo, actions }: ItemProps) {
  return (
    <li className="flex gap-2 px-3 py-2 text-sm">
      <span className="mt-[3px]">
        <StateShape kind={kind} />
      </span>
      <div className="min-w-0 grow">
        <p className="flex justify-between gap-2">
          <span className="min-w-0 font-medium break-words">{title}</span>
          {when === undefined ? null : (
            <span className="text-ink-3">
              <Time at={when} format="relative" />
            </span>
          )}
        </p>
        {what === undefined ? null : <p className="line-clamp-2 break-words text-ink-2">{what}</p>}
        {todo === undefined ? null : <p className="text-ink-3">{todo}</p>}
        {actions === undefined ? null : <div className="mt-1.5 flex items-center gap-3">{actions}</div>}
      </div>
    </li>
  );
}
