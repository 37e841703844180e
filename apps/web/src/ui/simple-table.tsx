import type { ReactNode } from 'react';
import { cx } from './class-names.ts';
import { ScrollX } from './scroll-x.tsx';

interface SimpleColumn<T> {
  readonly id: string;
  readonly header: ReactNode;
  readonly cell: (row: T) => ReactNode;
  readonly align?: 'start' | 'end';
  /** Classes of its cells: widths, and what a phone leaves out ("hidden sm:table-cell"). */
  readonly className?: string;
}

export interface SimpleTableProps<T> {
  readonly caption: string;
  readonly columns: readonly SimpleColumn<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
}

/** A real table, whole: for up to some hundred rows. More belong into a DataTable. */
export function SimpleTable<T>({ caption, columns, rows, rowKey }: SimpleTableProps<T>) {
  return (
    <ScrollX label={caption}>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={cx(
                  'label-caps h-7 px-3 first:pl-3 last:pr-3',
                  column.align === 'end' ? 'text-right' : 'text-left',
                  column.className,
                )}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b border-line last:border-0 hover:bg-hover">
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={cx('h-7.5 px-3 py-1', column.align === 'end' && 'text-right', column.className)}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
