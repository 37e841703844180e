import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { cx } from './class-names.ts';
import { useSlots } from './slots.ts';
import { useWidth } from './use-width.ts';

export interface Column<T> {
  readonly id: string;
  readonly header: ReactNode;
  readonly cell: (row: T) => ReactNode;
  /** A track of CSS grid: "90px", "minmax(160px, 2fr)". Default: "minmax(80px, 1fr)". */
  readonly width?: string;
  readonly align?: 'start' | 'end';
  /** Left out where the table is narrower than this many pixels. */
  readonly from?: number;
  /** The rows are in the order of this column; its header has the button that changes that. */
  readonly sorted?: 'ascending' | 'descending' | undefined;
}

export interface DataTableProps<T> {
  /** What the table is of, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  /** How many rows there are, loaded or not. */
  readonly count: number;
  /** A row by its place; undefined while it loads. */
  readonly row: (index: number) => T | undefined;
  readonly onOpen?: (row: T) => void;
  /** The places that are seen, when they change: what to load. */
  readonly onRange?: (first: number, last: number) => void;
  readonly rowHeight?: number;
  /** Instead of rows, where there are none. */
  readonly empty?: ReactNode;
  readonly className?: string;
}

/**
 * Rows that are drawn only where they are seen, so that 100,000 of them scroll as smoothly as 10. Up, Down, Page Up, Page
 * Down, Home and End move the selection; Enter opens. It fills the height of a flex column.
 */
export function DataTable<T>({
  label,
  columns,
  count,
  row,
  onOpen,
  onRange,
  rowHeight = 29,
  empty,
  className,
}: DataTableProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const width = useWidth(scroller);
  const shown = useMemo(() => columns.filter(({ from }) => from === undefined || width >= from), [columns, width]);
  // The same function for every row and for good: a row that stays as it is is not drawn again while the table scrolls.
  const opener = useRef(onOpen);
  opener.current = onOpen;
  const choose = useCallback((index: number, data: T | undefined) => {
    setActive(index);
    if (data !== undefined) opener.current?.(data);
  }, []);
  const template = shown.map((column) => column.width ?? 'minmax(80px, 1fr)').join(' ');
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  const items = virtualizer.getVirtualItems();
  const slot = useSlots(items.length);
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onRange?.(first, last), [onRange, first, last]);

  const move = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowHeight) - 2);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    let next = active;
    if (step !== undefined) next = Math.min(count - 1, Math.max(0, active + step));
    else if (event.key === 'Home') next = 0;
    else if (event.key === 'End') next = count - 1;
    else if (event.key === 'Enter' && event.target === event.currentTarget) {
      const chosen = row(active);
      if (chosen !== undefined) onOpen?.(chosen);
      return;
    } else return;
    event.preventDefault();
    setActive(next);
    virtualizer.scrollToIndex(next);
  };

  if (count === 0 && empty !== undefined) return empty;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows are laid out by a grid and drawn in part, which <table> does not do
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-activedescendant={active >= 0 ? `${label}-${active}`.replaceAll(' ', '-') : undefined}
      tabIndex={0}
      onKeyDown={move}
      className={cx('relative min-h-0 grow overflow-auto outline-offset-[-2px]', className)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div
        role="row"
        aria-rowindex={1}
        className="sticky top-0 z-10 grid h-7 min-w-fit items-center gap-x-3 border-b border-line bg-surface px-3"
        style={{ gridTemplateColumns: template }}
      >
        {shown.map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div
            key={column.id}
            role="columnheader"
            aria-sort={column.sorted}
            className={cx('label-caps min-w-0 truncate', column.align === 'end' && 'text-right')}
          >
            {column.header}
          </div>
        ))}
      </div>
      <div role="presentation" style={{ height: virtualizer.getTotalSize() }} className="relative min-w-fit">
        {items.map((item) => {
          const data = row(item.index);
          return (
            <Row
              key={slot(item.index)}
              id={`${label}-${item.index}`.replaceAll(' ', '-')}
              index={item.index}
              data={data}
              columns={shown}
              template={template}
              top={item.start}
              height={rowHeight}
              active={item.index === active}
              opens={onOpen !== undefined}
              onChoose={choose}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps<T> {
  readonly id: string;
  readonly index: number;
  readonly data: T | undefined;
  readonly columns: readonly Column<T>[];
  readonly template: string;
  readonly top: number;
  readonly height: number;
  readonly active: boolean;
  readonly opens: boolean;
  /** Without data: only selected. */
  readonly onChoose: (index: number, data: T | undefined) => void;
}

/** Where a cell will be. At rest, unlike other skeletons: hundreds of them that breathe are too much for a frame. */
function Pending() {
  return <span aria-hidden="true" data-pending="" className="block h-2.5 w-3/5 rounded-sm bg-line" />;
}

const Row = memo(PlainRow) as typeof PlainRow;

function PlainRow<T>({ id, index, data, columns, template, top, height, active, opens, onChoose }: RowProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      onClick={(event) => {
        // A click on a link in the row is the link's.
        const own = (event.target as Element).closest('a, button, input') === null;
        onChoose(index, own ? data : undefined);
      }}
      className={cx(
        'absolute inset-x-0 grid items-center gap-x-3 border-b border-line px-3 text-sm [contain:layout_paint_style]',
        opens && 'cursor-default hover:bg-hover',
        active && 'bg-selected',
      )}
      style={{ height, top, gridTemplateColumns: template }}
    >
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div key={column.id} role="gridcell" className={cx('min-w-0 truncate', column.align === 'end' && 'text-right')}>
          {data === undefined ? <Pending /> : column.cell(data)}
        </div>
      ))}
    </div>
  );
}
