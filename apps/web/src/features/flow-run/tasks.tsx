import type { FlowRunDetail, TaskRunDetail } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { isOver } from '../../lib/states.ts';
import { exactMoment } from '../../lib/time.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Duration, Elapsed } from '../../ui/duration.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Facts } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { runQueries } from '../flow-runs/queries.ts';
import { useRunAction } from './actions.ts';
import { ValueView } from './value-view.tsx';

const columns: readonly Column<TaskRunDetail>[] = [
  {
    id: 'state',
    header: 'State',
    width: '112px',
    cell: (task) => <StateMark type={task.state_type} name={task.state_name} />,
  },
  {
    id: 'name',
    header: 'Task',
    width: 'minmax(120px, 2fr)',
    cell: (task) => <span className="font-medium">{task.name}</span>,
  },
  { id: 'attempts', header: 'Attempts', width: '68px', align: 'end', from: 420, cell: (task) => task.attempts.length },
  {
    id: 'start',
    header: 'Start, IST',
    width: '76px',
    from: 500,
    cell: (task) => <Time at={task.start_time} format="clock" />,
  },
  { id: 'took', header: 'Duration', width: '76px', align: 'end', cell: (task) => <TaskDuration task={task} /> },
];

function TaskDuration({ task }: { readonly task: TaskRunDetail }) {
  if (task.start_time === null) return <Duration seconds={null} />;
  if (task.end_time === null)
    return isOver(task.state_type) ? <Duration seconds={null} /> : <Elapsed since={task.start_time} />;
  return <Duration seconds={(Date.parse(task.end_time) - Date.parse(task.start_time)) / 1000} />;
}

interface TasksProps {
  readonly run: FlowRunDetail;
  readonly selected: string | undefined;
  readonly onSelect: (taskRunId: string | undefined) => void;
}

/** Every task with its attempts, errors and what it returned. */
export function Tasks({ run, selected, onSelect }: TasksProps) {
  const { data: tasks, error, refetch } = useQuery(runQueries.tasks(run.id));
  if (error) return <ErrorState error={error} title="The tasks could not be read" onRetry={() => void refetch()} />;
  if (tasks === undefined) return <SkeletonLines lines={5} />;
  const task = tasks.find(({ id }) => id === selected) ?? firstOfInterest(tasks);
  return (
    <div className="flex min-h-80 flex-col gap-3 lg:flex-row lg:items-start">
      {/* On a phone the page scrolls, the list within its part of it; side by side each scrolls in itself. */}
      <section className="flex max-h-full flex-col overflow-hidden rounded-lg border border-line bg-surface max-lg:max-h-[40dvh] max-lg:shrink-0 lg:min-h-56 lg:basis-1/2">
        <DataTable
          label="Tasks"
          columns={columns}
          count={tasks.length}
          row={(index) => tasks[index]}
          onOpen={({ id }) => onSelect(id)}
          empty={<EmptyState title="No task has begun" />}
        />
      </section>
      {task === undefined ? null : <TaskPanel run={run} task={task} tasks={tasks} />}
    </div>
  );
}

/** The one that failed, else the last. */
function firstOfInterest(tasks: readonly TaskRunDetail[]): TaskRunDetail | undefined {
  return tasks.find(({ state_type }) => state_type === 'FAILED' || state_type === 'CRASHED') ?? tasks.at(-1);
}

interface TaskPanelProps {
  readonly run: FlowRunDetail;
  readonly task: TaskRunDetail;
  readonly tasks: readonly TaskRunDetail[];
}

function TaskPanel({ run, task, tasks }: TaskPanelProps) {
  const action = useRunAction();
  const parents = task.parents.map((id) => tasks.find((other) => other.id === id)?.name ?? id);
  return (
    <section className="max-h-full overflow-y-auto rounded-lg border border-line bg-surface px-3 py-2.5 max-lg:max-h-none max-lg:shrink-0 lg:basis-1/2">
      <header className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-base break-all">{task.name}</h2>
        {isOver(run.state_type) ? (
          <Button
            size="sm"
            icon="restart"
            busy={action.isPending}
            onClick={() => action.mutate({ kind: 'restart', id: run.id, from: task.task_key })}
          >
            Restart from here
          </Button>
        ) : null}
      </header>
      <Facts
        items={[
          ['State', <StateMark key="state" type={task.state_type} name={task.state_name} />],
          ['Key', <code key="key">{task.task_key}</code>],
          ['Waited for', parents.length === 0 ? 'nothing' : parents.join(', ')],
        ]}
      />
      {task.error === null ? null : (
        <div className="mt-3">
          <ErrorOf error={task.error} />
        </div>
      )}
      <h3 className="mt-4 mb-1 text-sm">Attempts</h3>
      <ol className="divide-y divide-line border-y border-line">
        {task.attempts.map((attempt) => (
          <li key={attempt.attempt} className="py-1.5 text-sm">
            <div className="flex flex-wrap gap-x-3">
              <span className="text-ink-3">{attempt.attempt}</span>
              <StateMark type={attempt.state_type} />
              <span className="text-ink-2">{exactMoment(attempt.start_time, 'millisecond')}</span>
              <Duration
                seconds={
                  attempt.end_time === null
                    ? null
                    : (Date.parse(attempt.end_time) - Date.parse(attempt.start_time)) / 1000
                }
              />
            </div>
            {attempt.error === null ? null : <p className="mt-0.5 break-words text-ink-2">{attempt.error.message}</p>}
            {attempt.retry_wait_ms === null ? null : (
              <p className="text-ink-3">
                then waited <Duration seconds={attempt.retry_wait_ms / 1000} />
              </p>
            )}
          </li>
        ))}
      </ol>
      {task.result === null || task.result === undefined ? null : (
        <>
          <h3 className="mt-4 mb-1 text-sm">Returned</h3>
          <ValueView value={task.result} />
        </>
      )}
    </section>
  );
}

/** An error of a run as the API tells it. */
function ErrorOf({ error }: { readonly error: NonNullable<TaskRunDetail['error']> }) {
  return <ErrorState error={{ retry: 'never', context: {}, ...error }} />;
}
