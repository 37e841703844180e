import type { FlowRun, FlowRunDetail, TaskRunDetail } from '@champion/contract';
import type { ErrorRecord } from '@champion/core';
import type { Engine } from '@champion/server';
import { printable } from '../output/text.ts';
import type { RunOutcome } from './outcome.ts';

type Row = Awaited<ReturnType<Engine['runs']['list']>>[number];
type RowDetail = NonNullable<Awaited<ReturnType<Engine['runs']['get']>>>;

/** A run as it is shown, whether a server told of it or the records of this home. */
export interface RunView {
  readonly id: string;
  readonly name: string;
  readonly flow: string;
  readonly state: { readonly type: string; readonly name: string };
  readonly message: string;
  /** When it began, or is due. */
  readonly at: Date | undefined;
  readonly durationMs: number | undefined;
}

export interface RunDetailView extends RunView {
  readonly deployment: string | undefined;
  readonly worker: string | undefined;
  readonly queue: string | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly runCount: number;
  readonly started: Date | undefined;
  /** The run that it repeats, and from where. */
  readonly repeats: string | undefined;
  readonly error: ErrorRecord | undefined;
  readonly result: unknown;
  readonly tasks: readonly TaskView[];
}

interface TaskView {
  readonly name: string;
  /** What `restart --from` takes. */
  readonly key: string;
  readonly state: { readonly type: string; readonly name: string };
  readonly attempts: number;
  readonly durationMs: number | undefined;
  readonly message: string;
}

export function viewOfRow(row: Row): RunView {
  return {
    id: row.id,
    name: row.name,
    flow: row.flowName,
    state: { type: row.stateType, name: row.stateName },
    message: printable(row.stateMessage ?? ''),
    at: row.startTime ?? undefined,
    durationMs: between(row.startTime, row.endTime),
  };
}

export function viewOfRun(run: FlowRun): RunView {
  const at = run.start_time ?? run.expected_start_time;
  return {
    id: run.id,
    name: run.name,
    flow: run.flow_name,
    state: { type: run.state_type ?? 'PENDING', name: run.state_name ?? 'Pending' },
    message: printable(run.state?.message ?? ''),
    at: at === null ? undefined : new Date(at),
    durationMs: run.duration === null || run.duration === undefined ? undefined : run.duration * 1000,
  };
}

export function detailOfRow(row: RowDetail): RunDetailView {
  return {
    ...viewOfRow(row),
    deployment: undefined,
    worker: undefined,
    queue: undefined,
    parameters: row.parameters,
    runCount: row.runCount,
    started: row.startTime ?? undefined,
    repeats: undefined,
    error: row.error ?? undefined,
    result: row.result,
    tasks: row.taskRuns.map((task) => ({
      name: task.name,
      key: task.dynamicKey,
      state: { type: task.stateType, name: task.stateName },
      attempts: task.attempts.length,
      durationMs: between(task.startTime, task.endTime),
      message: task.error?.message ?? task.stateMessage ?? '',
    })),
  };
}

export function detailOfRun(run: FlowRunDetail, tasks: readonly TaskRunDetail[]): RunDetailView {
  const from = run.restart_from ? ` from ${run.restart_from}` : '';
  return {
    ...viewOfRun(run),
    deployment: run.deployment_name ?? undefined,
    worker: run.worker_name ?? undefined,
    queue: run.work_queue_name ?? undefined,
    parameters: run.parameters,
    runCount: run.run_count,
    started: run.start_time === null ? undefined : new Date(run.start_time),
    repeats: run.retry_of ? `${run.retry_of}${from}` : undefined,
    error: errorOf(run),
    result: run.result,
    tasks: tasks.map((task) => ({
      name: task.name,
      key: task.task_key,
      state: { type: task.state_type ?? 'PENDING', name: task.state_name ?? 'Pending' },
      attempts: task.run_count,
      durationMs: between(dateOf(task.start_time), dateOf(task.end_time)),
      message: task.error?.message ?? task.state?.message ?? '',
    })),
  };
}

/** How a run that has ended ended. */
export function outcomeOfRun(run: FlowRunDetail): RunOutcome {
  const view = viewOfRun(run);
  const error = errorOf(run);
  return {
    id: run.id,
    state: view.state.type as RunOutcome['state'],
    stateName: view.state.name,
    durationMs: view.durationMs ?? 0,
    ...(run.state?.message ? { message: run.state.message } : {}),
    ...(run.state_type === 'COMPLETED' ? { result: run.result } : {}),
    ...(error === undefined ? {} : { error }),
  };
}

function errorOf({ error }: Pick<FlowRun, 'error'>): ErrorRecord | undefined {
  if (error === null || error === undefined) return undefined;
  const { code, message, hint, context = {}, cause } = error;
  return {
    code: code as ErrorRecord['code'],
    message,
    retry: 'never',
    context,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

function between(from: Date | null, to: Date | null): number | undefined {
  return from === null || to === null ? undefined : to.getTime() - from.getTime();
}
