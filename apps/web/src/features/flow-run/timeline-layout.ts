import type { FlowRun, StateType, TaskRunDetail } from '@champion/contract';
import { type StateKind, stateKind } from '../../lib/states.ts';

/** A stretch of a row, in milliseconds since 1970; open at its end while it goes on. */
export interface Segment {
  readonly from: number;
  readonly to: number | null;
  readonly kind: StateKind;
  /** 1-based; null for a run. */
  readonly attempt: number | null;
  readonly error: string | null;
}

export interface TimelineRow {
  readonly id: string;
  readonly label: string;
  readonly kind: 'task' | 'run';
  /** 0: of the run itself; 1: of a child run that is unfolded; 2: of a child of that. */
  readonly depth: number;
  readonly state: StateKind;
  readonly segments: readonly Segment[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What happened within a run. */
export interface RunParts {
  readonly tasks: readonly TaskRunDetail[];
  readonly children: readonly FlowRun[];
}

/**
 * What happened when, from top to bottom: tasks and child runs by their begin, the parts of an unfolded child below it, at
 * any depth.
 * @param unfolded parts of the child runs that are unfolded, by the run's id
 */
export function timelineRows(
  { tasks, children }: RunParts,
  unfolded: ReadonlyMap<string, RunParts>,
  depth = 0,
): TimelineRow[] {
  const rows: TimelineRow[] = [
    ...tasks.map((task) => taskRow(task, depth)),
    ...children.map((run) => childRow(run, depth)),
  ];
  const begin = (row: TimelineRow) => row.segments[0]?.from ?? Number.POSITIVE_INFINITY;
  // Those that have not begun keep their order, at the end.
  const ordered = rows
    .map((row, index) => ({ row, index }))
    .sort((a, b) => (begin(a.row) === begin(b.row) ? a.index - b.index : begin(a.row) - begin(b.row)))
    .map(({ row }) => row);
  return ordered.flatMap((row) => {
    const parts = row.kind === 'run' ? unfolded.get(row.id) : undefined;
    return parts === undefined ? [row] : [row, ...timelineRows(parts, unfolded, depth + 1)];
  });
}

function taskRow(task: TaskRunDetail, depth: number): TimelineRow {
  const segments: Segment[] = task.attempts.map((attempt) => ({
    from: Date.parse(attempt.start_time),
    to: attempt.end_time === null ? null : Date.parse(attempt.end_time),
    kind: stateKind(attempt.state_type),
    attempt: attempt.attempt,
    error: attempt.error?.message ?? null,
  }));
  return {
    id: task.id,
    label: task.name,
    kind: 'task',
    depth,
    state: stateKind(task.state_type, task.state_name),
    segments: segments.length > 0 ? segments : whole(task.start_time, task.end_time, task.state_type, task.state_name),
  };
}

function childRow(run: FlowRun, depth: number): TimelineRow {
  return {
    id: run.id,
    label: run.flow_name,
    kind: 'run',
    depth,
    state: stateKind(run.state_type, run.state_name),
    segments: whole(run.start_time, run.end_time, run.state_type, run.state_name),
  };
}

function whole(start: string | null, end: string | null, type: StateType | null, name: string | null): Segment[] {
  if (start === null) return [];
  const to = end === null ? null : Date.parse(end);
  return [{ from: Date.parse(start), to, kind: stateKind(type, name), attempt: null, error: null }];
}

/** The whole time that rows cover, with a little air; what goes on reaches to `now`. */
export function spanOf(rows: readonly TimelineRow[], begun: number, now: number, live: boolean): Span {
  let from = begun;
  let to = live ? now : begun;
  for (const row of rows) {
    for (const segment of row.segments) {
      from = Math.min(from, segment.from);
      to = Math.max(to, segment.to ?? now);
    }
  }
  const length = Math.max(100, to - from);
  return { from: from - length * 0.005, to: from + length * 1.03 };
}

/** The shortest stretch that can be zoomed into. */
const LEAST_MS = 20;

/** A narrower (factor below 1) or wider view around a moment, never wider than the whole. */
export function zoomed(view: Span, whole: Span, around: number, factor: number): Span {
  const length = Math.min(whole.to - whole.from, Math.max(LEAST_MS, (view.to - view.from) * factor));
  const share = (around - view.from) / (view.to - view.from);
  return within({ from: around - share * length, to: around + (1 - share) * length }, whole);
}

export function panned(view: Span, whole: Span, by: number): Span {
  return within({ from: view.from + by, to: view.to + by }, whole);
}

function within(view: Span, whole: Span): Span {
  const length = view.to - view.from;
  if (length >= whole.to - whole.from) return whole;
  const from = Math.min(Math.max(view.from, whole.from), whole.to - length);
  return { from, to: from + length };
}

const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
];
const IST_OFFSET = 5.5 * 3_600_000;

/** Moments to mark, about `wanted` of them, at round times of the Indian clock. */
export function timeTicks(view: Span, wanted: number): { readonly at: number; readonly step: number }[] {
  const step = STEPS.find((size) => (view.to - view.from) / size <= wanted) ?? 86_400_000;
  const ticks: { at: number; step: number }[] = [];
  for (let at = Math.ceil((view.from + IST_OFFSET) / step) * step - IST_OFFSET; at <= view.to; at += step)
    ticks.push({ at, step });
  return ticks;
}

/** The place of a moment in a view: 0 at its begin, 1 at its end. */
export function placeOf(at: number, view: Span): number {
  return (at - view.from) / (view.to - view.from);
}
