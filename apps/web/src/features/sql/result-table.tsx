import type { SqlAnswer } from '@champion/contract';
import { useMemo } from 'react';
import { DataTable } from '../../ui/data-table.tsx';
import { cellText, isNumeric, widthOf } from './cells.ts';

export interface ResultTableProps {
  readonly label: string;
  readonly columns: SqlAnswer['columns'];
  readonly rows: SqlAnswer['rows'];
}

interface Numbered {
  readonly index: number;
  readonly values: readonly unknown[];
}

/** Rows as the warehouse gave them, every digit of them; drawn only where they are seen. */
export function ResultTable({ label, columns, rows }: ResultTableProps) {
  const shown = useMemo(
    () =>
      columns.map((column, at) => ({
        id: `${at}:${column.name}`,
        header: (
          <span className="normal-case" title={`${column.name}: ${column.type}`}>
            {column.name}
          </span>
        ),
        width: `${widthOf(column, rows, at)}px`,
        align: isNumeric(column.type) ? ('end' as const) : ('start' as const),
        cell: ({ values }: Numbered) => {
          const value = values[at];
          if (value === null || value === undefined) return <span className="text-ink-3">null</span>;
          const text = cellText(value);
          return (
            <span className="figures" title={text.length > 24 ? text : undefined}>
              {text}
            </span>
          );
        },
      })),
    [columns, rows],
  );
  return (
    <DataTable<Numbered>
      label={label}
      columns={[
        {
          id: '#',
          header: '#',
          width: '52px',
          align: 'end',
          cell: ({ index }) => <span className="text-xs text-ink-3">{index + 1}</span>,
        },
        ...shown,
      ]}
      count={rows.length}
      row={(index) => ({ index, values: rows[index] ?? [] })}
      rowHeight={26}
    />
  );
}
