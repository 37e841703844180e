import type { FlowRunDetail } from '@champion/contract';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useLiveRuns } from '../../app/live.ts';
import { count } from '../../lib/numbers.ts';
import { isOver, STATE_COLORS, STATE_LABELS } from '../../lib/states.ts';
import { clockTime, duration, exactMoment } from '../../lib/time.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/now.ts';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { useSlots } from '../../ui/slots.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import { useWidth } from '../../ui/use-width.ts';
import { runQueries } from '../flow-runs/queries.ts';
import {
  panned,
  placeOf,
  type Segment,
  type Span,
  spanOf,
  type TimelineRow,
  timelineRows,
  timeTicks,
  zoomed,
} from './timeline-layout.ts';

const ROW = 26;

interface TimelineProps {
  readonly run: FlowRunDetail;
  readonly onTask: (taskRunId: string) => void;
}

/** Tasks, their attempts and child runs against time. Ctrl and the wheel zoom, dragging moves, + and - too. */
export function Timeline({ run, onTask }: TimelineProps) {
  const live = !isOver(run.state_type) && run.start_time !== null;
  const now = useNow(live ? 1 : 3600);
  const tasks = useQuery(runQueries.tasks(run.id));
  const children = useQuery(runQueries.children(run.id));
  const [open, setOpen] = useState<readonly string[]>([]);
  useLiveRuns(live ? open : []);
  const innerTasks = useQueries({ queries: open.map((id) => runQueries.tasks(id)) });
  const innerRuns = useQueries({ queries: open.map((id) => runQueries.children(id)) });
  const unfolded = new Map(
    open.map((id, at) => [id, { tasks: innerTasks[at]?.data ?? [], children: innerRuns[at]?.data ?? [] }]),
  );
  const rows = timelineRows({ tasks: tasks.data ?? [], children: children.data ?? [] }, unfolded);
  const begun = Date.parse(run.start_time ?? run.created);
  const whole = spanOf(rows, begun, now, live);
  const [chosen, setChosen] = useState<Span>();
  const view = chosen ?? whole;

  if (tasks.error)
    return <ErrorState error={tasks.error} title="The tasks could not be read" onRetry={() => void tasks.refetch()} />;
  if (tasks.data === undefined) return <SkeletonLines lines={5} />;
  if (rows.length === 0) {
    return (
      <EmptyState title={run.start_time === null ? 'It has not begun' : 'No task has begun'}>
        {run.start_time === null
          ? 'Its tasks appear here as soon as a worker takes it.'
          : 'It ended, or waits, before its first task.'}
      </EmptyState>
    );
  }
  const middle = (view.from + view.to) / 2;
  return (
    <div className="flex min-h-40 flex-col overflow-hidden rounded-lg border border-line bg-surface">
      <div className="flex h-8 shrink-0 items-center gap-1 border-b border-line px-2">
        <span className="grow text-xs text-ink-3">
          {count(rows.length)} rows · {duration((view.to - view.from) / 1000)} shown
          <span className="max-sm:hidden"> · Ctrl and wheel zoom, drag moves</span>
        </span>
        <Button
          variant="quiet"
          size="sm"
          icon="minus"
          aria-label="Zoom out"
          onClick={() => setChosen(zoomed(view, whole, middle, 1.6))}
        />
        <Button
          variant="quiet"
          size="sm"
          icon="plus"
          aria-label="Zoom in"
          onClick={() => setChosen(zoomed(view, whole, middle, 0.6))}
        />
        <Button
          variant="quiet"
          size="sm"
          icon="fit"
          aria-label="Show all"
          title="Show all"
          onClick={() => setChosen(undefined)}
        />
      </div>
      <Rows
        rows={rows}
        view={view}
        whole={whole}
        now={live ? now : undefined}
        open={open}
        onView={setChosen}
        onFold={(id) => setOpen(open.includes(id) ? open.filter((other) => other !== id) : [...open, id])}
        onTask={onTask}
      />
    </div>
  );
}

interface RowsProps {
  readonly rows: readonly TimelineRow[];
  readonly view: Span;
  readonly whole: Span;
  /** While it runs. */
  readonly now: number | undefined;
  readonly open: readonly string[];
  readonly onView: (view: Span) => void;
  readonly onFold: (id: string) => void;
  readonly onTask: (taskRunId: string) => void;
}

