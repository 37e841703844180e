import type { FlowRunDetail, TaskRunDetail } from '@champion/contract';
import { median } from '@champion/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { isOver, wentWrong } from '../../lib/states.ts';
import { duration } from '../../lib/time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Duration, Elapsed } from '../../ui/duration.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Menu } from '../../ui/menu.tsx';
import { PageHeader } from '../../ui/panel.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { notify } from '../../ui/toast.tsx';
import { runQueries } from '../flow-runs/queries.ts';
import { useRunAction } from './actions.ts';
import { CloneDialog } from './clone-dialog.tsx';
import { sessionOf } from './session-of.ts';

interface RunHeaderProps {
  readonly run: FlowRunDetail;
  readonly tasks: readonly TaskRunDetail[];
}

export function RunHeader({ run, tasks }: RunHeaderProps) {
  const [cloning, setCloning] = useState(false);
  const [cancelling, setCancelling] = useState(false);
  const action = useRunAction();
  const over = isOver(run.state_type);
  const failed = wentWrong(run.state_type) ? tasks.find((task) => wentWrong(task.state_type)) : undefined;
  const session = sessionOf(run.parameters);
  const restart = () => {
    if (failed !== undefined) action.mutate({ kind: 'restart', id: run.id, from: failed.task_key });
  };

  return (
    <>
      <PageHeader
        above={
          <>
            <Link to="/runs" className="link">
              Runs
            </Link>{' '}
            /{' '}
            <Link to="/runs" search={{ flow: [run.flow_name] }} className="link">
              {run.flow_name}
            </Link>
          </>
        }
        title={
          <>
            {run.name}
            {session === undefined ? null : <span className="font-normal text-ink-2"> · {session}</span>}
          </>
        }
        below={
          <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
            <StateMark type={run.state_type} name={run.state_name} />
            <span>
              <Time at={run.start_time ?? run.expected_start_time} />
            </span>
            <span>
              {over || run.start_time === null ? (
                <Duration seconds={run.duration} />
              ) : (
                <Elapsed since={run.start_time} />
              )}
            </span>
            <Usual run={run} />
            {run.deployment_name === null ? null : <span className="text-ink-3">{run.deployment_name}</span>}
            {run.worker_name === null ? null : <span className="text-ink-3">on {run.worker_name}</span>}
            {run.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
            {run.retry_of == null ? null : (
              <Link to="/runs/$runId" params={{ runId: run.retry_of }} className="link">
                {run.restart_from == null
                  ? 'repeats an earlier run'
                  : `goes on from ${run.restart_from} of an earlier run`}
              </Link>
            )}
            {run.parent_flow_run_id == null ? null : (
              <Link to="/runs/$runId" params={{ runId: run.parent_flow_run_id }} className="link">
                child of another run
              </Link>
            )}
          </div>
        }
        actions={
          <>
            {over ? null : (
              <Button
                variant="danger"
                icon="stop"
                onClick={() => setCancelling(true)}
                disabled={run.state_type === 'CANCELLING'}
              >
                Cancel
              </Button>
            )}
            {over ? (
              <Button icon="retry" busy={action.isPending} onClick={() => action.mutate({ kind: 'retry', id: run.id })}>
                Run again
              </Button>
            ) : null}
            <Menu
              trigger={<Button icon="more" aria-label="More" />}
              groups={[
                [{ label: 'Run with other parameters…', icon: 'copy', onSelect: () => setCloning(true) }],
                [
                  {
                    label: 'Copy its id',
                    icon: 'link',
                    onSelect: () => void navigator.clipboard.writeText(run.id).then(() => notify('Copied', run.id)),
                  },
                ],
              ]}
            />
            {failed === undefined ? null : (
              <Button variant="primary" icon="restart" busy={action.isPending} onClick={restart}>
                Restart from {failed.name}
              </Button>
            )}
          </>
        }
      />
      {run.error === null ? null : (
        <div className="mb-3">
          <ErrorState error={{ retry: 'never', context: {}, ...run.error }} />
        </div>
      )}
      {run.error !== null || !run.state?.message ? null : (
        <p className="mb-3 text-sm text-ink-2">{run.state.message}</p>
      )}
      <CloneDialog run={run} open={cloning} onOpenChange={setCloning} />
      <Dialog
        open={cancelling}
        onOpenChange={setCancelling}
        title="Cancel this run?"
        description="What runs is told to stop, its child runs too. What is already loaded stays."
        actions={
          <>
            <Button onClick={() => setCancelling(false)}>Let it run</Button>
            <Button
              variant="danger"
              busy={action.isPending}
              onClick={() => action.mutate({ kind: 'cancel', id: run.id }, { onSettled: () => setCancelling(false) })}
            >
              Cancel the run
            </Button>
          </>
        }
      />
    </>
  );
}

/** How long the flow's last runs took, to see this one's duration against. */
function Usual({ run }: { readonly run: FlowRunDetail }) {
  const { data = [] } = useQuery(runQueries.recentOfFlow(run.flow_name, 30));
  const known = data.flatMap((each) =>
    each.state_type === 'COMPLETED' && each.duration !== null ? [each.duration] : [],
  );
  const usual = median(known);
  if (usual === undefined || known.length < 3) return null;
  return (
    <span className="flex items-center gap-2 text-ink-3" title="Durations of the flow's last runs that completed">
      <Sparkline
        values={known.toReversed()}
        width={72}
        height={16}
        label={`Durations of the last ${known.length} runs, median ${duration(usual)}`}
      />
      usually {duration(usual)}
    </span>
  );
}
