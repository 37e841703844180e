import { type KeyboardEvent, memo, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { count } from '../../lib/numbers.ts';
import { dayBounds, dayName } from '../../lib/time.ts';
import { cx } from '../../ui/class-names.ts';
import { type Cell, layOut, type Month, nextGap, type Session, step, type Year } from './heat-map.ts';
import { OutcomeGlyph } from './outcome-mark.tsx';
import { MARK_LABELS } from './outcomes.ts';

const PITCH = 17;
const SIZE = 14;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface CoverageCalendarProps {
  readonly sessions: readonly Session[];
  /** The place of the session that is looked at; -1 for none. */
  readonly selected: number;
  readonly onSelect: (session: Session) => void;
  /** A session was clicked, or Enter pressed on it: its details are wanted. */
  readonly onOpen: (session: Session) => void;
}

/**
 * A row per year, of twelve small calendars; a shape per session. Arrow keys go a session or a week, Page Up and Page Down
 * four weeks, Home and End to the ends, "n" to the next gap.
 */
export function CoverageCalendar({ sessions, selected, onSelect, onOpen }: CoverageCalendarProps) {
  const years = useMemo(() => layOut(sessions), [sessions]);
  const list = useRef<HTMLDivElement>(null);
  const here = sessions[selected];

  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && here !== undefined) onOpen(here);
    const next = event.key === 'n' ? nextGap(sessions, selected) : step(sessions, selected, event.key);
    const session = next === undefined ? undefined : sessions[next];
    if (session === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    onSelect(session);
  };

  useEffect(() => {
    if (here === undefined || !list.current?.contains(document.activeElement)) return;
    document.getElementById(cellId(here))?.scrollIntoView({ block: 'nearest' });
  }, [here]);

  return (
    <div
      ref={list}
      role="listbox"
      tabIndex={0}
      aria-label="Sessions"
      aria-activedescendant={here === undefined ? undefined : cellId(here)}
      onKeyDown={press}
      className="flex flex-col rounded-md outline-offset-4"
    >
      {years.map((year) => (
        <YearRow
          key={year.year}
          year={year}
          selected={here?.date.startsWith(`${year.year}-`) ? here.date : undefined}
          onSelect={onOpen}
        />
      ))}
    </div>
  );
}

function cellId({ date }: Session): string {
  return `session-${date}`;
}

interface YearRowProps {
  readonly year: Year;
  readonly selected: string | undefined;
  readonly onSelect: (session: Session) => void;
}

/** Thirty years are 8,000 shapes: those of a year are drawn once it comes near the window, or is where the keys are. */
const YearRow = memo(function YearRow({ year, selected, onSelect }: YearRowProps) {
  const row = useRef<HTMLDivElement>(null);
  const near = useNear(row) || selected !== undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options of a list box
    <div
      role="group"
      aria-label={String(year.year)}
      ref={row}
      className="flex flex-col gap-1 border-t border-line py-3 first:border-t-0 first:pt-0 sm:flex-row sm:gap-4"
    >
      <div className="w-16 shrink-0 max-sm:flex max-sm:w-auto max-sm:items-baseline max-sm:gap-3">
        <p className="text-lg font-semibold">{year.year}</p>
        <p className="text-xs text-ink-3">{year.sessions} sessions</p>
        <p className="text-xs text-ink-3">{year.gaps === 0 ? 'no gap' : `${year.gaps} to load`}</p>
      </div>
      <div className={cx('flex min-w-0 grow flex-wrap gap-x-3.5 gap-y-2', !near && 'min-h-90 sm:min-h-57')}>
        {(near ? year.months : []).map((month) => (
          <MonthBlock
            key={month.month}
            month={month}
            selected={selected !== undefined && Number(selected.slice(5, 7)) === month.month ? selected : undefined}
            onSelect={onSelect}
          />
        ))}
      </div>
    </div>
  );
});

/** Whether an element is, or has been, in the window or not far from it. */
function useNear(of: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = of.current;
    if (element === null || near) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: '300px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [of, near]);
  return near;
}

interface MonthBlockProps {
  readonly month: Month;
  readonly selected: string | undefined;
  readonly onSelect: (session: Session) => void;
}

const MonthBlock = memo(function MonthBlock({ month, selected, onSelect }: MonthBlockProps) {
  const width = month.columns * PITCH - (PITCH - SIZE) + 4;
  const height = month.rows * PITCH - (PITCH - SIZE) + 4;
  return (
    <div role="presentation">
      <p className="label-caps pb-0.5 pl-0.5">{MONTHS[month.month - 1]}</p>
      <svg width={width} height={height} role="presentation" className="block">
        <g transform="translate(2 2)">
          {month.cells.map((cell) => (
            <SessionCell key={cell.date} cell={cell} selected={cell.date === selected} onSelect={onSelect} />
          ))}
        </g>
      </svg>
    </div>
  );
});

interface SessionCellProps {
  readonly cell: Cell;
  readonly selected: boolean;
  readonly onSelect: (session: Session) => void;
}

function SessionCell({ cell, selected, onSelect }: SessionCellProps) {
  const name = dayName(dayBounds(cell.date).from);
  const words = `${name}: ${MARK_LABELS[cell.mark]}${cell.rows === null ? '' : `, ${count(cell.rows)} rows`}`;
  return (
    <g
      id={cellId(cell)}
      role="option"
      aria-selected={selected}
      aria-label={words}
      transform={`translate(${cell.column * PITCH} ${cell.row * PITCH})`}
      onClick={() => onSelect(cell)}
      className="cursor-pointer hover:opacity-70"
    >
      <title>{words}</title>
      <rect x="-1.5" y="-1.5" width={PITCH} height={PITCH} fill="transparent" />
      <OutcomeGlyph mark={cell.mark} />
      {selected ? (
        <rect
          x="-1.75"
          y="-1.75"
          width={SIZE + 3.5}
          height={SIZE + 3.5}
          rx="3"
          fill="none"
          stroke="var(--color-ink)"
          strokeWidth="1.5"
        />
      ) : null}
    </g>
  );
}
