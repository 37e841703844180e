import type { LogLevel, RunLog } from '@champion/contract';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { clockTime } from '../../lib/time.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { useSlots } from '../../ui/slots.ts';
import { useWidth } from '../../ui/use-width.ts';
import { rowsOf, textOf } from './log-text.ts';

/** Height of a row of text, in pixels. */
const ROW = 20;
/** What stands before the text, with its gaps and edges, in pixels: as the classes of `Line` have it. */
const BEFORE = { wide: 232, narrow: 72 };
/** A scroll bar and what rounding takes. */
const SLACK = 12;
const NARROW = 640;

interface LogLinesProps {
  readonly lines: readonly RunLog[];
  /** Names of tasks by the task run's id. */
  readonly names: ReadonlyMap<string, string>;
  readonly pointed: number | undefined;
  /** Stays at the end as it grows, until one scrolls up. */
  readonly follow: boolean;
  readonly onPoint: (line: number) => void;
}

/** Lines of a log, of which only those are drawn that are seen. */
export function LogLines({ lines, names, pointed, follow, onPoint }: LogLinesProps) {
  const scroller = useRef<HTMLElement>(null);
  const [following, setFollowing] = useState(follow);
  const width = useWidth(scroller);
  const columns = useColumns(scroller, width);
  const rows = useMemo(() => {
    // Once for each line and width: the virtualizer asks for all of them whenever one is added.
    const known = new WeakMap<RunLog, number>();
    return (line: RunLog) => {
      const counted = known.get(line) ?? rowsOf(textOf(line, nameOf(line, names)), columns);
      known.set(line, counted);
      return counted;
    };
  }, [columns, names]);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const line = lines[index];
      return line === undefined ? ROW : ROW * rows(line);
    },
    overscan: 20,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other columns are other heights
  useEffect(() => virtualizer.measure(), [virtualizer, columns, names]);
  useEffect(() => {
    if (following && lines.length > 0) virtualizer.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [following, lines.length, virtualizer]);
  // Once, when the line that the address points at has been read.
  const arrived = useRef<number>(undefined);
  useEffect(() => {
    if (pointed === undefined || arrived.current === pointed) return;
    const at = lines.findIndex((line) => line.id === pointed);
    if (at < 0) return;
    arrived.current = pointed;
    virtualizer.scrollToIndex(at, { align: 'center' });
  }, [pointed, lines, virtualizer]);
  const items = virtualizer.getVirtualItems();
  const slot = useSlots(items.length);
  const latest = useRef(onPoint);
  latest.current = onPoint;
  const point = useCallback((id: number) => {
    arrived.current = id;
    latest.current(id);
  }, []);

  return (
    <div className="relative flex min-h-0 grow flex-col">
      <section
        ref={scroller}
        aria-label="Log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          if (follow) setFollowing(scrollHeight - scrollTop - clientHeight < ROW * 2);
        }}
        className="min-h-0 grow overflow-x-hidden overflow-y-auto rounded-lg border border-line bg-surface font-mono text-[11.5px] leading-[20px]"
      >
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const line = lines[item.index];
            return line === undefined ? null : (
              <Line
                key={slot(item.index)}
                line={line}
                task={nameOf(line, names)}
                top={item.start}
                pointed={line.id === pointed}
                onPoint={point}
              />
            );
          })}
        </div>
      </section>
      {follow && !following ? (
        <span className="absolute right-4 bottom-3">
          <Button icon="down" onClick={() => setFollowing(true)}>
            To the end
          </Button>
        </span>
      ) : null}
    </div>
  );
}

function nameOf(line: RunLog, names: ReadonlyMap<string, string>): string | undefined {
  return line.task_run_id === null ? undefined : names.get(line.task_run_id);
}

/** How many characters of the log's face stand side by side. */
function useColumns(of: { readonly current: HTMLElement | null }, width: number): number {
  return useMemo(() => {
    const context = document.createElement('canvas').getContext('2d');
    if (of.current === null || context === null || width === 0) return 120;
    const { fontSize, fontFamily } = getComputedStyle(of.current);
    context.font = `${fontSize} ${fontFamily}`;
    const character = context.measureText('0'.repeat(100)).width / 100;
    const before = innerWidth < NARROW ? BEFORE.narrow : BEFORE.wide;
    return Math.max(10, Math.floor((width - before - SLACK) / character));
  }, [of, width]);
}

const levelLook: Readonly<Record<LogLevel, string>> = {
  debug: 'text-ink-3',
  info: 'text-ink-2',
  warn: 'text-late font-semibold',
  error: 'text-failed font-semibold',
};

interface LineProps {
  readonly line: RunLog;
  readonly task: string | undefined;
  readonly top: number;
  readonly pointed: boolean;
  readonly onPoint: (id: number) => void;
}

const Line = memo(function Line({ line, task, top, pointed, onPoint }: LineProps) {
  const text = textOf(line, task);
  return (
    <div
      className={cx(
        'absolute inset-x-0 flex gap-x-[12px] border-l-2 px-[8px] [contain:layout_paint_style] hover:bg-hover',
        pointed ? 'border-accent bg-selected' : 'border-transparent',
      )}
      style={{ top }}
    >
      <button
        type="button"
        onClick={() => onPoint(line.id)}
        title={`Line ${line.id}: point the address at it`}
        className="w-[48px] shrink-0 self-start text-right text-ink-3 hover:text-accent hover:underline max-sm:hidden"
      >
        {line.id}
      </button>
      <span className="w-[90px] shrink-0 text-ink-3 max-sm:hidden">{clockTime(line.at, 'millisecond')}</span>
      <span className={cx('w-[40px] shrink-0', levelLook[line.level])}>{line.level.toUpperCase()}</span>
      <span className="min-w-0 break-all whitespace-pre-wrap">
        <span className="text-ink-3">{text.task}</span>
        <span className={line.level === 'debug' ? 'text-ink-3' : 'text-ink'}>{text.message}</span>
        <span className="text-ink-3">{text.fields}</span>
      </span>
    </div>
  );
});