function Rows({ rows, view, whole, now, open, onView, onFold, onTask }: RowsProps) {
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 15,
  });
  const items = virtualizer.getVirtualItems();
  const slot = useSlots(items.length);
  const latest = useRef({ view, whole, onView });
  latest.current = { view, whole, onView };
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    // Registered by hand: React's own wheel listeners may not keep the browser from zooming the page.
    const wheel = (event: WheelEvent) => {
      const box = track.current?.getBoundingClientRect();
      if (!(event.ctrlKey || event.metaKey) || box === undefined) return;
      event.preventDefault();
      const { view: from, whole: all, onView: set } = latest.current;
      const around = from.from + ((event.clientX - box.left) / box.width) * (from.to - from.from);
      set(zoomed(from, all, around, Math.exp(event.deltaY * 0.004)));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);
  const drag = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (event.buttons !== 1 || box === undefined || event.pointerType === 'touch') return;
    onView(panned(view, whole, (-event.movementX / box.width) * (view.to - view.from)));
  };
  const width = useWidth(track);
  // As many as have room for their labels.
  const wanted = Math.min(8, Math.max(2, Math.floor(width / 105)));
  const ticks = useMemo(() => timeTicks(view, wanted), [view, wanted]);
  // A label that would be cut off at the edge misleads.
  const labels = ticks.filter(({ at }) => placeOf(at, view) * width > 30 && (1 - placeOf(at, view)) * width > 30);
  const columns = 'grid grid-cols-[minmax(140px,var(--names))_1fr] [--names:clamp(140px,24vw,260px)]';

  return (
    <div ref={scroller} className="min-h-0 overflow-y-auto" onPointerMove={drag}>
      <div className={cx(columns, 'sticky top-0 z-20 h-6 border-b border-line bg-surface')}>
        <span className="label-caps px-2 leading-6">IST</span>
        <div ref={track} className="relative overflow-hidden">
          {labels.map(({ at, step }) => (
            <span
              key={at}
              className="absolute -translate-x-1/2 text-2xs leading-6 text-ink-3"
              style={{ left: `${placeOf(at, view) * 100}%` }}
            >
              {clockTime(at, step < 1000 ? 'millisecond' : step < 60_000 ? 'second' : 'minute')}
            </span>
          ))}
        </div>
      </div>
      <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
        <div className={cx(columns, 'pointer-events-none absolute inset-0')}>
          <span />
          <div className="relative overflow-hidden">
            {ticks.map(({ at }) => (
              <span
                key={at}
                className="absolute inset-y-0 w-px bg-line"
                style={{ left: `${placeOf(at, view) * 100}%` }}
              />
            ))}
            {now === undefined ? null : (
              <span
                className="absolute inset-y-0 z-10 w-px bg-accent"
                style={{ left: `${placeOf(now, view) * 100}%`, transition: 'left 1s linear' }}
              />
            )}
          </div>
        </div>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <div
              key={slot(item.index)}
              className={cx(columns, 'absolute inset-x-0 [contain:layout_paint_style] hover:bg-hover/60')}
              style={{ top: item.start, height: ROW }}
            >
              <span
                className="flex min-w-0 items-center gap-1.5 border-r border-line px-2 text-sm"
                // A task has no arrow: it stands where its run's mark does, and further in.
                style={{ paddingLeft: 8 + row.depth * 18 + (row.kind === 'task' && row.depth > 0 ? 18 : 0) }}
              >
                {row.kind === 'run' ? (
                  <button
                    type="button"
                    aria-expanded={open.includes(row.id)}
                    aria-label={`Tasks of ${row.label}`}
                    onClick={() => onFold(row.id)}
                    className="text-ink-3 hover:text-ink"
                  >
                    <Icon name={open.includes(row.id) ? 'down' : 'right'} size={12} />
                  </button>
                ) : null}
                <StateShape kind={row.state} size={11} />
                <button
                  type="button"
                  onClick={() =>
                    row.kind === 'run'
                      ? void navigate({ to: '/runs/$runId', params: { runId: row.id } })
                      : row.depth === 0
                        ? onTask(row.id)
                        : undefined
                  }
                  className="min-w-0 truncate text-left hover:text-accent hover:underline"
                  title={`${row.label}: ${STATE_LABELS[row.state]}`}
                >
                  {row.label}
                </button>
              </span>
              <span className="relative overflow-hidden">
                <Bars segments={row.segments} view={view} now={now ?? view.to} />
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Bars({
  segments,
  view,
  now,
}: {
  readonly segments: readonly Segment[];
  readonly view: Span;
  readonly now: number;
}) {
  const first = segments[0];
  const last = segments.at(-1);
  if (first === undefined || last === undefined) return null;
  const end = last.to ?? now;
  const took = (end - first.from) / 1000;
  const left = placeOf(first.from, view);
  const right = placeOf(end, view);
  return (
    <>
      {segments.length > 1 ? (
        <span
          className="absolute top-1/2 border-t border-dashed border-line-strong"
          style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }}
        />
      ) : null}
      {segments.map((segment) => {
        const from = placeOf(segment.from, view);
        const to = placeOf(segment.to ?? now, view);
        const failed = segment.kind === 'failed' || segment.kind === 'crashed';
        return (
          <span
            key={segment.from}
            title={`${segment.attempt !== null && segments.length > 1 ? `Attempt ${segment.attempt}: ` : ''}${STATE_LABELS[segment.kind]} · ${duration(((segment.to ?? now) - segment.from) / 1000)} · ${exactMoment(segment.from, 'millisecond')}${segment.error === null ? '' : `\n${segment.error}`}`}
            className={cx(
              'absolute rounded-[1px]',
              failed ? 'top-[5px] h-4' : 'top-[7px] h-3',
              segment.to === null && 'breathing',
            )}
            style={{
              left: `${from * 100}%`,
              width: `max(2px, ${(to - from) * 100}%)`,
              // What failed is cut through, so that it is told apart without its colour.
              background: failed
                ? `linear-gradient(${STATE_COLORS[segment.kind]} 0 6px, transparent 6px 10px, ${STATE_COLORS[segment.kind]} 10px)`
                : STATE_COLORS[segment.kind],
            }}
          />
        );
      })}
      <span
        className="absolute top-[5px] text-2xs leading-4 whitespace-nowrap text-ink-3"
        style={right > 0.88 ? { right: `calc(${(1 - left) * 100}% + 5px)` } : { left: `calc(${right * 100}% + 5px)` }}
      >
        {right > 0.88 && left < 0.12 ? '' : duration(took)}
      </span>
    </>
  );
}
